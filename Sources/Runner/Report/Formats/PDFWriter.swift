package import Foundation

/// Prints a page to PDF with a Chromium that is installed beside Offprint.
package struct PDFWriter: Sendable {
  package enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
    case browserMissing
    case browserFailed(status: Int32, message: String)
    case timedOut(seconds: Int)

    package var description: String {
      switch self {
      case .browserMissing:
        "no Chromium found for PDF output; install the package 'chromium', or name the program in OFFPRINT_CHROMIUM"
      case .browserFailed(let status, let message): "Chromium ended with status \(status): \(message)"
      case .timedOut(let seconds): "Chromium did not print the page within \(seconds) s"
      }
    }
  }

  private let program: String

  /// - Parameter environment: variables of the process: PATH, and OFFPRINT_CHROMIUM where another program is wanted.
  /// - Throws: `browserMissing` when there is no such program.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(Failure) {
    if let named = environment["OFFPRINT_CHROMIUM"] {
      guard FileManager.default.isExecutableFile(atPath: named) else { throw .browserMissing }
      program = named
      return
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    let candidates = folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile) else { throw .browserMissing }
    program = found
  }

  /// Prints the page at one file to another file.
  package func print(_ page: URL, to pdf: URL, timeout seconds: Int = 120) throws {
    let profile = FileManager.default.temporaryDirectory.appendingPathComponent("offprint-pdf-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: profile) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [
      "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--generate-pdf-document-outline",
      "--user-data-dir=\(profile.path)", "--print-to-pdf=\(pdf.path)", page.absoluteString,
    ]
    // A browser's own sandbox refuses to start for the superuser, as in a container; the page is our own and runs nothing.
    if getuid() == 0 { process.arguments?.insert("--no-sandbox", at: 0) }
    let messages = Pipe()
    process.standardError = messages
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let watchdog = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds), execute: watchdog)
    let text = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let isLate = process.terminationReason == .uncaughtSignal && !watchdog.isCancelled
    watchdog.cancel()
    if isLate { throw Failure.timedOut(seconds: seconds) }
    guard process.terminationStatus == 0, FileManager.default.fileExists(atPath: pdf.path) else {
      throw Failure.browserFailed(status: process.terminationStatus, message: text.squeezed(limit: 400))
    }
  }
}
