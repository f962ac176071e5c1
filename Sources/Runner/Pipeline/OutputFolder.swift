internal import Foundation
package import Notebook
package import Report

/// The folder where reports land.
///
/// Everything is written beside it first and renamed into place, so that a render that is killed leaves the last good
/// report.
package struct OutputFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Makes the folder and checks that it can be written to.
  ///
  /// - Throws: `NotebookError` with the cause.
  package func prepare() throws(NotebookError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw unwritable("the output folder cannot be made")
    }
    guard access(path, W_OK) == 0 else { throw unwritable("the output folder cannot be written to") }
    // What a killed render left behind.
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where name.hasPrefix(".offprint-") {
      try? FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }

  private func unwritable(_ message: String) -> NotebookError {
    NotebookError(
      Diagnostic(.error, file: path, message, remedy: "choose another folder with '-o', or change its permissions")
    )
  }

  /// Replaces one report: its folder as a whole.
  package func replaceReport(slug: String, files: [OutputFile]) throws(NotebookError) {
    let staging = "\(path)/.offprint-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: staging) }
    do {
      for file in files { try write(file, below: staging) }
      let target = "\(path)/\(slug)"
      if FileManager.default.fileExists(atPath: target) {
        guard rename(target, "\(staging)/.old") == 0 else { throw CocoaError(.fileWriteUnknown) }
      }
      guard rename("\(staging)/\(slug)", target) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      throw NotebookError(
        Diagnostic(
          .error,
          file: "\(path)/\(slug)",
          "the report cannot be written: \(error.localizedDescription)",
          remedy: "check free space and permissions"
        )
      )
    }
  }

  /// Writes files of the site itself, those whose content changed.
  package func update(_ files: [OutputFile]) throws(NotebookError) {
    for file in files {
      let target = "\(path)/\(file.path)"
      if FileManager.default.contents(atPath: target) == Data(file.bytes) { continue }
      do {
        try write(file, below: path)
      } catch {
        throw NotebookError(
          Diagnostic(.error, file: target, "the file cannot be written: \(error.localizedDescription)")
        )
      }
    }
  }

  private func write(_ file: OutputFile, below folder: String) throws {
    let url = URL(fileURLWithPath: "\(folder)/\(file.path)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(file.bytes).write(to: url, options: .atomic)
  }
}
