internal import Glibc
public import Layers
public import Tensors

extension Tensor where Scalar == Float {
  /// x / √(mean(x²) + 10⁻⁶) over the last axis: SRMSNorm, a norm without weights.
  func rootMeanSquareNormed() -> Tensor {
    normalized(Normalization(length: shape.last ?? 1, epsilon: 1e-6, centers: false))
  }

  /// `[batch, positions, heads · size]` to `[batch, heads, positions, size]`.
  func splitHeads(_ heads: Int) -> Tensor {
    reshaped([shape[0], shape[1], heads, shape[2] / heads]).permuted([0, 2, 1, 3])
  }

  /// `[batch, heads, positions, size]` to `[batch, positions, heads · size]`.
  func joinedHeads() -> Tensor {
    permuted([0, 2, 1, 3]).reshaped([shape[0], shape[2], shape[1] * shape[3]])
  }
}

extension Linear {
  /// A map without bias whose weights are normal.
  init(_ input: Int, to output: Int, deviation: Double, _ random: inout RandomStream) {
    self.init(inputSize: input, outputSize: output, hasBias: false, random: &random)
    weight = random.normal([output, input], deviation: deviation)
  }
}

/// Standard deviations of initial weights: 0.02, and 0.02/√(2L) for what is added to the residual stream.
struct InitialDeviations {
  let inner = 0.02
  let residual: Double

  init(layers: Int) { residual = 0.02 / Double(2 * layers).squareRoot() }
}

/// W₃(a(W₁x) ⊙ W₂x), where a is the identity (TransNormerLLM) or SiLU (SwiGLU).
public struct GatedUnit: Module {
  /// W₁, `[gated, width]`.
  public var first: Linear
  /// W₂, `[gated, width]`.
  public var second: Linear
  /// W₃, `[width, gated]`.
  public var third: Linear
  private let hasActivation: Bool

  init(_ shape: TransNormerConfiguration, hasActivation: Bool, _ random: inout RandomStream) {
    let deviations = InitialDeviations(layers: shape.layers)
    first = Linear(shape.width, to: shape.gatedWidth, deviation: deviations.inner, &random)
    second = Linear(shape.width, to: shape.gatedWidth, deviation: deviations.inner, &random)
    third = Linear(shape.gatedWidth, to: shape.width, deviation: deviations.residual, &random)
    self.hasActivation = hasActivation
  }

  /// `[…, width]` to `[…, width]`.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let gate = first(x)
    return third((hasActivation ? gate.silu() : gate) * second(x))
  }

  /// Shows `l1`, `l2` and `l3`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("l1", &first)
    visitor.visit("l2", &second)
    visitor.visit("l3", &third)
  }
}

/// LRPE: learned angles θ a head, by which queries and keys at position t become [x cos θt, x sin θt].
struct LearnedAngles: Module {
  /// θ, `[heads, 1, size]`.
  var theta: Tensor<Float>

  init(_ shape: TransNormerConfiguration) {
    let d = shape.width
    let angles = (0..<d).map { Float(pow(10000, -2 * Double($0) / Double(d))) }
    theta = Tensor(angles, shape: [shape.heads, 1, shape.headWidth])
  }

  /// The turned features, `[batch, heads, positions, size]` to twice the size; the first row is at position `first`.
  func callAsFunction(_ x: [Tensor<Float>], first: Int) -> [Tensor<Float>] {
    let n = x[0].shape[2]
    let places = Tensor<Float>((first..<first + n).map { Float($0) }, shape: [n, 1])
    let angles = theta * places
    let (cosine, sine) = (angles.cos(), angles.sin())
    return x.map { .concatenated([$0 * cosine, $0 * sine], axis: 3) }
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("theta", &theta) }
}
