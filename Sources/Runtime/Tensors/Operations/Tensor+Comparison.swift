extension Tensor where Scalar: TensorScalar {
  private func compared(_ other: Tensor, _ name: StaticString, _ body: (Scalar, Scalar) -> Bool) -> Tensor<Bool> {
    let shape = broadcastShape(shape, other.shape, name)
    let a = broadcastRaw(to: shape)
    let b = other.broadcastRaw(to: shape)
    let result = Tensor<Bool>(uninitialized: shape)
    withExtendedLifetime((a.storage, b.storage)) {
      let (x, y, to) = (a.pointer, b.pointer, result.output)
      for index in 0..<result.count { to[index] = body(x[index], y[index]) }
    }
    return result
  }

  /// Where values are equal.
  public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(b, ".==") { $0 == $1 } }
  /// Where values are smaller.
  public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(b, ".<") { $0 < $1 } }
  /// Where values are smaller or equal.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(b, ".<=") { $0 <= $1 } }
  /// Where values are larger.
  public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(b, ".>") { $0 > $1 } }
  /// Where values are larger or equal.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> { a.compared(b, ".>=") { $0 >= $1 } }
  /// Where values are smaller than a number.
  public static func .< (a: Tensor, b: Scalar) -> Tensor<Bool> { a.mapValues { $0 < b } }
  /// Where values are larger than a number.
  public static func .> (a: Tensor, b: Scalar) -> Tensor<Bool> { a.mapValues { $0 > b } }
  /// Where values equal a number.
  public static func .== (a: Tensor, b: Scalar) -> Tensor<Bool> { a.mapValues { $0 == b } }

  /// Values of this tensor where the condition holds, of another elsewhere; axes of length 1 repeat.
  ///
  /// - Parameters:
  ///   - condition: where to keep this tensor's values.
  ///   - other: values elsewhere.
  /// - Returns: the mixture.
  public func selecting(where condition: Tensor<Bool>, otherwise other: Tensor) -> Tensor {
    let target = broadcastShape(broadcastShape(shape, other.shape, "selecting"), condition.shape, "selecting")
    let (a, b) = (broadcastRaw(to: target), other.broadcastRaw(to: target))
    let mask = condition.broadcastRaw(to: target)
    let result = Tensor(uninitialized: target)
    withExtendedLifetime((a.storage, b.storage, mask.storage)) {
      let (x, y, choice, to) = (a.pointer, b.pointer, mask.pointer, result.output)
      for index in 0..<result.count { to[index] = choice[index] ? x[index] : y[index] }
    }
    let (shapeA, shapeB) = (shape, other.shape)
    return result.recorded(
      "selecting",
      from: self,
      { ($0.selecting(where: mask, otherwise: Tensor(0))).reduced(to: shapeA) },
      from: other,
      { (Tensor(0).selecting(where: mask, otherwise: $0)).reduced(to: shapeB) }
    )
  }

  /// A number in place of the values where the condition holds.
  public func replacing(where condition: Tensor<Bool>, with value: Scalar) -> Tensor {
    Tensor(value).selecting(where: condition, otherwise: self)
  }

  /// Whether shapes are equal and values differ by no more than absolute + relative · |other|.
  public func isClose(to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8) -> Bool {
    guard shape == other.shape else { return false }
    return zip(values, other.values).allSatisfy {
      Swift.abs($0.asDouble - $1.asDouble) <= absolute + relative * Swift.abs($1.asDouble) || $0 == $1
    }
  }
}

extension Tensor where Scalar == Bool {
  /// Where the condition does not hold.
  public static prefix func ! (a: Tensor) -> Tensor { a.mapValues { !$0 } }
  /// How often the condition holds.
  public var trueCount: Int { withUnsafeValues { $0.reduce(0) { $0 + ($1 ? 1 : 0) } } }
  /// Positions in the flat array where the condition holds.
  public var truePositions: Tensor<Int> { Tensor<Int>(values.enumerated().filter(\.element).map(\.offset)) }
}
