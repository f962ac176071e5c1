extension Tensor where Scalar: TensorScalar {
  /// One value for each value, without a gradient.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func mapped(_ function: Function, _ p: Scalar = 0, _ q: Scalar = 0) -> Tensor {
    let result = Tensor(like: self)
    let to = result.output
    withExtendedLifetime(storage) {
      let from = pointer
      Threads.split(count, cost: function.cost) {
        Kernels.map(function, from + $0.lowerBound, to + $0.lowerBound, $0.count, p, q)
      }
    }
    return result
  }

  /// One value for each value, and its gradient.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func applied(_ function: Function, _ name: StaticString, _ p: Scalar = 0, _ q: Scalar = 0) -> Tensor {
    let result = mapped(function, p, q)
    guard isRecorded else { return result }
    switch function {
    case .shift: return result.recorded(name, from: self) { $0 }
    case .scale: return result.recorded(name, from: self) { $0.mapped(.scale, p) }
    case .negate: return result.recorded(name, from: self) { $0.mapped(.negate) }
    default: break
    }
    // Only what the gradient reads is kept.
    let x = function.usesResultOnly ? result : withoutGradient()
    let y = function.usesResultOnly || function == .elu ? result : x
    return result.recorded(name, from: self) { gradient in
      let out = Tensor(like: gradient)
      let to = out.output
      withExtendedLifetime((x.storage, y.storage, gradient.storage)) {
        let (from, value, up) = (x.pointer, y.pointer, gradient.pointer)
        Threads.split(out.count, cost: function.cost) { range in
          let start = range.lowerBound
          Kernels.mapGradient(function, from + start, value + start, up + start, to + start, range.count, p, q)
        }
      }
      return out
    }
  }

  /// |x|; the gradient at 0 is 0.
  public func abs() -> Tensor { applied(.abs, "abs") }
  /// -1, 0 or 1; its gradient is 0.
  public func sign() -> Tensor { applied(.sign, "sign") }
  /// x².
  public func squared() -> Tensor { applied(.square, "squared") }
  /// √x; its gradient at 0 is infinite.
  public func sqrt() -> Tensor { applied(.sqrt, "sqrt") }
  /// 1/√x.
  public func reciprocalSqrt() -> Tensor { applied(.rsqrt, "reciprocalSqrt") }
  /// 1/x.
  public func reciprocal() -> Tensor { applied(.reciprocal, "reciprocal") }
  /// e^x.
  public func exp() -> Tensor { applied(.exp, "exp") }
  /// e^x - 1, exact for small x.
  public func expMinusOne() -> Tensor { applied(.expm1, "expMinusOne") }
  /// Natural logarithm.
  public func log() -> Tensor { applied(.log, "log") }
  /// log(1 + x), exact for small x.
  public func logOnePlus() -> Tensor { applied(.log1p, "logOnePlus") }
  /// Sine of x in radians.
  public func sin() -> Tensor { applied(.sin, "sin") }
  /// Cosine of x in radians.
  public func cos() -> Tensor { applied(.cos, "cos") }
  /// Hyperbolic tangent.
  public func tanh() -> Tensor { applied(.tanh, "tanh") }
  /// 1 / (1 + e^-x).
  public func sigmoid() -> Tensor { applied(.sigmoid, "sigmoid") }
  /// max(x, 0).
  public func relu() -> Tensor { applied(.relu, "relu") }
  /// max(x, 0)².
  public func squaredReLU() -> Tensor { applied(.squaredReLU, "squaredReLU") }
  /// x where positive, slope · x elsewhere.
  public func leakyReLU(slope: Scalar = 0.01) -> Tensor { applied(.leaky, "leakyReLU", slope) }
  /// x where positive, scale · (e^x - 1) elsewhere.
  public func elu(scale: Scalar = 1) -> Tensor { applied(.elu, "elu", scale) }
  /// x Φ(x), with the normal distribution function Φ.
  public func gelu() -> Tensor { applied(.gelu, "gelu") }
  /// The approximation of GELU by tanh: x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))).
  public func geluTanh() -> Tensor { applied(.geluTanh, "geluTanh") }
  /// x / (1 + e^-x), also called swish.
  public func silu() -> Tensor { applied(.silu, "silu") }
  /// log(1 + e^x).
  public func softplus() -> Tensor { applied(.softplus, "softplus") }
  /// Error function.
  public func erf() -> Tensor { applied(.erf, "erf") }
  /// Largest whole number not above x; its gradient is 0.
  public func floor() -> Tensor { applied(.floor, "floor") }
  /// Nearest whole number, halves to even; its gradient is 0.
  public func rounded() -> Tensor { applied(.round, "rounded") }
  /// x to a power.
  public func power(_ exponent: Scalar) -> Tensor {
    exponent == 2 ? squared() : applied(.power, "power", exponent)
  }
  /// x moved into a range; the gradient passes within it, ends included.
  public func clamped(to range: ClosedRange<Scalar>) -> Tensor {
    applied(.clamp, "clamped", range.lowerBound, range.upperBound)
  }
}

extension Function {
  /// Work of one value, where an addition is 1.
  var cost: Int {
    switch self {
    case .sin, .cos, .expm1, .log1p, .power: 32
    case .exp, .log, .tanh, .sigmoid, .gelu, .geluTanh, .silu, .softplus, .elu, .erf: 8
    default: 1
    }
  }
}
