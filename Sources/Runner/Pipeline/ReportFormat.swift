internal import Notebook
internal import Record
internal import Report

/// A form in which a report is written.
///
/// The page is always there; the others land beside it.
package enum ReportFormat: String, Sendable, Hashable, CaseIterable {
  /// The page itself: `index.html`.
  case html
  /// GitHub-flavoured Markdown with its pictures: `README.md` and `README_files`.
  case markdown
  /// A Jupyter notebook with its outputs.
  case ipynb
  /// The whole record of the run: `record.json`.
  case json
  /// The page as a browser prints it.
  case pdf

  /// The formats that a list such as `html,markdown` names.
  ///
  /// - Throws: `UnknownFormat` for a word that names none.
  package static func list(_ text: String) throws(UnknownFormat) -> Set<ReportFormat> {
    var formats: Set<ReportFormat> = [.html]
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = word.filter { !$0.isWhitespace }.lowercased()
      guard let format = ReportFormat(rawValue: name) else { throw UnknownFormat(name: name) }
      formats.insert(format)
    }
    return formats
  }

  /// A word that names no format.
  package struct UnknownFormat: Error, Sendable, Equatable, CustomStringConvertible {
    package var name: String

    package var description: String {
      let known = ReportFormat.allCases.map(\.rawValue)
      let nearest = suggestion(for: name, among: known)
      return "unknown format '\(name)'\(nearest) (known: \(known.joined(separator: ", ")))"
    }
  }

  /// The files of a format that is made from the record alone; the page and its print are made elsewhere.
  func files(_ notebook: Notebook, _ record: RunRecord, slug: String) -> [OutputFile] {
    switch self {
    case .html, .pdf: []
    case .markdown: MarkdownWriter().write(notebook, record, slug: slug)
    case .ipynb: [JupyterWriter().write(notebook, record, slug: slug)]
    case .json: [RecordWriter().write(notebook, record, slug: slug)]
    }
  }
}
