import ArgumentParser
import Foundation
import Notebook

/// Makes a new notebook.
struct New: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Make a new notebook to start from.")

  @Argument(help: "Name of the notebook, or path of its file.")
  var name: String

  func run() throws {
    let path = name.hasSuffix(".md") ? name : (name.contains("/") ? name + ".md" : "Notebooks/\(name).md")
    guard !FileManager.default.fileExists(atPath: path) else {
      FileHandle.standardError.write(
        Data("\(path): error: the file exists already\n  help: choose another name\n".utf8)
      )
      throw ExitCode(2)
    }
    let url = URL(fileURLWithPath: path)
    let title = url.deletingPathExtension().lastPathComponent
    do {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Starter.text(title: title).write(to: url, atomically: true, encoding: .utf8)
    } catch {
      FileHandle.standardError.write(
        Data("\(path): error: the file cannot be written: \(error.localizedDescription)\n".utf8)
      )
      throw ExitCode(2)
    }
    print("made \(path); render it with: offprint render \(path)")
  }
}
