internal import Display
internal import Notebook
internal import Record

/// Writes the body of one page: prose, cells and end matter, and the files that stand beside it.
///
/// One value writes one page; what it needs to know about numbers and names stands in `plan`.
struct PageRenderer {
  let notebook: Notebook
  let record: RunRecord
  let options: ReportOptions
  let plan: Plan
  let math: MathRenderer
  let bibliography: Bibliography
  let slug: String
  /// Gives the bytes of a file that the notebook names, relative to its folder; nil where there is none.
  let readFile: (String) -> [UInt8]?

  var html = ""
  var files: [OutputFile] = []
  var diagnostics: [Diagnostic] = []
  /// Positions in the plan's lists, moved on as the blocks are written in the plan's order.
  var cursor = Cursor()
  /// Names of places from which a work is cited or a footnote is called, for the links back.
  var citationMarks: [String: [String]] = [:]
  var footnoteMarks: [String: [String]] = [:]
  /// Levels of the sections that are open.
  var openSections: [Int] = []
  /// Titles of sections so far, and those that the page itself adds.
  var sectionTitles: Set<String> = [
    "Abstract", "At a glance", "Limitations", "Deviations from the paper", "References", "Notes", "How to cite",
    "Provenance",
    "Downloads",
  ]
  var imageCount = 0
  var dataCount = 0
  /// Files that hold the data of each figure and table, for the list of downloads.
  var downloads: [(title: String, paths: [String])] = []
  /// The text for searching, by section.
  var searchSections: [SearchSection] = []
  var searchText = ""

  struct Cursor {
    var heading = 0
    var callout = 0
    var table = 0
    var equation = 0
  }

  init(
    notebook: Notebook,
    record: RunRecord,
    options: ReportOptions,
    plan: Plan,
    math: MathRenderer,
    bibliography: Bibliography,
    slug: String,
    readFile: @escaping (String) -> [UInt8]?
  ) {
    self.notebook = notebook
    self.record = record
    self.options = options
    self.plan = plan
    self.math = math
    self.bibliography = bibliography
    self.slug = slug
    self.readFile = readFile
  }

  /// Writes the notebook's text from the first block to the last.
  mutating func writeBody() {
    for block in Planner.body(of: notebook) { write(block, depth: 0) }
    closeSections(downTo: 0)
    endSearchSection()
  }

  mutating func warn(_ range: SourceRange?, _ message: String, remedy: String? = nil) {
    warn(.warning, range, message, remedy: remedy)
  }

  mutating func warn(
    _ severity: Diagnostic.Severity,
    _ range: SourceRange?,
    _ message: String,
    remedy: String? = nil
  ) {
    // Places in text that a cell made are not places in the notebook: line 0 stands for "none".
    let place = range.flatMap { $0.start.line > 0 ? $0 : nil }
    diagnostics.append(Diagnostic(severity, file: notebook.path, range: place, message, remedy: remedy))
  }

  /// Keeps a file beside the page and returns its address, or the bytes themselves where the page holds everything.
  mutating func attach(_ name: String, _ bytes: [UInt8], type: String) -> String {
    if options.isSelfContained { return "data:\(type);base64,\(bytes.base64)" }
    return store(name, bytes)
  }

  /// Lists a file under the figure or table whose data it holds.
  mutating func addDownload(_ title: String, _ path: String) {
    if downloads.last?.title == title {
      downloads[downloads.count - 1].paths.append(path)
    } else {
      downloads.append((title, [path]))
    }
  }

  /// Keeps a file beside the page under its name, or under a numbered one where that is taken.
  mutating func store(_ name: String, _ bytes: [UInt8]) -> String {
    var path = name
    var number = 1
    while let other = files.first(where: { $0.path == path }) {
      if other.bytes == bytes { return path }
      number += 1
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      path = "\(parts[0])-\(number)" + (parts.count > 1 ? "." + parts[1] : "")
    }
    files.append(OutputFile(path: path, bytes: bytes))
    return path
  }
}

/// The text of one section, for the search index.
package struct SearchSection: Sendable, Hashable, Codable {
  /// Name of the place in the page; empty for the top.
  package var id: String
  package var title: String
  package var text: String

  package init(id: String, title: String, text: String) {
    self.id = id
    self.title = title
    self.text = text
  }
}

extension PageRenderer {
  /// Closes the section whose text was gathered for searching.
  mutating func endSearchSection() {
    guard let last = searchSections.indices.last else { return }
    searchSections[last].text += searchText
    searchText = ""
  }

  mutating func addSearchText(_ text: String) {
    guard !text.isEmpty, searchText.utf8.count < 200_000 else { return }
    searchText += searchText.isEmpty ? text : " " + text
  }
}
