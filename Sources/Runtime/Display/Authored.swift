/// A displayed formula: `Math(#"\int_0^1 x\,dx"#)`.
public struct Math: Displayable, Sendable, Equatable {
  /// TeX source without delimiters.
  public var tex: String
  /// Makes a formula from TeX source without delimiters.
  public init(_ tex: String) { self.tex = tex }
  /// A formula on a line of its own.
  public func output() -> Output { .math(tex) }
}

/// Prose made by a cell, in the notebook's own Markdown.
public struct Markdown: Displayable, Sendable, Equatable {
  /// Markdown source.
  public var source: String
  /// Makes prose from Markdown source.
  public init(_ source: String) { self.source = source }
  /// Rendered prose.
  public func output() -> Output { .markdown(source) }
}

/// HTML made by a cell; it passes the sieve for unsafe elements unless the notebook is trusted.
public struct HTML: Displayable, Sendable, Equatable {
  /// HTML source.
  public var source: String
  /// Makes a fragment from HTML source.
  public init(_ source: String) { self.source = source }
  /// The fragment.
  public func output() -> Output { .html(source) }
}
