/// Reduces long lines and dense clouds to what a picture of this resolution can show.
enum Decimation {
  /// Columns a CSS pixel is split into: the raster form has two device pixels for each.
  private static let columnsPerPixel = 2.0
  /// A corner that strays less than this from a straight line is not seen.
  private static let tolerance = 0.05
  /// Far outside the picture, beyond which coordinates are cut to keep arithmetic exact.
  private static let farAway = 1e5

  /// The unbroken pieces of a line, each with no more corners than can be seen.
  static func visible(_ points: [Point]) -> [[Point]] {
    pieces(points).map { simplified($0.count > 512 ? columnExtremes($0) : $0) }
  }

  /// Splits at places that are not finite.
  private static func pieces(_ points: [Point]) -> [[Point]] {
    var pieces: [[Point]] = []
    var start = 0
    func close(at end: Int) {
      guard end > start else { return }
      pieces.append(points[start..<end].map(limited))
    }
    for (index, point) in points.enumerated() where !point.isFinite {
      close(at: index)
      start = index + 1
    }
    close(at: points.count)
    return pieces
  }

  /// The nearest point that both back ends can compute with.
  static func limited(_ point: Point) -> Point {
    Point(min(max(point.x, -farAway), farAway), min(max(point.y, -farAway), farAway))
  }

  /// Of the points in a row that fall into one column: the first, lowest, highest and last, in their order.
  private static func columnExtremes(_ points: [Point]) -> [Point] {
    var kept: [Point] = []
    var start = 0
    var column = (points[0].x * columnsPerPixel).rounded(.down)
    var (low, high) = (0, 0)
    func close(at end: Int) {
      var last = -1
      for index in [start, min(low, high), max(low, high), end - 1] where index > last {
        kept.append(points[index])
        last = index
      }
    }
    for index in points.indices {
      let here = (points[index].x * columnsPerPixel).rounded(.down)
      if here != column {
        close(at: index)
        (start, low, high, column) = (index, index, index, here)
      } else {
        if points[index].y < points[low].y { low = index }
        if points[index].y > points[high].y { high = index }
      }
    }
    close(at: points.count)
    return kept
  }

  /// Drops corners that lie on a straight line, after Douglas and Peucker (1973), with a stack instead of recursion.
  static func simplified(_ points: [Point]) -> [Point] {
    guard points.count > 2 else { return points }
    var isKept = [Bool](repeating: false, count: points.count)
    isKept[0] = true
    isKept[points.count - 1] = true
    var stack = [(0, points.count - 1)]
    while let (first, last) = stack.popLast() {
      guard last - first > 1 else { continue }
      let (index, distance) = farthest(points, first, last)
      guard distance > tolerance else { continue }
      isKept[index] = true
      stack.append((first, index))
      stack.append((index, last))
    }
    return points.indices.filter { isKept[$0] }.map { points[$0] }
  }

  private static func farthest(_ points: [Point], _ first: Int, _ last: Int) -> (index: Int, distance: Double) {
    let (a, b) = (points[first], points[last])
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = (dx * dx + dy * dy).squareRoot()
    var best = (index: first, distance: -1.0)
    for index in first + 1..<last {
      let (px, py) = (points[index].x - a.x, points[index].y - a.y)
      let along = length > 0 ? (px * dx + py * dy) / length : 0
      // Beyond the ends the distance to the nearer end counts, so that a line that doubles back keeps its turn.
      let distance: Double
      if length == 0 || along < 0 {
        distance = (px * px + py * py).squareRoot()
      } else if along > length {
        distance = ((px - dx) * (px - dx) + (py - dy) * (py - dy)).squareRoot()
      } else {
        distance = abs(px * dy - py * dx) / length
      }
      if distance > best.distance { best = (index, distance) }
    }
    return best
  }

  /// The points inside a frame; of those that share a half pixel, the first.
  static func distinct(_ points: [Point], within frame: Rect) -> [Point] {
    let inside = points.filter { $0.isFinite && frame.contains($0) }
    guard inside.count > 5000 else { return inside }
    let columns = Int(frame.width * columnsPerPixel) + 1
    let rows = Int(frame.height * columnsPerPixel) + 1
    var taken = [Bool](repeating: false, count: columns * rows)
    return inside.filter { point in
      let column = Int((point.x - frame.x) * columnsPerPixel)
      let row = Int((point.y - frame.y) * columnsPerPixel)
      let cell = row * columns + column
      defer { taken[cell] = true }
      return !taken[cell]
    }
  }
}
