import Notebook
import Testing

@Suite("Errors in notebooks")
struct ReadingErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var source: String
    var message: String
    var testDescription: String { name }
  }

  @Test("name place, cause and remedy", arguments: cases)
  func message(_ example: Case) {
    let error = #expect(throws: NotebookError.self) {
      try NotebookReader.parse(Array(example.source.utf8), path: "n.md")
    }
    let text = error?.diagnostics.map { DiagnosticText().text($0) }.joined(separator: "\n")
    #expect(text == example.message)
  }

  static let cases: [Case] = [
    Case(
      name: "empty file",
      source: " \n",
      message: "n.md: error: the file is empty\n  help: 'offprint new NAME' makes a notebook to start from"
    ),
    Case(
      name: "broken YAML",
      source: "---\ntitle: T\nauthors: [a, b\n---\n",
      message: "n.md:4:1: error: broken YAML: did not find expected ',' or ']'\n"
        + "  help: check indentation, quotes and the colon after the key"
    ),
    Case(
      name: "open front matter",
      source: "---\ntitle: T\n",
      message: "n.md:1:1: error: the front matter is not closed\n  help: end it with a line that holds only '---'"
    ),
    Case(
      name: "unknown key",
      source: "---\ntitel: T\n---\n",
      message: "n.md:2:1: error: unknown key 'titel' in front matter; did you mean 'title'? (known: abstract, authors, "
        + "bibliography, data, date, execute, language, paper, params, profiles, subtitle, tags, title)"
    ),
    Case(
      name: "key given twice",
      source: "---\ntitle: T\ntitle: U\n---\n",
      message: "n.md:2:1: error: the key 'title' stands twice\n  help: keep one of them"
    ),
    Case(
      name: "unknown cell option",
      source: "text\n\n```swift\n//| captoin: x\n1\n```\n",
      message: "n.md:4:5: error: unknown key 'captoin' in cell options; did you mean 'caption'? (known: alt, caption, "
        + "echo, error, eval, include, label, layout, output, subcaptions, timeout)"
    ),
    Case(
      name: "wrong value of an option",
      source: "```swift\n//| echo: maybe\n1\n```\n",
      message: "n.md:2:11: error: 'echo' must be one of true, false, fold, found 'maybe'"
    ),
    Case(
      name: "wrong time",
      source: "```swift\n//| timeout: soon\n1\n```\n",
      message: "n.md:2:14: error: 'timeout' must be a time such as 120s or 5m, found 'soon'"
    ),
    Case(
      name: "two cells with one label",
      source: "```swift\n//| label: a\n1\n```\n\n```swift\n//| label: a\n2\n```\n",
      message: "n.md:7:12: error: two cells have the label 'a'\n  help: rename one of them; the first stands on line 2"
    ),
    Case(
      name: "wrong label",
      source: "```swift\n//| label: 1 b\n1\n```\n",
      message: "n.md:2:12: error: '1 b' cannot be a label\n"
        + "  help: use letters, digits, '-' and '_', beginning with a letter"
    ),
    Case(
      name: "profile with an unknown parameter",
      source: "---\nparams: {steps: 1}\nprofiles: {full: {step: 2}}\n---\n",
      message: "n.md:3:19: error: unknown key 'step' in profile 'full'; did you mean 'steps'? (known: steps)"
    ),
    Case(
      name: "profile with a wrong type",
      source: "---\nparams: {steps: 1}\nprofiles: {full: {steps: many}}\n---\n",
      message: "n.md:3:26: error: parameter 'steps' is of type Int by its default in 'params'"
    ),
    Case(
      name: "parameter named by a keyword",
      source: "---\nparams: {let: 1}\n---\n",
      message: "n.md:2:15: error: 'let' cannot be the name of a parameter\n  help: use a Swift identifier"
    ),
    Case(
      name: "wrong date",
      source: "---\ndate: 31.1.2026\n---\n",
      message: "n.md:2:7: error: expected a date such as 2026-01-31, found '31.1.2026'"
    ),
    Case(
      name: "empty inline expression",
      source: "a `{swift}` b\n",
      message: "n.md:1:4: error: the inline expression is empty\n  help: write an expression behind '{swift}'"
    ),
    Case(
      name: "nesting without end",
      source: String(repeating: ">", count: 300) + " deep\n",
      message: "n.md:1:1: error: nested more than 100 levels deep\n  help: flatten the lists and quotes here"
    ),
  ]

  @Test("a file that is not UTF-8 is refused at its first wrong byte")
  func encoding() {
    let error = #expect(throws: NotebookError.self) {
      try NotebookReader.parse(Array("ab\nc".utf8) + [0xE9, 0x20], path: "n.md")
    }
    #expect(error?.diagnostics.first?.range == SourceRange(line: 2, column: 2))
    #expect(error?.diagnostics.first?.message == "the file is not UTF-8 text")
  }

  @Test("a table that would take quadratic time is refused by its line")
  func hugeTable() {
    let header = String(repeating: "|a", count: 5000) + "|\n" + String(repeating: "|-", count: 5000) + "|\n"
    let error = #expect(throws: NotebookError.self) {
      try NotebookReader.parse(Array((header + String(repeating: "x\n", count: 2000)).utf8), path: "n.md")
    }
    #expect(error?.diagnostics.first?.range?.start.line == 2)
  }

  @Test("a file of more than 4 MiB is refused")
  func hugeFile() {
    #expect(throws: NotebookError.self) {
      try NotebookReader.parse([UInt8](repeating: 0x61, count: 5 << 20), path: "n.md")
    }
  }

  @Test(
    "the nearest known name is suggested, and none where nothing is near",
    arguments: [("captoin", "caption"), ("lable", "label"), ("echoe", "echo"), ("xyzzy", nil)]
  )
  func nearest(_ name: String, _ expected: String?) {
    #expect(nearestName(to: name, among: ["caption", "label", "echo", "alt"]) == expected)
  }
}
