/// Gives every mark the style of its series.
package enum SeriesAssignment {
  /// One style for each mark, in order.
  ///
  /// Marks with one label share a style; a mark that belongs to another one takes the style of the mark before it.
  package static func styles(for marks: [any Mark]) -> [SeriesStyle] {
    var styles: [SeriesStyle] = []
    var byLabel: [String: SeriesStyle] = [:]
    var next = 0
    var previous: SeriesStyle?
    for mark in marks {
      var style: SeriesStyle
      if let chosen = mark.options.series {
        style = SeriesStyle(index: max(chosen, 0))
      } else if mark.traits.series == .none {
        style = SeriesStyle(index: 0)
      } else if let label = mark.options.label, let known = byLabel[label] {
        style = known
      } else if mark.traits.series == .shared {
        // Before any other series, a band shows what the first series will look like.
        style = previous ?? SeriesStyle(index: next)
      } else {
        style = SeriesStyle(index: next)
        next += 1
      }
      style.color = mark.options.color ?? style.color
      style.dash = mark.options.dash ?? style.dash
      style.marker = mark.options.marker ?? style.marker
      if mark.traits.series != .none {
        previous = style
        if let label = mark.options.label, byLabel[label] == nil { byLabel[label] = style }
      }
      styles.append(style)
    }
    return styles
  }
}
