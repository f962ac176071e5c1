internal import Foundation

extension EnvironmentRecord {
  /// Version of Offprint, as shown in every report.
  package static let offprintVersion = "0.1.0"

  /// The machine that this process runs on; what the toolchain and the notebook add stays empty.
  package static var current: EnvironmentRecord {
    var environment = EnvironmentRecord()
    environment.offprintVersion = offprintVersion
    environment.operatingSystem = value(of: "PRETTY_NAME=", in: "/etc/os-release", separator: "=") ?? "Linux"
    environment.processor = value(of: "model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown"
    environment.cores = ProcessInfo.processInfo.activeProcessorCount
    environment.threads = environment.cores
    environment.linearAlgebra = "OpenBLAS"
    return environment
  }

  private static func value(of key: String, in path: String, separator: Character) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
    return line?.split(separator: separator, maxSplits: 1).last
      .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " \"\t")) }
  }
}
