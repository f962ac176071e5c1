import ArgumentParser
import Foundation
import Record

/// The command line.
///
/// Everything that it does is in libraries; here are words, options and exit statuses.
@main
struct OffprintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "offprint",
    abstract: "Turns Markdown notebooks with Swift cells into static reports.",
    version: EnvironmentRecord.offprintVersion,
    subcommands: [Render.self, Check.self, New.self, Fetch.self, Clean.self, Doctor.self],
    defaultSubcommand: Render.self
  )

  /// Wrong usage ends with status 2, as the manual says; the parser's own choice would be 64.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let code = exitCode(for: error)
      guard code == .validationFailure else { exit(withError: error) }
      FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
      _exit(2)
    }
  }
}
