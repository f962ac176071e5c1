import Notebook
import Testing

@Suite("Reading Markdown")
struct ReadingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var source: String
    var tree: String
    var testDescription: String { name }
  }

  @Test("gives the tree that CommonMark and the notebook format say", arguments: cases)
  func tree(_ example: Case) throws {
    let notebook = try NotebookReader.parse(Array(example.source.utf8), path: "n.md")
    #expect(TreeDump.text(notebook) == example.tree)
  }

  static let cases: [Case] = [
    Case(
      name: "headings, emphasis and attributes",
      source: "# A *b* {#top}\n\n## C\n\ntext **bold** ~~gone~~ `x`\nmore\n",
      tree: "h1 #top A <em b> @1:1\nh2 C @3:1\np text <strong bold> <del gone> <code x>⏎more @5:1"
    ),
    Case(
      name: "inline formulas keep their backslashes and stars",
      source: "a $x*y*z_1$ b $\\{q\\}$ and 5$ or 6$.\n",
      tree: "p a <math x*y*z_1 @1:3> b <math \\{q\\} @1:15> and 5$ or 6$. @1:1"
    ),
    Case(
      name: "an escaped dollar opens nothing",
      source: "costs \\$5 and $6 and `$x$`\n",
      tree: "p costs $5 and $6 and <code $x$> @1:1"
    ),
    Case(
      name: "a formula on several lines with a label",
      source: "before\n\n$$\na &= b \\\\\n}\n$$ {#eq-one}\n\nafter\n",
      tree: "p before @1:1\nmath eq-one \"\\na &= b \\\\\\\\\\n}\\n\" @3:1\np after @8:1"
    ),
    Case(
      name: "a displayed formula splits its paragraph",
      source: "see $$x=1$$ {#eq-x} there\n",
      tree: "p see  @1:1\nmath eq-x \"x=1\" @1:5\np there @1:12"
    ),
    Case(
      name: "dollars in code blocks are left alone",
      source: "```sh\necho $HOME $PATH\n```\n",
      tree: "code sh \"echo $HOME $PATH\\n\" @1:1"
    ),
    Case(
      name: "cells in any fence",
      source: "```swift\nlet a = 1\n```\n\n~~~~{swift}\nlet b = 2\n```\n~~~~\n\n``` swift x\n```\n",
      tree: "cell 0 @1:1\ncell 1 @5:1\ncell 2 @10:1"
    ),
    Case(
      name: "other languages do not run",
      source: "```swiftui\nx\n```\n\n    let indented = 1\n",
      tree: "code swiftui \"x\\n\" @1:1\ncode - \"let indented = 1\\n\" @5:5"
    ),
    Case(
      name: "cells in lists and quotes",
      source: "- item\n\n  ```swift\n  let a = 1\n  ```\n\n> ```swift\n> let b = 2\n> ```\n",
      tree: "ul @1:1\n  li @1:1\n    p item @1:3\n    cell 0 @3:3\nquote @7:1\n  cell 1 @7:3"
    ),
    Case(
      name: "references and citations",
      source: "See @fig-a, [@tbl-b] and [@knuth84; @lamport, p. 3] by @knuth84. me@x.org\n",
      tree: "p See <ref fig-a @1:5>, <ref tbl-b @1:13> and <cite[] knuth84;lamport,p. 3> by <cite knuth84>. "
        + "<a mailto:me@x.org me@x.org> @1:1"
    ),
    Case(
      name: "inline values",
      source: "value `{swift} a + 1` and `{swift}b`\n",
      tree: "p value <value 0 @1:8> and <value 1 @1:28> @1:1"
    ),
    Case(
      name: "tables with captions",
      source: "| a | b |\n|:--|--:|\n| 1 | $x$ |\n\n: Caption *x* {#tbl-t}\n",
      tree: "table [\"left\", \"right\"] tbl-t Caption <em x> @1:1\n  a | b\n  1 | <math x @3:7>"
    ),
    Case(
      name: "task lists and numbers",
      source: "3. a\n4. b\n\n- [x] done\n- [ ] open\n",
      tree:
        "ol 3 tight @1:1\n  li @1:1\n    p a @1:4\n  li @2:1\n    p b @2:4\nul tight @4:1\n  li [x] @4:1\n    p done @4:7\n"
        + "  li [ ] @5:1\n    p open @5:7"
    ),
    Case(
      name: "footnotes in the order of their references",
      source: "a[^2] b[^1]\n\n[^1]: one\n[^2]: two\n",
      tree: "p a<note 1> b<note 2> @1:1\nfootnote 1 @4:7\n  p two @4:7\nfootnote 2 @3:7\n  p one @3:7"
    ),
    Case(
      name: "call-outs",
      source: "> [!DEVIATION] A title\n> body\n\n> [!NOTE]\n> text\n>\n> more\n",
      tree: "callout deviation A title @1:1\n  p body @2:3\ncallout note  @4:1\n  p text @5:3\n  p more @7:3"
    ),
    Case(
      name: "CRLF, tabs and a byte order mark",
      source: "\u{FEFF}# T\r\n\r\n- a\r\n\t- b\r\n",
      tree: "h1 T @1:1\nul tight @3:1\n  li @3:1\n    p a @3:3\n    ul tight @4:2\n      li @4:2\n        p b @4:4"
    ),
    Case(
      name: "columns count characters, not bytes",
      source: "äöü *ß* $é$ @fig-ü\n",
      tree: "p äöü <em ß> <math é @1:9> <ref fig-ü @1:13> @1:1"
    ),
  ]

  @Test("cells know their lines, options and indentation")
  func cells() throws {
    let source =
      "intro\n\n> ```swift\n> //| label: fig-x\n> //| caption: \"A: b\"\n> //| echo: fold\n> let a = 1\n>   + 2\n> ```\n"
    let notebook = try NotebookReader.parse(Array(source.utf8), path: "n.md")
    let cell = try #require(notebook.cells.first)
    #expect(cell.code == "let a = 1\n  + 2")
    #expect(cell.line == 7)
    #expect(cell.indentation == [2, 2])
    #expect(cell.options.label == "fig-x")
    #expect(cell.options.caption == "A: b")
    #expect(cell.options.echo == .folded)
    #expect(cell.location(line: 2, column: 5) == SourceLocation(line: 8, column: 7))
  }

  @Test("Windows line ends give the same cells as Unix ones")
  func windowsLineEnds() throws {
    let unix = "---\ntitle: T\nparams: { n: 3 }\n---\n\n```swift\n//| label: a\nlet a = 1\nlet b = 2\n```\n"
    let windows = unix.replacing("\n", with: "\r\n")
    let first = try NotebookReader.parse(Array(unix.utf8), path: "n.md")
    let second = try NotebookReader.parse(Array(windows.utf8), path: "n.md")
    #expect(first.cells == second.cells)
    #expect(first.frontMatter == second.frontMatter)
  }

  @Test("front matter is typed")
  func frontMatter() throws {
    let source = """
      ---
      title: T
      authors: [A. Author, {name: B, orcid: 0000-0001}]
      date: 2026-01-31
      paper: {title: P, year: 2024, arxiv: "2410.00001"}
      params: { steps: 200, rate: 1e-3, name: x, on: true, list: [1, 2], mixed: [1, 2.5] }
      profiles: { full: { steps: 5_000, rate: 1 } }
      execute: { timeout: 2m, echo: fold, memory: 512MB }
      ---
      text
      """
    let front = try NotebookReader.parse(Array(source.utf8), path: "n.md").frontMatter
    #expect(front.authors == [Author(name: "A. Author"), Author(name: "B", orcid: "0000-0001")])
    #expect(front.paper?.arxiv == "2410.00001")
    #expect(
      front.parameters.map(\.value) == [
        .integer(200), .number(0.001), .string("x"), .boolean(true), .integers([1, 2]), .numbers([1, 2.5]),
      ]
    )
    #expect(front.profiles["full"] == ["steps": .integer(5000), "rate": .number(1)])
    #expect(front.execute.timeout == 120)
    #expect(front.execute.memory == 512 << 20)
    #expect(front.execute.echo == .folded)
  }

  @Test("without a title, the first heading or the file's name stands for it")
  func titles() throws {
    #expect(try NotebookReader.parse(Array("# Hello *x*\n".utf8), path: "n.md").frontMatter.title == "Hello x")
    #expect(try NotebookReader.parse(Array("text\n".utf8), path: "a/name.md").frontMatter.title == "name")
  }
}
