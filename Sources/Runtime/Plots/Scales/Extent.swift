/// What the marks of a figure need of one axis.
public struct Extent: Sendable, Equatable {
  /// Numbers beyond this have no place: differences of them leave the range of floating point.
  static let largest = 1e300
  /// A range narrower than this is drawn as one number, since no step within it can be computed with.
  static let smallestSpan = 1e-290

  /// Kind of the axis: on a logarithmic one, numbers at or below zero do not count.
  public let scale: AxisScale
  /// Smallest number, infinite while there is none.
  public private(set) var lower = Double.infinity
  /// Largest number, minus infinite while there is none.
  public private(set) var upper = -Double.infinity
  /// Names that have a place, in order.
  public private(set) var names: [String] = []
  /// Numbers that were given but have no place: missing, infinite, or at or below zero on a logarithmic axis.
  public private(set) var skippedCount = 0
  /// Numbers or names that have a place.
  public private(set) var placedCount = 0
  /// A number at which the axis ends without a margin, such as the foot of bars.
  public var baseline: Double?
  /// Whether the data fill the axis from end to end, as a heat map does.
  public var isTight = false
  /// Whether numbers grow downwards or leftwards unless the author says otherwise, as rows of a matrix do.
  public var isReversed = false
  package private(set) var hasNumbers = false
  private var places: [String: Int] = [:]

  init(scale: AxisScale) { self.scale = scale }

  /// Makes room for numbers.
  public mutating func include(_ values: [Double]) {
    hasNumbers = hasNumbers || !values.isEmpty
    let needsPositive = scale == .logarithmic
    var (low, high, skipped) = (lower, upper, 0)
    for value in values {
      if !(value.magnitude <= Self.largest) || (needsPositive && value <= 0) {
        skipped += 1
      } else {
        if value < low { low = value }
        if value > high { high = value }
      }
    }
    (lower, upper) = (low, high)
    skippedCount += skipped
    placedCount += values.count - skipped
  }

  /// Makes room for one number that is no datum, such as the edge of a bar.
  public mutating func widen(to value: Double) {
    guard value.magnitude <= Self.largest, scale != .logarithmic || value > 0 else { return }
    lower = min(lower, value)
    upper = max(upper, value)
  }

  /// Makes room for numbers or names.
  public mutating func include(_ coordinates: Coordinates) {
    switch coordinates {
    case .numbers(let values): include(values)
    case .names(let list):
      for name in list where places[name] == nil {
        places[name] = names.count
        names.append(name)
      }
      placedCount += list.count
    }
  }

  /// Places of numbers or names as numbers of the axis.
  func values(_ coordinates: Coordinates) -> [Double] {
    switch coordinates {
    case .numbers(let values): values
    case .names(let list): list.map { places[$0].map(Double.init) ?? .nan }
    }
  }

  /// The same room as another extent of the same axis, for shared axes.
  mutating func merge(_ other: Extent) {
    widen(to: other.lower)
    widen(to: other.upper)
    include(.names(other.names))
    hasNumbers = hasNumbers || other.hasNumbers
    baseline = baseline ?? other.baseline
    isTight = isTight && other.isTight
  }
}

/// What the marks of a figure need of both axes.
public struct Domain: Sendable, Equatable {
  /// The horizontal axis.
  public var x: Extent
  /// The vertical axis.
  public var y: Extent

  init(x: AxisScale = .linear, y: AxisScale = .linear) {
    self.x = Extent(scale: x)
    self.y = Extent(scale: y)
  }
}
