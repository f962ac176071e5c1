/// A list that marks can be made from: numbers or names.
///
/// Arrays of `Double`, `Float`, integers, optional numbers and strings conform, and so do ranges and strides.
public protocol PlotData {
  /// The list as places on an axis.
  var coordinates: Coordinates { get }
}

/// Places on an axis: numbers, or names that get a place each in the order in which they first appear.
public enum Coordinates: Sendable, Equatable {
  /// Places of their own; NaN stands for a missing number.
  case numbers([Double])
  /// Places that the axis gives.
  case names([String])

  /// Number of places.
  public var count: Int {
    switch self {
    case .numbers(let values): values.count
    case .names(let names): names.count
    }
  }

  /// The numbers, or 0, 1, 2, … for names.
  public var values: [Double] {
    switch self {
    case .numbers(let values): values
    case .names(let names): names.indices.map(Double.init)
    }
  }

  var names: [String]? {
    if case .names(let names) = self { names } else { nil }
  }
}

/// An element of a list that marks can be made from.
public protocol PlotElement {
  /// A list of such elements as places on an axis.
  static func coordinates(_ list: some Sequence<Self>) -> Coordinates
}

extension Double: PlotElement {
  /// The numbers themselves.
  public static func coordinates(_ list: some Sequence<Double>) -> Coordinates { .numbers(Array(list)) }
}

extension Float: PlotElement {
  /// The numbers in double precision.
  public static func coordinates(_ list: some Sequence<Float>) -> Coordinates { .numbers(list.map(Double.init)) }
}

extension Int: PlotElement {
  /// The numbers in floating point.
  public static func coordinates(_ list: some Sequence<Int>) -> Coordinates { .numbers(list.map(Double.init)) }
}

extension Int32: PlotElement {
  /// The numbers in floating point.
  public static func coordinates(_ list: some Sequence<Int32>) -> Coordinates { .numbers(list.map(Double.init)) }
}

extension UInt8: PlotElement {
  /// The numbers in floating point.
  public static func coordinates(_ list: some Sequence<UInt8>) -> Coordinates { .numbers(list.map(Double.init)) }
}

extension String: PlotElement {
  /// Names that the axis gives places to.
  public static func coordinates(_ list: some Sequence<String>) -> Coordinates { .names(Array(list)) }
}

extension Optional: PlotElement where Wrapped: PlotElement & BinaryFloatingPoint {
  /// The numbers; nil leaves a gap.
  public static func coordinates(_ list: some Sequence<Wrapped?>) -> Coordinates {
    .numbers(list.map { $0.map { Double($0) } ?? .nan })
  }
}

extension Array: PlotData where Element: PlotElement {
  /// The elements as places.
  public var coordinates: Coordinates { Element.coordinates(self) }
}

extension ArraySlice: PlotData where Element: PlotElement {
  /// The elements as places.
  public var coordinates: Coordinates { Element.coordinates(self) }
}

extension ContiguousArray: PlotData where Element: PlotElement {
  /// The elements as places.
  public var coordinates: Coordinates { Element.coordinates(self) }
}

extension Range: PlotData where Bound == Int {
  /// The whole numbers of the range.
  public var coordinates: Coordinates { .numbers(map(Double.init)) }
}

extension ClosedRange: PlotData where Bound == Int {
  /// The whole numbers of the range.
  public var coordinates: Coordinates { .numbers(map(Double.init)) }
}

extension StrideTo: PlotData where Element: PlotElement {
  /// The steps as places.
  public var coordinates: Coordinates { Element.coordinates(self) }
}

extension StrideThrough: PlotData where Element: PlotElement {
  /// The steps as places.
  public var coordinates: Coordinates { Element.coordinates(self) }
}

extension Coordinates: PlotData {
  /// The places themselves.
  public var coordinates: Coordinates { self }
}
