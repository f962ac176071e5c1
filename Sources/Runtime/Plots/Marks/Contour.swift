public import Display

/// Lines of equal value over a matrix; they take their colors from a color bar unless a color is chosen.
public struct Contour: ColorMapped {
  /// What the author chose.
  public var options = MarkOptions()
  /// What the author chose for the colors.
  public var colors = ColorChoices()
  /// Contours have no series style.
  public var traits: MarkTraits { MarkTraits("contour plot", layer: .lines, series: .none) }
  private var matrix: PlottedMatrix
  private let levels: [Double]

  /// Contours of a matrix, given row by row.
  ///
  /// - Parameters:
  ///   - list: rows of equal length; numbers stand for the centers of cells.
  ///   - x: where the columns lie, from the outer edge of the first to that of the last.
  ///   - y: where the rows lie, the first one lowest.
  ///   - levels: about how many lines there are, at round numbers.
  public init(
    _ list: [[some PlotElement]],
    x: ClosedRange<Double>? = nil,
    y: ClosedRange<Double>? = nil,
    levels: Int = 9
  ) {
    matrix = PlottedMatrix(list)
    matrix.xRange = x
    matrix.yRange = y
    let finite = matrix.values.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    let step = Ticks.step(for: high - low, count: levels)
    self.levels = low < high ? Ticks.multiples(of: step, from: low, to: high).filter { $0 > low && $0 < high } : []
  }

  /// Contours of a function of two variables.
  ///
  /// - Parameters:
  ///   - x: range of the first variable.
  ///   - y: range of the second variable.
  ///   - levels: about how many lines there are, at round numbers.
  ///   - samples: number of places along each axis.
  ///   - function: the function.
  public init(
    x: ClosedRange<Double>,
    y: ClosedRange<Double>,
    levels: Int = 9,
    samples: Int = 120,
    _ function: (Double, Double) -> Double
  ) {
    func places(_ range: ClosedRange<Double>) -> [Double] {
      (0..<samples).map {
        range.lowerBound + (range.upperBound - range.lowerBound) * (Double($0) + 0.5) / Double(samples)
      }
    }
    let rows = places(y).map { v in places(x).map { function($0, v) } }
    self.init(rows, x: x, y: y, levels: levels)
  }

  /// From numbers to colors; none where one color was chosen for all lines.
  public var colorScale: ColorScale? {
    options.color == nil ? ColorScale.fitted(to: matrix.values, choices: colors) : nil
  }

  /// Makes room for the whole matrix.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    try matrix.measure(&domain, mark: name("Contour"))
  }

  /// Draws the lines.
  public func draw(on plot: inout PlotArea) {
    let (xs, ys) = (plot.x.positions(matrix.columnCenters), plot.y.positions(matrix.rowCenters))
    func at(_ places: [Double], _ index: Double) -> Double {
      let low = min(Int(index), places.count - 1)
      let high = min(low + 1, places.count - 1)
      return places[low] + (places[high] - places[low]) * (index - Double(low))
    }
    let scale = colorScale
    for level in levels {
      let color = scale?.color(level) ?? options.color ?? .ink
      let lines = MarchingSquares.lines(matrix, level: level)
      let pieces = lines.map { line in
        Decimation.simplified(line.map { Point(at(xs, $0.x), at(ys, $0.y)) })
      }
      plot.segments(pieces, stroke: Stroke(color, width: options.width ?? 1.5, dash: options.dash ?? .solid))
    }
  }

  /// Size and range of the matrix.
  public func summary() -> MarkSummary? { .words("\(levels.count) levels, " + matrix.words(quantity: colors.title)) }

  /// The matrix.
  public func table(_ axes: AxisNames) -> TableOutput? {
    matrix.table(axes, quantity: colors.title ?? "value", unit: colors.unit, title: options.label)
  }
}
