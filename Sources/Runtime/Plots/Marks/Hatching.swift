/// Patterns that tell bars apart without color.
enum Hatching {
  private static let distance = 7.0

  /// The lines of a series' pattern inside a rectangle; the first series has none.
  static func lines(in rect: Rect, series: Int) -> [[Point]] {
    guard rect.width > 0, rect.height > 0 else { return [] }
    switch series % 6 {
    case 1: return diagonals(in: rect, rising: true)
    case 2: return diagonals(in: rect, rising: false)
    case 3: return levels(in: rect)
    case 4: return uprights(in: rect)
    case 5: return diagonals(in: rect, rising: true) + diagonals(in: rect, rising: false)
    default: return []
    }
  }

  private static func levels(in rect: Rect) -> [[Point]] {
    stride(from: rect.bottom - distance, to: rect.top, by: -distance).map {
      [Point(rect.left, $0), Point(rect.right, $0)]
    }
  }

  private static func uprights(in rect: Rect) -> [[Point]] {
    let count = max(Int(rect.width / distance), 1)
    let step = rect.width / Double(count + 1)
    return (1...count).map {
      [Point(rect.left + Double($0) * step, rect.top), Point(rect.left + Double($0) * step, rect.bottom)]
    }
  }

  /// Lines at 45°, cut at the edges.
  private static func diagonals(in rect: Rect, rising: Bool) -> [[Point]] {
    stride(from: distance, to: rect.width + rect.height, by: distance).compactMap { offset in
      // Where the line x + y = offset, counted from a corner, enters and leaves the rectangle.
      let startX = max(0, offset - rect.height)
      let endX = min(rect.width, offset)
      guard endX > startX else { return nil }
      let (startY, endY) = (offset - startX, offset - endX)
      return rising
        ? [Point(rect.left + startX, rect.top + startY), Point(rect.left + endX, rect.top + endY)]
        : [Point(rect.right - startX, rect.top + startY), Point(rect.right - endX, rect.top + endY)]
    }
  }
}
