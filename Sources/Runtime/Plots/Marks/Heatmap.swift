public import Display

/// A matrix as colors: `Heatmap(rows)`, with a color bar.
///
/// The first row is on top unless `y` says where the rows lie.
public struct Heatmap: ColorMapped {
  /// What the author chose.
  public var options = MarkOptions()
  /// What the author chose for the colors.
  public var colors = ColorChoices()
  /// Heat maps lie under everything else.
  public var traits: MarkTraits { MarkTraits("heat map", layer: .pixels, series: .none, key: .patch) }
  private var matrix: PlottedMatrix
  private var valueFormat: NumberFormat?

  /// A matrix, given row by row.
  ///
  /// - Parameters:
  ///   - list: rows of equal length.
  ///   - rows: names of the rows.
  ///   - columns: names of the columns.
  ///   - x: where the columns lie on the horizontal axis, from edge to edge.
  ///   - y: where the rows lie on the vertical axis, the first one lowest.
  public init(
    _ list: [[some PlotElement]],
    rows: [String]? = nil,
    columns: [String]? = nil,
    x: ClosedRange<Double>? = nil,
    y: ClosedRange<Double>? = nil
  ) {
    matrix = PlottedMatrix(list)
    matrix.rowNames = rows
    matrix.columnNames = columns
    matrix.xRange = x
    matrix.yRange = y
  }

  /// A matrix in one list, row by row, such as a spectrogram.
  ///
  /// - Parameters:
  ///   - values: the numbers.
  ///   - columnCount: length of a row.
  ///   - x: where the columns lie on the horizontal axis, from edge to edge.
  ///   - y: where the rows lie on the vertical axis, the first one lowest.
  public init(
    _ values: some PlotData,
    columnCount: Int,
    x: ClosedRange<Double>? = nil,
    y: ClosedRange<Double>? = nil
  ) {
    matrix = PlottedMatrix(values, columns: columnCount)
    matrix.xRange = x
    matrix.yRange = y
  }

  /// Writes each number into its cell.
  public func values(_ format: NumberFormat = .significant(2)) -> Heatmap {
    var copy = self
    copy.valueFormat = format
    return copy
  }

  /// From numbers to colors.
  public var colorScale: ColorScale? { ColorScale.fitted(to: matrix.values, choices: colors) }

  /// Makes room for the whole matrix.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    try matrix.measure(&domain, mark: name("Heatmap"))
  }

  /// Draws the colors, and the numbers where asked for.
  public func draw(on plot: inout PlotArea) {
    guard let scale = colorScale else { return }
    let edges = matrix.edges
    let corners = [
      Point(plot.x(edges.left), plot.y(edges.firstRow)), Point(plot.x(edges.right), plot.y(edges.lastRow)),
    ]
    if plot.x.kind == .linear, plot.y.kind == .linear, corners.allSatisfy(\.isFinite) {
      let raster = Self.raster(
        matrix,
        scale: scale,
        isMirrored: corners[0].x > corners[1].x,
        isFlipped: corners[0].y > corners[1].y
      )
      let rect = Rect(from: corners[0], to: corners[1])
      // More cells than device pixels are averaged; fewer stay sharp squares.
      let isDense = Double(raster.width) > 2 * rect.width || Double(raster.height) > 2 * rect.height
      plot.image(raster, in: rect, smooth: isDense)
    } else {
      plot.image(resampled(plot, scale), in: plot.frame, smooth: false)
    }
    if let valueFormat { drawValues(valueFormat, scale, &plot) }
  }

  private static func raster(_ matrix: PlottedMatrix, scale: ColorScale, isMirrored: Bool, isFlipped: Bool) -> Raster {
    var rgba: [UInt8] = []
    rgba.reserveCapacity(4 * matrix.values.count)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        let value = matrix[isFlipped ? matrix.rows - 1 - row : row, isMirrored ? matrix.columns - 1 - column : column]
        append(value, scale, to: &rgba)
      }
    }
    return Raster(width: matrix.columns, height: matrix.rows, rgba: rgba)
  }

  private static func append(_ value: Double, _ scale: ColorScale, to rgba: inout [UInt8]) {
    let color = scale.color(value)
    rgba.append(color.red)
    rgba.append(color.green)
    rgba.append(color.blue)
    rgba.append(value.isNaN ? 0 : 255)
  }

  /// On a logarithmic axis cells differ in size: each device pixel looks up its cell.
  private func resampled(_ plot: PlotArea, _ scale: ColorScale) -> Raster {
    let (width, height) = (Int(2 * plot.frame.width), Int(2 * plot.frame.height))
    let edges = matrix.edges
    func cell(_ value: Double, _ first: Double, _ last: Double, _ count: Int) -> Int? {
      let share = (value - first) / (last - first)
      guard share >= 0, share <= 1 else { return nil }
      return min(Int(share * Double(count)), count - 1)
    }
    let columns = (0..<width).map { pixel in
      cell(plot.x.value(at: plot.frame.left + (Double(pixel) + 0.5) / 2), edges.left, edges.right, matrix.columns)
    }
    var rgba: [UInt8] = []
    rgba.reserveCapacity(4 * width * height)
    for pixel in 0..<height {
      let place = plot.y.value(at: plot.frame.top + (Double(pixel) + 0.5) / 2)
      let row = cell(place, edges.firstRow, edges.lastRow, matrix.rows)
      for column in columns {
        guard let row, let column else {
          rgba.append(contentsOf: [0, 0, 0, 0])
          continue
        }
        Self.append(matrix[row, column], scale, to: &rgba)
      }
    }
    return Raster(width: width, height: height, rgba: rgba)
  }

  private func drawValues(_ format: NumberFormat, _ scale: ColorScale, _ plot: inout PlotArea) {
    for (row, y) in matrix.rowCenters.enumerated() {
      for (column, x) in matrix.columnCenters.enumerated() {
        let value = matrix[row, column]
        let isDark = scale.color(value).luminance < 0.32
        let color = value.isNaN ? Color.muted : isDark ? Color(0xffffff) : Color(0x1b1f24)
        let place = Point(plot.x(x), plot.y(y) + 4)
        plot.text(format.string(value), at: place, size: TextSize.tick, color: color, anchor: .middle, halo: false)
      }
    }
  }

  /// Size and range of the matrix, and where its extremes are.
  public func summary() -> MarkSummary? { .words(matrix.words(quantity: colors.title)) }

  /// The matrix: as it is when it is small, otherwise one line for each cell.
  public func table(_ axes: AxisNames) -> TableOutput? {
    matrix.table(axes, quantity: colors.title ?? "value", unit: colors.unit, title: options.label)
  }
}
