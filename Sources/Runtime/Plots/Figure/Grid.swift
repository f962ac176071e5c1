public import Display

/// Several plots as one figure, with letters (a), (b), … .
///
/// ```swift
/// Grid(columns: 2) {
///   Figure("loss") { … }
///   Figure("accuracy") { … }
/// }
/// ```
public struct Grid: Displayable, Sendable {
  /// The plots, row by row.
  public var figures: [Figure]
  private let columns: Int
  private let title: String?
  private var sharesX = false
  private var sharesY = false
  private var hasLetters = true
  private var panelSize: (width: Int, height: Int)?
  private var altText: String?

  /// Lays plots out from left to right and top to bottom.
  ///
  /// - Parameters:
  ///   - columns: plots in a row.
  ///   - title: name of the whole figure.
  ///   - figures: the plots; a loop makes facets.
  public init(columns: Int = 2, _ title: String? = nil, @FigureBuilder figures: () -> [Figure]) {
    self.columns = max(columns, 1)
    self.title = title
    self.figures = figures()
  }

  /// Gives all plots the same range on one or both axes, with numbers only at the outer plots.
  public func sharedAxes(x: Bool = true, y: Bool = true) -> Grid {
    var copy = self
    copy.sharesX = x
    copy.sharesY = y
    return copy
  }

  /// Leaves the letters out.
  public func withoutLetters() -> Grid {
    var copy = self
    copy.hasLetters = false
    return copy
  }

  /// Chooses the size of each plot in CSS pixels; without this the grid is 760 pixels wide.
  public func panelSize(width: Int, height: Int) -> Grid {
    var copy = self
    copy.panelSize = (width, height)
    return copy
  }

  /// Says what the plots show in the author's words, instead of words computed from the data.
  public func alt(_ text: String) -> Grid {
    var copy = self
    copy.altText = text
    return copy
  }

  /// The drawn plots as one figure.
  ///
  /// - Throws: `PlotError` when one of the plots cannot be drawn.
  public func output() throws -> Output { .figure(try drawn()) }

  /// The drawn plots as a value.
  ///
  /// - Throws: `PlotError` when one of the plots cannot be drawn.
  public func drawn() throws(PlotError) -> FigureOutput {
    let fonts = try FontLibrary.current()
    let list = try displayList(fonts: fonts)
    let words = altText ?? AltText.text(forPanels: figures, letters: figures.indices.map(Self.letter))
    let data = figures.enumerated().flatMap { index, figure in
      DataTables.tables(of: figure).map { table -> TableOutput in
        var table = table
        table.title = [Self.letter(index), figure.title ?? table.title].compactMap { $0 }.joined(separator: " ")
        return table
      }
    }
    var unnamed: [String] = []
    for (index, figure) in figures.enumerated() {
      unnamed += try figure.unnamedAxes().map { "\($0) of panel \(Self.letter(index))" }
    }
    return try Rendering.output(
      list,
      title: title,
      altText: words,
      data: data,
      unnamedAxes: unnamed,
      fonts: fonts
    )
  }

  /// What is drawn, for tests and other back ends.
  ///
  /// - Throws: `PlotError` when one of the plots cannot be drawn.
  package func displayList() throws(PlotError) -> DisplayList { try displayList(fonts: FontLibrary.current()) }

  private func displayList(fonts: FontLibrary) throws(PlotError) -> DisplayList {
    guard !figures.isEmpty else { throw .noMarks(figure: title.map { "grid '\($0)'" } ?? "the grid") }
    let across = min(columns, figures.count)
    let width = Double(panelSize?.width ?? 760 / across)
    let height = Double(panelSize?.height ?? Int(width * (across == 1 ? 0.55 : across == 2 ? 0.72 : 0.85)))
    let rows = (figures.count + columns - 1) / columns
    let top = title == nil ? 0 : 28.0
    try Rendering.check(width: Int(width) * across, height: Int(height) * rows + Int(top))
    var panels = try panels(fonts: fonts)
    let cell = Rect(x: 0, y: top, width: width, height: height)
    let empty = DisplayList(width: width * Double(across), height: height * Double(rows) + top)
    var list = empty
    let crowded = draw(panels, cell: cell, list: &list)
    if !crowded.isEmpty {
      for index in crowded { panels[index].figure.legendPlace = .outside }
      list = empty
      _ = draw(panels, cell: cell, list: &list)
    }
    return list
  }

  /// Draws all panels, the first one in `cell`.
  ///
  /// - Returns: the panels whose legends hide data.
  private func draw(_ panels: [Panel], cell: Rect, list: inout DisplayList) -> [Int] {
    if let title {
      list.append(.text(TextItem(text: title, position: Point(8, 21), size: 16, weight: .semibold)))
    }
    let margins = aligned(panels.map { $0.margins(in: cell) })
    let places = Self.places(margins, columns: columns, cell: cell)
    return panels.indices.filter { panels[$0].draw(in: places[$0], margins: margins[$0], list: &list) }
  }

  /// Places that give all frames one size, whatever room their texts take.
  private static func places(_ margins: [Margins], columns: Int, cell: Rect) -> [Rect] {
    let firstRow = margins.prefix(columns)
    let firstColumn = stride(from: 0, to: margins.count, by: columns).map { margins[$0] }
    let aside = firstRow.map { $0.left + $0.right }
    let above = firstColumn.map { $0.top + $0.bottom }
    let width = max(cell.width - aside.reduce(0, +) / Double(aside.count), 1)
    let height = max(cell.height - above.reduce(0, +) / Double(above.count), 1)
    return margins.indices.map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return Rect(
        x: cell.x + aside[..<column].reduce(0) { $0 + $1 + width },
        y: cell.y + above[..<row].reduce(0) { $0 + $1 + height },
        width: aside[column] + width,
        height: above[row] + height
      )
    }
  }

  private func panels(fonts: FontLibrary) throws(PlotError) -> [Panel] {
    var domains: [Domain] = []
    for figure in figures { domains.append(try Panel.domain(of: figure)) }
    var shared = domains[0]
    for domain in domains.dropFirst() {
      shared.x.merge(domain.x)
      shared.y.merge(domain.y)
    }
    var panels: [Panel] = []
    for (index, figure) in figures.enumerated() {
      var domain = domains[index]
      if sharesX { domain.x = shared.x }
      if sharesY { domain.y = shared.y }
      var panel = try Panel(figure, fonts: fonts, letter: hasLetters ? Self.letter(index) : nil, shared: domain)
      panel.x.isBare = panel.x.isBare || (sharesX && index + columns < figures.count)
      panel.y.isBare = panel.y.isBare || (sharesY && index % columns != 0)
      panels.append(panel)
    }
    return panels
  }

  /// Frames in one column and in one row line up.
  private func aligned(_ margins: [Margins]) -> [Margins] {
    margins.indices.map { index in
      let sameColumn = margins.indices.filter { $0 % columns == index % columns }.map { margins[$0] }
      let sameRow = margins.indices.filter { $0 / columns == index / columns }.map { margins[$0] }
      return Margins(
        left: sameColumn.map(\.left).max() ?? 0,
        top: sameRow.map(\.top).max() ?? 0,
        right: sameColumn.map(\.right).max() ?? 0,
        bottom: sameRow.map(\.bottom).max() ?? 0
      )
    }
  }

  private static func letter(_ index: Int) -> String {
    // Beyond z the letters double, as in a spreadsheet.
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    let (round, place) = index.quotientAndRemainder(dividingBy: letters.count)
    return "(" + (round > 0 ? String(letters[(round - 1) % letters.count]) : "") + String(letters[place]) + ")"
  }
}

/// Collects the plots of a grid.
@resultBuilder
public enum FigureBuilder {
  /// One plot.
  public static func buildExpression(_ figure: Figure) -> [Figure] { [figure] }
  /// Plots made elsewhere.
  public static func buildExpression(_ figures: [Figure]) -> [Figure] { figures }
  /// Plots in order.
  public static func buildBlock(_ parts: [Figure]...) -> [Figure] { parts.flatMap { $0 } }
  /// Plots drawn only under a condition.
  public static func buildOptional(_ part: [Figure]?) -> [Figure] { part ?? [] }
  /// The first branch of a choice.
  public static func buildEither(first part: [Figure]) -> [Figure] { part }
  /// The second branch of a choice.
  public static func buildEither(second part: [Figure]) -> [Figure] { part }
  /// Plots made in a loop.
  public static func buildArray(_ parts: [[Figure]]) -> [Figure] { parts.flatMap { $0 } }
}
