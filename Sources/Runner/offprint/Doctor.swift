import ArgumentParser
import Evaluation
import Foundation

/// Says what is missing on this machine.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is missing on this machine, and the command that installs it."
  )

  func run() throws {
    let findings = Installation.examine()
    for finding in findings {
      let mark = finding.isPresent ? "ok     " : finding.isRequired ? "MISSING" : "absent "
      print("\(mark) \(finding.part)\(finding.isPresent ? "" : ": \(finding.remedy)")")
    }
    let missing = findings.filter { $0.isRequired && !$0.isPresent }.count
    if missing > 0 {
      print("\(missing) required \(missing == 1 ? "part is" : "parts are") missing")
      throw ExitCode(1)
    }
    print("everything that rendering needs is here")
  }
}
