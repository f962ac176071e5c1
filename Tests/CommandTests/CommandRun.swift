import Foundation
import Testing

/// Runs the real command in a folder of its own, as a user would.
struct CommandRun {
  var status: Int32
  var output: String
  var errors: String

  /// A folder with some files, and a cache that all tests share (compiling the same modules again proves nothing).
  final class Place {
    let folder: URL

    init(_ files: [String: String] = [:]) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "offprint-test-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for (name, text) in files { try write(name, Data(text.utf8)) }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ name: String, _ data: Data) throws {
      let url = folder.appending(path: name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url)
    }

    func text(_ name: String) -> String {
      (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }

    func data(_ name: String) -> Data? { try? Data(contentsOf: folder.appending(path: name)) }

    /// The notebook that `offprint new` writes.
    static func starter() throws -> String? {
      let place = try Place()
      _ = try place.run("new", "n")
      return place.text("Notebooks/n.md")
    }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.appending(path: name).path) }

    /// Runs `offprint` here.
    func run(_ arguments: String..., environment: [String: String] = [:]) throws -> CommandRun {
      try run(arguments, environment: environment)
    }

    /// The same with a list of arguments.
    func run(_ arguments: [String], environment: [String: String] = [:]) throws -> CommandRun {
      try CommandRun(arguments, folder: folder, environment: environment)
    }
  }

  /// Runs `offprint` in a folder.
  static func launch(_ arguments: [String], in folder: URL) throws -> CommandRun {
    try CommandRun(arguments, folder: folder, environment: [:])
  }

  private init(_ arguments: [String], folder: URL, environment: [String: String]) throws {
    let process = Process()
    process.executableURL = try Self.program()
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var all = ProcessInfo.processInfo.environment
    all["OFFPRINT_CACHE"] = FileManager.default.temporaryDirectory.appending(path: "offprint-test-cache").path
    process.environment = all.merging(environment) { $1 }
    // Files, not pipes: a pipe that nobody reads would stop a command that prints much.
    let (outputURL, errorURL) = (folder.appending(path: ".stdout"), folder.appending(path: ".stderr"))
    for url in [outputURL, errorURL] { try Data().write(to: url) }
    process.standardOutput = try FileHandle(forWritingTo: outputURL)
    process.standardError = try FileHandle(forWritingTo: errorURL)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = String(decoding: try Data(contentsOf: outputURL), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: errorURL), as: UTF8.self)
  }

  /// The command of the build that these tests belong to.
  static func program() throws -> URL {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../.build/release")
    let candidates = [bundle, own, source.standardizedFileURL].map { $0.appending(path: "offprint") }
    return try #require(candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) })
  }
}
