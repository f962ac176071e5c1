/// A notebook as read: front matter, prose as a tree, and cells; every node knows its place in the source.
package struct Notebook: Sendable {
  /// Path as the author wrote it.
  package var path: String
  /// The text, with line ends as they are in the file.
  package var source: String
  package var frontMatter: FrontMatter
  /// Top-level blocks in the order of the text.
  package var blocks: [Block]
  /// Cells in the order of the text; `Block.Kind.cell` refers to them by index.
  package var cells: [Cell]
  /// Inline expressions in the order of the text; `Inline.Kind.value` refers to them by index.
  package var expressions: [InlineExpression]
  /// Footnote texts in the order of their first reference.
  package var footnotes: [Footnote]
  /// Warnings found while reading.
  package var diagnostics: [Diagnostic]

  package init(
    path: String,
    source: String,
    frontMatter: FrontMatter,
    blocks: [Block] = [],
    cells: [Cell] = [],
    expressions: [InlineExpression] = [],
    footnotes: [Footnote] = [],
    diagnostics: [Diagnostic] = []
  ) {
    self.path = path
    self.source = source
    self.frontMatter = frontMatter
    self.blocks = blocks
    self.cells = cells
    self.expressions = expressions
    self.footnotes = footnotes
    self.diagnostics = diagnostics
  }
}

/// A fenced Swift block that runs.
package struct Cell: Sendable, Hashable {
  /// Position among the cells, from 0.
  package var index: Int
  /// The code without fence, container indentation and option lines, lines joined by "\n".
  package var code: String
  /// Line of the notebook on which `code` begins.
  package var line: Int
  /// Characters of container indentation cut from each line of `code` (lists, quotes); columns shift by it.
  package var indentation: [Int]
  package var options: CellOptions
  /// The whole fenced block.
  package var range: SourceRange

  package init(
    index: Int,
    code: String,
    line: Int,
    indentation: [Int] = [],
    options: CellOptions = CellOptions(),
    range: SourceRange
  ) {
    self.index = index
    self.code = code
    self.line = line
    self.indentation = indentation
    self.options = options
    self.range = range
  }

  /// How the cell is called in messages and headings: its label, or its number from 1.
  package var name: String { options.label ?? "cell \(index + 1)" }

  /// The place in the notebook of a line and column in the cell's code, both counted from 1.
  package func location(line codeLine: Int, column: Int) -> SourceLocation {
    let indent = indentation.indices.contains(codeLine - 1) ? indentation[codeLine - 1] : 0
    return SourceLocation(line: line + codeLine - 1, column: column + indent)
  }
}

/// The `//|` options of a cell; nil means "as the notebook's `execute` says".
package struct CellOptions: Sendable, Hashable {
  package enum Echo: String, Sendable, Hashable, CaseIterable {
    case shown = "true"
    case hidden = "false"
    case folded = "fold"
  }

  package enum OutputMode: String, Sendable, Hashable, CaseIterable {
    case shown = "true"
    case hidden = "false"
    /// Text output is Markdown source.
    case asIs = "asis"
  }

  package enum Layout: Sendable, Hashable {
    /// Beside each other, in so many columns.
    case columns(Int)
    /// One at a time behind tabs; one below the other where no script runs and on paper.
    case tabs

    package var columnCount: Int? {
      if case .columns(let count) = self { count } else { nil }
    }
  }

  package var label: String?
  package var caption: String?
  package var altText: String?
  package var echo: Echo?
  package var evaluates = true
  /// Whether code and outputs appear in the page at all.
  package var isIncluded = true
  package var output: OutputMode = .shown
  /// Whether a failure is expected: it is shown and the run goes on.
  package var allowsError: Bool?
  /// Seconds.
  package var timeout: Double?
  /// How several outputs are laid out; nil for one below the other.
  package var layout: Layout?
  package var subcaptions: [String] = []
  /// Place of each option's line, by option name.
  package var ranges: [String: SourceRange] = [:]

  package init() {}
}

/// An inline expression `{swift} …` in prose.
package struct InlineExpression: Sendable, Hashable {
  package var index: Int
  package var code: String
  package var range: SourceRange

  package init(index: Int, code: String, range: SourceRange) {
    self.index = index
    self.code = code
    self.range = range
  }
}

/// The text of one footnote.
package struct Footnote: Sendable {
  package var label: String
  package var blocks: [Block]
  package var range: SourceRange

  package init(label: String, blocks: [Block], range: SourceRange) {
    self.label = label
    self.blocks = blocks
    self.range = range
  }
}
