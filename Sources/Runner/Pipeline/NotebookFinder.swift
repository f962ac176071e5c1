internal import Foundation
package import Notebook

/// Finds the notebooks that a command line names.
package enum NotebookFinder {
  /// The notebooks of some files and folders, in the order of their names.
  ///
  /// - Throws: `NotebookError` for a path that does not exist and a folder without notebooks.
  package static func find(_ paths: [String]) throws(NotebookError) -> [String] {
    var found: [String] = []
    var diagnostics: [Diagnostic] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        let what = path.hasSuffix(".md") ? "file" : "file or folder"
        diagnostics.append(
          Diagnostic(
            .error,
            file: path,
            "there is no such \(what)",
            remedy: "check the path; 'offprint new NAME' makes a new notebook"
          )
        )
        continue
      }
      guard isFolder.boolValue else {
        found.append(path)
        continue
      }
      let notebooks = notebooks(in: path)
      if notebooks.isEmpty {
        diagnostics.append(
          Diagnostic(
            .error,
            file: path,
            "the folder holds no notebook (a file whose name ends in .md)",
            remedy: "'offprint new NAME' makes one to start from"
          )
        )
      }
      found += notebooks
    }
    if !diagnostics.isEmpty { throw NotebookError(diagnostics) }
    return found
  }

  /// Markdown files of a folder and the folders in it; hidden ones and readme files are no notebooks.
  private static func notebooks(in folder: String) -> [String] {
    let names = (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String]) ?? []
    return names.filter { name in
      let parts = name.split(separator: "/")
      return name.hasSuffix(".md") && !parts.contains { $0.hasPrefix(".") || $0.hasPrefix("_") }
        && parts.last?.lowercased() != "readme.md"
    }.sorted().map { folder.hasSuffix("/") ? folder + $0 : folder + "/" + $0 }
  }
}
