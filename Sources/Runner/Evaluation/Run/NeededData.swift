internal import Foundation
internal import Notebook

/// What a notebook's front matter names under `data`: files beside it, or data sets, which must be at hand before anything runs.
struct NeededData {
  private let notebook: Notebook
  private let folders: [String]

  /// `folder` is the notebook's own.
  init(_ notebook: Notebook, folder: String, cache: String) {
    self.notebook = notebook
    folders = [folder] + Installation.dataFolders(cache: cache)
  }

  /// - Throws: `NotebookError` with all that is missing.
  func check() throws(NotebookError) {
    let missing = notebook.frontMatter.data.filter { name in
      !folders.contains { Installation.isFile("\($0)/\(name)") }
    }
    guard !missing.isEmpty else { return }
    let lines = notebook.source.split(omittingEmptySubsequences: false) { $0.isNewline }
    let line = (lines.firstIndex { $0.hasPrefix("data:") } ?? 0) + 1
    throw NotebookError(
      missing.map { name in
        Diagnostic(
          .error,
          file: notebook.path,
          range: SourceRange(line: line, column: 1),
          "the data '\(name)' are not at hand (searched \(folders.map { "\($0)/\(name)" }.joined(separator: ", ")))",
          remedy: "run 'offprint fetch \(name)', or name the folder that holds them in OFFPRINT_DATA"
        )
      }
    )
  }
}
