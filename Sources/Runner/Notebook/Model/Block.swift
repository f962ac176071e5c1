/// A block of prose with its place.
package struct Block: Sendable {
  package indirect enum Kind: Sendable {
    /// A heading of level 1 to 6; `id` is what the author set by `{#id}`.
    case heading(level: Int, content: [Inline], id: String?)
    case paragraph([Inline])
    case blockQuote([Block])
    /// `> [!NOTE]` and its kin, with an optional title on the marker's line.
    case callout(Callout, title: [Inline], content: [Block])
    case list(List)
    /// A fenced or indented block that does not run.
    case code(String, language: String?)
    /// A fenced Swift block that runs: index into `Notebook.cells`.
    case cell(Int)
    case table(MarkdownTable)
    /// A displayed formula with an optional `{#eq-…}` label.
    case math(tex: String, label: String?)
    /// Raw HTML: escaped or sieved unless the notebook is trusted.
    case html(String)
    case thematicBreak
  }

  package var kind: Kind
  package var range: SourceRange

  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// The kinds of call-out; GitHub's five and those a replication needs.
package enum Callout: String, Sendable, Hashable, CaseIterable {
  case note
  case tip
  case important
  case warning
  case caution
  /// A difference from the paper; all of them are listed at the end of the page.
  case deviation
  case limitation
  case result
}

/// A bullet or numbered list.
package struct List: Sendable {
  package struct Item: Sendable {
    package var content: [Block]
    /// Whether a task is done; nil for ordinary items.
    package var isChecked: Bool?
    package var range: SourceRange

    package init(content: [Block], isChecked: Bool?, range: SourceRange) {
      self.content = content
      self.isChecked = isChecked
      self.range = range
    }
  }

  package var items: [Item]
  /// Number of the first item; nil for bullets.
  package var start: Int?
  /// Whether items stand without space between them.
  package var isTight: Bool

  package init(items: [Item], start: Int?, isTight: Bool) {
    self.items = items
    self.start = start
    self.isTight = isTight
  }
}

/// A table written in Markdown.
package struct MarkdownTable: Sendable {
  package enum Alignment: String, Sendable, Hashable {
    case natural
    case left
    case center
    case right
  }

  package var header: [[Inline]]
  package var rows: [[[Inline]]]
  package var alignments: [Alignment]
  /// Caption and label of a line `: Caption {#tbl-x}` right after the table.
  package var caption: [Inline]?
  package var label: String?

  package init(
    header: [[Inline]],
    rows: [[[Inline]]],
    alignments: [Alignment],
    caption: [Inline]? = nil,
    label: String? = nil
  ) {
    self.header = header
    self.rows = rows
    self.alignments = alignments
    self.caption = caption
    self.label = label
  }
}

/// A stretch of text inside a block.
package struct Inline: Sendable {
  package indirect enum Kind: Sendable {
    case text(String)
    case emphasis([Inline])
    case strong([Inline])
    case strikethrough([Inline])
    case code(String)
    case math(tex: String)
    case link(content: [Inline], destination: String, title: String?)
    case image(alt: [Inline], source: String, title: String?)
    case html(String)
    case softBreak
    case lineBreak
    /// Label of a footnote; the text is in `Notebook.footnotes`.
    case footnote(label: String)
    /// Index into `Notebook.expressions`.
    case value(Int)
    /// `@fig-x`, `@tbl-x`, `@eq-x`, `@sec-x`, `@claim-x`, `@cell-x`, with the label's kind as prefix.
    case crossReference(label: String)
    /// `[@key; @other, p. 3]` (bracketed) or `@key` in running text.
    case citation([CitationItem], isBracketed: Bool)
  }

  package var kind: Kind
  package var range: SourceRange

  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// One cited work in a citation.
package struct CitationItem: Sendable, Hashable {
  package var key: String
  /// A locator behind the key, such as a page.
  package var suffix: String?

  package init(key: String, suffix: String? = nil) {
    self.key = key
    self.suffix = suffix
  }
}

extension Sequence where Element == Inline {
  /// The text without marks, for titles, ids and alternative texts.
  package var plainText: String {
    map { inline -> String in
      switch inline.kind {
      case .text(let text), .code(let text): text
      case .emphasis(let content), .strong(let content), .strikethrough(let content): content.plainText
      case .link(let content, _, _): content.plainText
      case .image(let alt, _, _): alt.plainText
      case .math(let tex): tex
      case .softBreak, .lineBreak: " "
      case .html, .footnote, .value, .crossReference, .citation: ""
      }
    }.joined()
  }
}
