extension Mark {
  /// Draws what the paper published, to be seen beside what was measured here.
  ///
  /// Published series are in the color of text, with dashes and crosses, so that they look alike in all reports, and leave the
  /// colors to the series of the report. The label says where the numbers stand in the paper.
  ///
  /// - Parameters:
  ///   - source: place in the paper, such as "Table 2".
  ///   - digitized: whether the numbers were read off a drawing.
  /// - Returns: the mark in this style.
  public func published(_ source: String, digitized: Bool = false) -> Self {
    var copy = self
    copy.options.label = "published (\(source)\(digitized ? ", digitized" : ""))"
    copy.options.color = copy.options.color ?? .ink
    copy.options.dash = copy.options.dash ?? .dashed
    copy.options.marker = copy.options.marker ?? .cross
    copy.options.series = copy.options.series ?? 0
    return copy
  }
}
