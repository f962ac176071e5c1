public import Display
internal import Glibc

/// How often numbers fall into intervals of equal width.
public struct Histogram: Mark {
  /// What the height of a bar means.
  public enum Height: Sendable {
    /// Number of values.
    case count
    /// Share of all values, so that heights add up to 1.
    case share
    /// Density, so that areas add up to 1.
    case density
  }

  /// What the author chose.
  public var options = MarkOptions()
  /// Histograms take a place in the cycle and lie over each other.
  public var traits: MarkTraits { MarkTraits("histogram", layer: .bars, key: .patch) }
  private let values: [Double]
  private let height: Height
  private let edges: [Double]
  private let heights: [Double]
  private let missing: Int

  /// Counts numbers in intervals.
  ///
  /// - Parameters:
  ///   - values: the numbers; missing and infinite ones are left out.
  ///   - bins: number of intervals; chosen by the rule of Freedman and Diaconis (1981) when nil.
  ///   - range: where intervals lie; from the lowest to the highest number when nil.
  ///   - height: what the height of a bar means.
  public init(
    _ values: some PlotData,
    bins: Int? = nil,
    range: ClosedRange<Double>? = nil,
    height: Height = .count
  ) {
    let all = values.coordinates.values
    let finite = all.filter { $0.magnitude <= Extent.largest && (range?.contains($0) ?? true) }
    self.values = finite
    self.height = height
    missing = all.count - finite.count
    edges = Self.edges(finite.sorted(), bins: bins, range: range)
    heights = Self.heights(finite, edges: edges, height: height)
  }

  /// Makes room for all bars.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    guard !values.isEmpty else { throw .noFiniteData(mark: name("Histogram"), count: missing) }
    domain.x.include(edges)
    domain.y.include(heights.filter { $0 > 0 })
    domain.y.widen(to: 0)
    domain.y.baseline = 0
  }

  /// Draws the bars with one outline around all of them.
  public func draw(on plot: inout PlotArea) {
    let foot = plot.y.kind == .logarithmic ? plot.frame.bottom : plot.y(0)
    var outline = [Point(plot.x(edges[0]), foot)]
    for (index, height) in heights.enumerated() {
      let top = height > 0 ? plot.y(height) : foot
      outline.append(Point(plot.x(edges[index]), top))
      outline.append(Point(plot.x(edges[index + 1]), top))
    }
    outline.append(Point(plot.x(edges[edges.count - 1]), foot))
    plot.polygon(outline, fill: plot.style.color.opacity(options.opacity ?? 0.38))
    plot.line(outline, stroke: Stroke(plot.style.color, width: options.width ?? 1.4, dash: plot.style.dash))
  }

  /// Count, mean, spread and range.
  public func summary() -> MarkSummary? {
    guard let low = values.min(), let high = values.max() else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count - 1, 1))
    let format = NumberFormat.significant(3)
    let gaps = missing > 0 ? ", \(missing) left out" : ""
    return .words(
      "\(values.count) values from \(format.string(low)) to \(format.string(high)), mean \(format.string(mean)), "
        + "standard deviation \(format.string(variance.squareRoot()))\(gaps)"
    )
  }

  /// Intervals and heights.
  public func table(_ axes: AxisNames) -> TableOutput? {
    let name = height == .count ? "count" : height == .share ? "share" : "density"
    return TableOutput(
      columns: [
        TableColumn("from", Array(edges.dropLast()), unit: axes.xUnit, format: .significant(6)),
        TableColumn("to", Array(edges.dropFirst()), unit: axes.xUnit, format: .significant(6)),
        TableColumn(name, heights, format: .significant(6)),
      ],
      title: options.label
    )
  }

  private static func edges(_ sorted: [Double], bins: Int?, range: ClosedRange<Double>?) -> [Double] {
    guard let first = sorted.first, let last = sorted.last else { return [0, 1] }
    var (low, high) = (range?.lowerBound ?? first, range?.upperBound ?? last)
    if low == high { (low, high) = (low - 0.5, high + 0.5) }
    let count: Int
    if let bins {
      count = max(bins, 1)
    } else {
      let quartiles = sorted[3 * (sorted.count - 1) / 4] - sorted[(sorted.count - 1) / 4]
      let width = 2 * quartiles / cbrt(Double(sorted.count))
      // Sturges' rule where the middle half is all one number.
      let wished = width > 0 ? (high - low) / width : log2(Double(sorted.count)) + 1
      count = Int(min(max(wished.rounded(.up), 1), 200))
    }
    return (0...count).map { low + (high - low) * Double($0) / Double(count) }
  }

  private static func heights(_ values: [Double], edges: [Double], height: Height) -> [Double] {
    let count = edges.count - 1
    let (low, width) = (edges[0], (edges[count] - edges[0]) / Double(count))
    var counts = [Double](repeating: 0, count: count)
    for value in values {
      let place = min(max((value - low) / width, 0), Double(count - 1))
      counts[place.isNaN ? 0 : Int(place)] += 1
    }
    let total = Double(max(values.count, 1))
    switch height {
    case .count: return counts
    case .share: return counts.map { $0 / total }
    case .density: return counts.map { $0 / total / width }
    }
  }
}
