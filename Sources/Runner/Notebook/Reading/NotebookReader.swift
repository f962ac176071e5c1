internal import Foundation

/// Reads a notebook file into the document model.
package enum NotebookReader {
  /// Largest file that is read, in bytes: the Markdown parser has inputs on which it is quadratic.
  static let largestFile = 4 << 20

  /// Reads and parses a file.
  ///
  /// - Throws: `NotebookError` with place, cause and remedy of everything that is wrong.
  package static func read(path: String) throws(NotebookError) -> Notebook {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw NotebookError(
        Diagnostic(
          .error,
          file: path,
          exists ? "the file cannot be read" : "there is no such file",
          remedy: exists ? "check its permissions" : "check the path; 'offprint new NAME' makes a new notebook"
        )
      )
    }
    return try parse(Array(data), path: path)
  }

  /// Parses the bytes of a notebook.
  ///
  /// - Throws: `NotebookError` when the bytes are no UTF-8 text, too large, or the front matter or an option is wrong.
  package static func parse(_ bytes: [UInt8], path: String) throws(NotebookError) -> Notebook {
    guard bytes.count <= largestFile else {
      throw NotebookError(
        Diagnostic(
          .error,
          file: path,
          "the file has \(bytes.count) bytes; a notebook may have at most \(largestFile)",
          remedy: "split it, or move data into files that a cell reads"
        )
      )
    }
    let text = try decode(bytes, path: path)
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw NotebookError(
        Diagnostic(
          .error,
          file: path,
          "the file is empty",
          remedy: "'offprint new NAME' makes a notebook to start from"
        )
      )
    }
    let source = SourceText(path: path, text)
    let (frontMatter, bodyLine) = try FrontMatterReader.read(source)
    let document = try MarkdownReader.read(source, from: bodyLine)
    var notebook = Notebook(
      path: path,
      source: text,
      frontMatter: frontMatter ?? FrontMatter(title: ""),
      blocks: document.blocks,
      cells: document.cells,
      expressions: document.expressions,
      footnotes: document.footnotes,
      diagnostics: document.diagnostics
    )
    if notebook.frontMatter.title.isEmpty { notebook.frontMatter.title = notebook.firstHeading ?? fileName(path) }
    try checkLabels(notebook)
    return notebook
  }

  /// Parses Markdown that a cell made: prose only, nothing in it runs.
  package static func parseFragment(_ markdown: String, path: String) -> [Block] {
    let source = SourceText(path: path, markdown)
    return (try? MarkdownReader.read(source, from: 1, runsCells: false))?.blocks
      ?? [
        Block(
          .paragraph([Inline(.text(markdown), range: SourceRange(line: 1, column: 1))]),
          range: SourceRange(line: 1, column: 1)
        )
      ]
  }

  private static func decode(_ bytes: [UInt8], path: String) throws(NotebookError) -> String {
    var body = bytes[...]
    if body.starts(with: [0xEF, 0xBB, 0xBF]) { body = body.dropFirst(3) }
    guard let text = String(validating: body, as: UTF8.self) else {
      let (line, column) = firstInvalidByte(body)
      throw NotebookError(
        Diagnostic(
          .error,
          file: path,
          range: SourceRange(line: line, column: column),
          "the file is not UTF-8 text",
          remedy: "save it as UTF-8, for instance with 'iconv -f latin1 -t utf-8'"
        )
      )
    }
    return text
  }

  /// Line and column of the first byte that does not belong to a UTF-8 character.
  private static func firstInvalidByte(_ bytes: ArraySlice<UInt8>) -> (line: Int, column: Int) {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var (line, column) = (1, 1)
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue("\n"): (line, column) = (line + 1, 1)
      case .scalarValue: column += 1
      case .emptyInput, .error: return (line, column)
      }
    }
  }

  private static func fileName(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  private static func checkLabels(_ notebook: Notebook) throws(NotebookError) {
    var first: [String: Int] = [:]
    var diagnostics: [Diagnostic] = []
    for cell in notebook.cells {
      guard let label = cell.options.label else { continue }
      let range = cell.options.ranges["label"] ?? cell.range
      if let line = first[label] {
        diagnostics.append(
          Diagnostic(
            .error,
            file: notebook.path,
            range: range,
            "two cells have the label '\(label)'",
            remedy: "rename one of them; the first stands on line \(line)"
          )
        )
      } else {
        first[label] = range.start.line
      }
    }
    if !diagnostics.isEmpty { throw NotebookError(diagnostics) }
  }
}

extension Notebook {
  /// Text of the first level-one heading.
  fileprivate var firstHeading: String? {
    for block in blocks {
      if case .heading(level: 1, let content, _) = block.kind { return content.plainText }
    }
    return nil
  }
}
