extension Tensor where Scalar: TensorScalar {
  /// Sum, element by element; axes of length 1 repeat.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    return a.paired(.add, b, "+").recorded(
      "+",
      from: a,
      { $0.reduced(to: shapeA) },
      from: b,
      { $0.reduced(to: shapeB) }
    )
  }

  /// Difference, element by element; axes of length 1 repeat.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    return a.paired(.subtract, b, "-").recorded(
      "-",
      from: a,
      { $0.reduced(to: shapeA) },
      from: b,
      { (-$0).reduced(to: shapeB) }
    )
  }

  /// Product, element by element; axes of length 1 repeat.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.withoutGradient(), b.withoutGradient())
    return a.paired(.multiply, b, "*").recorded(
      "*",
      from: a,
      { ($0 * y).reduced(to: x.shape) },
      from: b,
      { ($0 * x).reduced(to: y.shape) }
    )
  }

  /// Quotient, element by element; axes of length 1 repeat.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, y) = (a.shape, b.withoutGradient())
    let result = a.paired(.divide, b, "/")
    return result.recorded(
      "/",
      from: a,
      { ($0 / y).reduced(to: shapeA) },
      from: b,
      { (-($0 * result / y)).reduced(to: y.shape) }
    )
  }

  /// The larger of two, element by element; where equal, each gets half the gradient.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (x, y) = (a.withoutGradient(), b.withoutGradient())
    return a.paired(.maximum, b, "maximum").recorded(
      "maximum",
      from: a,
      { ($0 * share(of: x, over: y)).reduced(to: x.shape) },
      from: b,
      { ($0 * share(of: y, over: x)).reduced(to: y.shape) }
    )
  }

  /// The smaller of two, element by element; where equal, each gets half the gradient.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (x, y) = (a.withoutGradient(), b.withoutGradient())
    return a.paired(.minimum, b, "minimum").recorded(
      "minimum",
      from: a,
      { ($0 * share(of: y, over: x)).reduced(to: x.shape) },
      from: b,
      { ($0 * share(of: x, over: y)).reduced(to: y.shape) }
    )
  }

  /// 1 where a > b, a half where equal, 0 elsewhere.
  private static func share(of a: Tensor, over b: Tensor) -> Tensor {
    (a.paired(.subtract, b, "maximum").mapped(.sign) + 1) * 0.5
  }

  /// The power a^b, element by element, for positive a where b's gradient is needed.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func power(_ exponent: Tensor) -> Tensor {
    let (x, y) = (withoutGradient(), exponent.withoutGradient())
    let result = paired(.power, exponent, "power")
    return result.recorded(
      "power",
      from: self,
      { ($0 * y * x.paired(.power, y - 1, "power")).reduced(to: x.shape) },
      from: exponent,
      { ($0 * result * x.log()).reduced(to: y.shape) }
    )
  }

  /// The angle of the points (x, y) = (other, self), in -π…π.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func atan2(_ other: Tensor) -> Tensor {
    let (y, x) = (withoutGradient(), other.withoutGradient())
    return paired(.atan2, other, "atan2").recorded(
      "atan2",
      from: self,
      { ($0 * x / (x * x + y * y)).reduced(to: y.shape) },
      from: other,
      { (-($0 * y / (x * x + y * y))).reduced(to: x.shape) }
    )
  }

  /// Adds a number to each value.
  public static func + (a: Tensor, b: Scalar) -> Tensor { a.applied(.shift, "+", b) }
  /// Adds each value to a number.
  public static func + (a: Scalar, b: Tensor) -> Tensor { b.applied(.shift, "+", a) }
  /// Subtracts a number from each value.
  public static func - (a: Tensor, b: Scalar) -> Tensor { a.applied(.shift, "-", -b) }
  /// Subtracts each value from a number.
  public static func - (a: Scalar, b: Tensor) -> Tensor { -b + a }
  /// Multiplies each value by a number.
  public static func * (a: Tensor, b: Scalar) -> Tensor { a.applied(.scale, "*", b) }
  /// Multiplies each value by a number.
  public static func * (a: Scalar, b: Tensor) -> Tensor { b.applied(.scale, "*", a) }
  /// Divides each value by a number.
  public static func / (a: Tensor, b: Scalar) -> Tensor { a.applied(.scale, "/", 1 / b) }
  /// Divides a number by each value.
  public static func / (a: Scalar, b: Tensor) -> Tensor { b.reciprocal() * a }
  /// The negative of each value.
  public static prefix func - (a: Tensor) -> Tensor { a.applied(.negate, "-") }

  /// Adds in place; no copy where nobody else has the values.
  public static func += (a: inout Tensor, b: Tensor) {
    if a.isRecorded || b.isRecorded || a.shape != b.shape { a = a + b } else { a.formSum(with: b) }
  }

  /// Subtracts in place.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Multiplies in place.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Divides in place.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
  /// Multiplies in place by a number.
  public static func *= (a: inout Tensor, b: Scalar) { a = a * b }
  /// Divides in place by a number.
  public static func /= (a: inout Tensor, b: Scalar) { a = a / b }
}
