/// Digits drawn as strokes, to stand in for handwritten ones where no real pictures are at hand.
///
/// Like the digits of the UCI collection, they are counts of ink in 4×4 blocks of a bitmap of 32×32: pictures of 8×8 pixels with
/// values 0…16. Each is turned, slanted, scaled and shifted at random, and its points wander.
public struct DrawnDigits: Sendable, Equatable {
  /// Pixels 0…16, row by row, 64 a picture.
  public let pixels: [Double]
  /// What was drawn, 0…9 in turn.
  public let labels: [Int]

  /// Side of a picture.
  public static let side = 8

  /// Draws digits, the classes in turn.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - random: equal generators draw equal digits.
  public init(_ count: Int, using random: inout some RandomNumberGenerator) {
    labels = (0..<count).map { $0 % 10 }
    var all: [Double] = []
    all.reserveCapacity(64 * count)
    for label in labels { all += Self.blocks(Self.bitmap(Pen(&random).strokes(Self.shapes[label], &random))) }
    pixels = all
  }

  private typealias Point = SIMD2<Double>

  /// Strokes of each digit as polygons in a square, x to the right and y down, from -1 to 1.
  private static let shapes: [[[Point]]] = [
    [arc(0, 0, 0.6, 0.9, from: 0, to: 1)],
    [[.init(-0.35, -0.5), .init(0.1, -0.9), .init(0.1, 0.9)]],
    [arc(0, -0.4, 0.55, 0.5, from: 0.5, to: 1.1) + [.init(-0.6, 0.9), .init(0.65, 0.9)]],
    [arc(-0.05, -0.45, 0.5, 0.45, from: 0.55, to: 1.25) + arc(-0.05, 0.45, 0.55, 0.47, from: 0.75, to: 1.42)],
    [[.init(0.35, 0.9), .init(0.35, -0.9), .init(-0.65, 0.3), .init(0.7, 0.3)]],
    [[.init(0.55, -0.9), .init(-0.4, -0.9), .init(-0.5, -0.1)] + arc(-0.02, 0.38, 0.55, 0.52, from: 0.65, to: 1.4)],
    [[.init(0.35, -0.9), .init(-0.4, -0.1)] + arc(0, 0.4, 0.5, 0.5, from: 0.5, to: 1.5)],
    [[.init(-0.6, -0.85), .init(0.6, -0.85), .init(-0.15, 0.9)]],
    [arc(0, -0.45, 0.42, 0.43, from: 0.25, to: 1.25), arc(0, 0.45, 0.52, 0.47, from: 0.75, to: 1.75)],
    [arc(0, -0.4, 0.48, 0.48, from: 0, to: 1) + [.init(0.48, -0.4), .init(0.3, 0.9)]],
  ]

  /// Part of an ellipse as twelve segments; the angle is a share of the full turn, from the right downwards.
  private static func arc(_ x: Double, _ y: Double, _ a: Double, _ b: Double, from: Double, to: Double) -> [Point] {
    (0...12).map { step in
      let turn = unitCircle(from + (to - from) * Double(step) / 12)
      return Point(x + a * turn.x, y + b * turn.y)
    }
  }

  /// Cosine and sine of a share of the full turn, by halving angles and doubling back; good to seven digits.
  private static func unitCircle(_ share: Double) -> Point {
    let angle = (share - share.rounded()) * 2 * Double.pi / 64
    var point = Point(1 - angle * angle / 2, angle - angle * angle * angle / 6)
    for _ in 0..<6 { point = Point(point.x * point.x - point.y * point.y, 2 * point.x * point.y) }
    return point / (point.x * point.x + point.y * point.y).squareRoot()
  }

  /// How one digit is turned, slanted, scaled, shifted and how thick it is.
  private struct Pen {
    let columns: (Point, Point)
    let shift: Point
    let width: Double

    init(_ random: inout some RandomNumberGenerator) {
      func within(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
      let turn = DrawnDigits.unitCircle(within(-0.04...0.04))
      let (wide, high) = (within(0.72...1.12), within(0.85...1.1))
      let slant = within(-0.25...0.25)
      columns = (Point(turn.x, turn.y) * wide, Point(slant - turn.y, turn.x) * high)
      shift = Point(within(-0.14...0.14), within(-0.08...0.08))
      width = within(0.11...0.2)
    }

    func strokes(_ shape: [[Point]], _ random: inout some RandomNumberGenerator) -> (lines: [[Point]], width: Double) {
      let lines = shape.map { line in
        line.map { point in
          let wander = Point(.random(in: -0.05...0.05, using: &random), .random(in: -0.05...0.05, using: &random))
          return columns.0 * (point.x + wander.x) + columns.1 * (point.y + wander.y) + shift
        }
      }
      return (lines, width)
    }
  }

  /// Which of 32×32 dots lie within half a pen's width of a stroke.
  private static func bitmap(_ drawing: (lines: [[Point]], width: Double)) -> [Bool] {
    var dots = [Bool](repeating: false, count: 32 * 32)
    let reach = drawing.width
    for line in drawing.lines {
      for (start, end) in zip(line, line.dropFirst()) {
        let along = end - start
        let square = max(1e-12, (along * along).sum())
        let (low, high) = (pointwiseMin(start, end) - reach, pointwiseMax(start, end) + reach)
        for row in dot(low.y)..<max(dot(low.y), dot(high.y) + 1) {
          for column in dot(low.x)..<max(dot(low.x), dot(high.x) + 1) {
            let place = Point(Double(column) - 15.5, Double(row) - 15.5) / 15.5
            let share = min(1, max(0, ((place - start) * along).sum() / square))
            let away = place - start - along * share
            if (away * away).sum() <= reach * reach { dots[row * 32 + column] = true }
          }
        }
      }
    }
    return dots
  }

  private static func dot(_ place: Double) -> Int { min(31, max(0, Int((place * 15.5 + 15.5).rounded()))) }

  /// Dots set in each block of 4×4.
  private static func blocks(_ dots: [Bool]) -> [Double] {
    var counts = [Double](repeating: 0, count: side * side)
    for (index, isSet) in dots.enumerated() where isSet { counts[index / 128 * side + index % 32 / 4] += 1 }
    return counts
  }
}
