/// What a tensor can hold: numbers and truth values of fixed size.
public protocol TensorElement: Sendable, Equatable, BitwiseCopyable {
  /// Zero, or false.
  static var zeroElement: Self { get }
}

/// What a tensor can calculate with: Float and Double, and no others.
public protocol TensorScalar: TensorElement, BinaryFloatingPoint, LosslessStringConvertible {
  /// The same number as a double.
  var asDouble: Double { get }
}

extension Float: TensorScalar {
  /// Zero.
  public static var zeroElement: Float { 0 }
  /// The same number as a double.
  public var asDouble: Double { Double(self) }
}

extension Double: TensorScalar {
  /// Zero.
  public static var zeroElement: Double { 0 }
  /// The number itself.
  public var asDouble: Double { self }
}

extension Int: TensorElement {
  /// Zero.
  public static var zeroElement: Int { 0 }
}

extension Int32: TensorElement {
  /// Zero.
  public static var zeroElement: Int32 { 0 }
}

extension UInt8: TensorElement {
  /// Zero.
  public static var zeroElement: UInt8 { 0 }
}

extension Bool: TensorElement {
  /// False.
  public static var zeroElement: Bool { false }
}

/// An array of any number of axes, last axis fastest, with value semantics.
///
/// Values lie in one contiguous run of a shared buffer, which is copied only when a tensor that shares it changes.
/// Reshapes and slices of the first axis share the buffer; other rearrangements copy.
public struct Tensor<Scalar: TensorElement>: Sendable {
  package var storage: Storage
  package var offset: Int
  /// Length of each axis; empty for a single number.
  public package(set) var shape: [Int]
  /// Number of values.
  public let count: Int
  /// Where operations on this tensor are noted down, and under which number; nil for constants.
  package var tape: Tape<Scalar>?
  package var slot = -1

  package init(storage: Storage, offset: Int, shape: [Int], count: Int) {
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.count = count
  }

  /// Makes a tensor whose values are not set yet.
  package init(uninitialized shape: [Int]) {
    let count = elementCount(shape)
    self.init(
      storage: Storage(bytes: count * MemoryLayout<Scalar>.stride),
      offset: 0,
      shape: shape,
      count: count
    )
  }

  /// Makes a tensor whose values are not set yet, with the shape of another.
  package init<Other>(like other: Tensor<Other>) {
    self.init(
      storage: Storage(bytes: other.count * MemoryLayout<Scalar>.stride),
      offset: 0,
      shape: other.shape,
      count: other.count
    )
  }

  /// Makes a tensor of equal values.
  public init(repeating value: Scalar, shape: [Int]) {
    self.init(uninitialized: shape)
    fill(value)
  }

  /// Makes a tensor from values in order, last axis fastest.
  public init(_ values: [Scalar], shape: [Int]) {
    precondition(
      values.count == elementCount(shape),
      "Tensor: \(values.count) values do not fill shape \(shape), which holds \(elementCount(shape))"
    )
    self.init(uninitialized: shape)
    copyValues(of: values)
  }

  /// Makes a tensor of one axis.
  public init(_ values: [Scalar]) { self.init(values, shape: [values.count]) }

  /// Makes a matrix from rows of equal length.
  public init(rows: [[Scalar]]) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "Tensor(rows:): rows have lengths \(rows.map(\.count))")
    self.init(rows.flatMap { $0 }, shape: [rows.count, columns])
  }

  /// Makes a tensor of no axes.
  public init(_ value: Scalar) { self.init(repeating: value, shape: []) }

  /// Number of axes.
  public var rank: Int { shape.count }

  /// The values in order, last axis fastest.
  public var values: [Scalar] {
    let start = pointer
    return withExtendedLifetime(storage) { Array(UnsafeBufferPointer(start: start, count: count)) }
  }

  /// The value of a tensor that holds just one.
  public var value: Scalar {
    precondition(count == 1, "Tensor.value: shape \(shape) holds \(count) values; take one of them")
    return withExtendedLifetime(storage) { pointer[0] }
  }

  /// One value, by a position on each axis; negative positions count from the end.
  public subscript(position: Int...) -> Scalar {
    get { withExtendedLifetime(storage) { pointer[flatIndex(position)] } }
    set {
      let index = flatIndex(position)
      withMutablePointer { $0[index] = newValue }
    }
  }

  private func flatIndex(_ position: [Int]) -> Int {
    precondition(position.count == rank, "Tensor: \(position.count) positions for shape \(shape)")
    var index = 0
    for (axis, place) in position.enumerated() {
      let place = place < 0 ? place + shape[axis] : place
      precondition(
        place >= 0 && place < shape[axis],
        "Tensor: position \(position[axis]) on axis \(axis) of shape \(shape)"
      )
      index = index * shape[axis] + place
    }
    return index
  }
}

/// Number of values in a shape.
package func elementCount(_ shape: [Int]) -> Int {
  var count = 1
  for length in shape {
    precondition(length >= 0, "Tensor: shape \(shape) has a negative length")
    let (product, overflow) = count.multipliedReportingOverflow(by: length)
    precondition(!overflow, "Tensor: shape \(shape) holds more values than can be counted")
    count = product
  }
  return count
}

extension Tensor: Equatable {
  /// Whether shapes and all values are equal; NaN equals nothing.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    return withExtendedLifetime((a.storage, b.storage)) {
      let x = a.pointer
      let y = b.pointer
      for index in 0..<a.count where x[index] != y[index] { return false }
      return true
    }
  }
}

extension Tensor where Scalar: TensorScalar {
  /// Makes a tensor of zeros.
  public static func zeros(_ shape: [Int]) -> Tensor { Tensor(repeating: 0, shape: shape) }

  /// Makes a tensor of ones.
  public static func ones(_ shape: [Int]) -> Tensor { Tensor(repeating: 1, shape: shape) }

  /// The identity matrix, `[size, size]`.
  public static func identity(_ size: Int) -> Tensor {
    var result = zeros([size, size])
    result.withMutablePointer { for index in 0..<size { $0[index * size + index] = 1 } }
    return result
  }

  /// Equally spaced values, both ends included, `[count]`.
  public static func linear(from first: Scalar, through last: Scalar, count: Int) -> Tensor {
    Tensor(
      (0..<count).map { first + (last - first) * Scalar($0) / Scalar(Swift.max(1, count - 1)) }
    )
  }

  /// The same values in another precision; gradients do not pass.
  public func converted<Other: TensorScalar>(to type: Other.Type = Other.self) -> Tensor<Other> {
    precondition(
      !isRecorded,
      "Tensor.converted: gradients do not pass from \(Scalar.self) to \(Other.self); call withoutGradient() first"
    )
    return mapValues { Other($0.asDouble) }
  }
}

extension Tensor where Scalar == Int {
  /// Whole numbers from 0 up, `[count]`.
  public static func range(_ count: Int) -> Tensor { Tensor(Array(0..<count)) }

  /// The same numbers as Float or Double.
  public func converted<Other: TensorScalar>(to type: Other.Type = Other.self) -> Tensor<Other> {
    mapValues { Other($0) }
  }
}

extension Tensor where Scalar == Bool {
  /// 1 where true, 0 where false.
  public func converted<Other: TensorScalar>(to type: Other.Type = Other.self) -> Tensor<Other> {
    mapValues { $0 ? 1 : 0 }
  }
}
