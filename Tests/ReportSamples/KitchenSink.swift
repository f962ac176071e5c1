package import Notebook
internal import Record

/// A notebook that holds one of everything a page can show.
package enum KitchenSink {
  package static let slug = "kitchen-sink"

  package static let bibliography = """
    @string{jml = "Journal of Machine Learning"}
    @article{lovelace1843, author = {Lovelace, Ada and Babbage, Charles}, title = {Notes on the {Analytical Engine}},
      journal = jml, year = 1843, volume = 3, pages = "666--731", doi = {10.1000/xyz123}}
    @inproceedings{goedel2024, author = {Kurt G{\\"o}del and others}, title = {On Undecidable Propositions \\& More},
      booktitle = {Proceedings}, year = {2024}, eprint = {2410.01234}, archivePrefix = {arXiv}}
    """

  package static func file(_ path: String) -> [UInt8]? {
    switch path {
    case "references.bib": Array(bibliography.utf8)
    case "pictures/stripes.png": SampleFile.png(width: 120, height: 60)
    default: nil
    }
  }

  package static let notebook: Notebook = {
    var front = FrontMatter(title: "Kitchen sink: every feature of a report")
    front.subtitle = "A page that tests the page"
    front.authors = [
      Author(name: "Ada Lovelace", orcid: "0000-0002-1825-0097", affiliation: "Analytical Society"),
      Author(name: "Charles Babbage"),
    ]
    front.date = "2026-01-31"
    front.abstract = """
      This report holds one of every element that a notebook can make: prose, formulas, figures, tables, sound, claims, \
      call-outs, notes and references. It exists so that a browser can look at all of them at once.
      """
    front.tags = ["tests", "page layout"]
    var paper = Paper(title: "On Pages & Their Readers")
    paper.authors = ["G. Reader", "H. Writer"]
    paper.year = 2024
    paper.arxiv = "2410.01234"
    paper.doi = "10.1000/xyz123"
    front.paper = paper
    front.bibliography = ["references.bib"]
    return Notebook(
      path: "kitchen-sink.md",
      source: source,
      frontMatter: front,
      blocks: blocks,
      cells: cells,
      expressions: [InlineExpression(index: 0, code: "accuracy.formatted()", range: at(31, 20))],
      footnotes: footnotes
    )
  }()

  private static let source =
    "---\ntitle: Kitchen sink\n---\n\n" + (0..<120).map { "Line \($0) of the source.\n" }.joined()

  private static let footnotes = [
    Footnote(
      label: "a",
      blocks: [paragraph(text("A note with "), code("code"), text(" and a citation "), cite("goedel2024"), text("."))],
      range: at(90)
    ),
    Footnote(label: "b", blocks: [paragraph(text("A second note, called twice."))], range: at(91)),
  ]

  private static let blocks: [Block] = [
    heading(1, "Introduction"),
    paragraph(
      text("Prose with "),
      em("emphasis"),
      text(", "),
      strong("weight"),
      text(", "),
      code("let code = 1"),
      text(", a "),
      link("link to the paper", "https://example.org/paper"),
      text(", a formula "),
      math(#"e^{i\pi} + 1 = 0"#),
      text(", a citation "),
      cite("lovelace1843", "goedel2024"),
      text(", a note"),
      note("a"),
      text(" and a second one"),
      note("b"),
      text(". The accuracy is "),
      value(0),
      text("; see "),
      ref("fig-loss"),
      text(", "),
      ref("fig-panels-b"),
      text(", "),
      ref("tbl-methods"),
      text(", "),
      ref("eq-energy"),
      text(", "),
      ref("sec-method"),
      text(", "),
      ref("claim-gain"),
      text(" and "),
      ref("cell-setup"),
      text(
        ". The measure of a line is what makes a page easy to read: long enough to flow, short enough to find the next."
      )
    ),
    paragraph(cite("lovelace1843", bracketed: false), text(" wrote the first program"), note("b"), text(".")),
    bullets([paragraph(text("first point"))], [paragraph(text("second point")), bullets([paragraph(text("nested"))])]),
    bullets([paragraph(text("three"))], [paragraph(text("four"))], start: 3),
    bullets([paragraph(text("a task that is done"))], checked: true),
    Block(.blockQuote([paragraph(text("A quotation stands apart from the text around it."))]), range: at(1)),
    callout(.note, "", paragraph(text("A note to the reader."))),
    callout(.deviation, "Smaller model", paragraph(text("The paper uses 64 channels, this report 16."))),
    callout(.limitation, "", paragraph(text("Only synthetic data are used."))),
    callout(.caution, "Careful", paragraph(text("Hot surface."))),
    callout(.result, "", paragraph(text("It works."))),
    callout(.warning, "", paragraph(text("Mind the gap."))),
    heading(2, "Method", id: "sec-method"),
    Block(
      .math(tex: #"E = \int_0^\infty \frac{\lvert x(t) \rvert^2}{\sqrt{1 + \alpha^2}}\,dt"#, label: "eq-energy"),
      range: at(40)
    ),
    Block(
      .math(
        tex: #"\mathbf{A} = \begin{pmatrix} a & b \\ c & d \end{pmatrix}, \quad \sum_{k=1}^{n} k = \tfrac{n(n+1)}{2}"#,
        label: nil
      ),
      range: at(42)
    ),
    Block(.table(markdownTable), range: at(44)),
    Block(.code("def example():\n    return 'not run'", language: "python"), range: at(50)),
    Block(.code("let shown = \"only\" // shown\n", language: "swift"), range: at(53)),
    Block(.html("<p onclick=\"steal()\">Raw <b>HTML</b><script>alert(1)</script></p>"), range: at(56)),
    paragraph(
      Inline(
        .image(
          alt: [text("Grey stripes from a file beside the notebook")],
          source: "pictures/stripes.png",
          title: "A picture of the author."
        ),
        range: at(58)
      )
    ),
    cellBlock(0),
    heading(2, "Results"),
    cellBlock(1), cellBlock(2), cellBlock(3), cellBlock(4), cellBlock(5), cellBlock(6), cellBlock(7), cellBlock(8),
    heading(3, "A deeper section"),
    cellBlock(9),
    heading(3, "A deeper section"),
    paragraph(text("Two sections may have one title. Right-to-left text: "), text("שלום עולם"), text(".")),
    Block(.thematicBreak, range: at(88)),
  ]

  private static let markdownTable = MarkdownTable(
    header: [[text("Symbol")], [text("Meaning")], [text("Value")]],
    rows: [[[math(#"\alpha"#)], [text("damping")], [text("0.5")]], [[math("n")], [text("count")], [text("128")]]],
    alignments: [.left, .left, .right],
    caption: [text("Symbols of the method.")],
    label: "tbl-symbols"
  )
}
