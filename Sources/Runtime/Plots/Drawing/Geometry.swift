/// A place in CSS pixels, from the top left corner.
public struct Point: Sendable, Hashable {
  /// Distance from the left edge.
  public var x: Double
  /// Distance from the top edge.
  public var y: Double

  /// Makes a place from its distances.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  var isFinite: Bool { x.isFinite && y.isFinite }
}

/// An upright rectangle in CSS pixels.
public struct Rect: Sendable, Hashable {
  /// Left edge.
  public var x: Double
  /// Top edge.
  public var y: Double
  /// Width, not negative.
  public var width: Double
  /// Height, not negative.
  public var height: Double

  /// Makes a rectangle from its top left corner and size.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The rectangle with two opposite corners.
  public init(from first: Point, to second: Point) {
    self.init(
      x: min(first.x, second.x),
      y: min(first.y, second.y),
      width: abs(second.x - first.x),
      height: abs(second.y - first.y)
    )
  }

  /// Left edge.
  public var left: Double { x }
  /// Right edge.
  public var right: Double { x + width }
  /// Top edge.
  public var top: Double { y }
  /// Bottom edge.
  public var bottom: Double { y + height }
  /// Center.
  public var center: Point { Point(x + width / 2, y + height / 2) }
  /// The four corners, clockwise from the top left.
  public var corners: [Point] { [Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom)] }

  /// Whether a place lies inside or on the edge.
  public func contains(_ point: Point) -> Bool {
    point.x >= left && point.x <= right && point.y >= top && point.y <= bottom
  }

  /// The rectangle with room taken away at each side.
  func inset(by margins: Margins) -> Rect {
    Rect(
      x: x + margins.left,
      y: y + margins.top,
      width: max(width - margins.left - margins.right, 1),
      height: max(height - margins.top - margins.bottom, 1)
    )
  }

  /// The rectangle grown at each side by some pixels.
  func grown(by amount: Double) -> Rect {
    Rect(x: x - amount, y: y - amount, width: width + 2 * amount, height: height + 2 * amount)
  }
}

/// Room around a plot, in CSS pixels.
struct Margins: Equatable {
  var left = 0.0
  var top = 0.0
  var right = 0.0
  var bottom = 0.0
}
