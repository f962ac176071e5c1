internal import Glibc
public import Tensors

/// The training loss of a diffusion, item by item.
public struct DiffusionLoss<Scalar: TensorScalar>: Sendable {
  /// Mean square error of the noise, `[batch]`.
  public var meanSquare: Tensor<Scalar>
  /// The term of the variational bound in bits per dimension, `[batch]`; nil for a fixed variance.
  public var bound: Tensor<Scalar>?

  /// The mean of both terms' sum over the items.
  public var total: Tensor<Scalar> { (bound.map { meanSquare + $0 } ?? meanSquare).mean() }
}

extension NoiseSchedule {
  /// MSE(ε) + L_vb, where the bound trains the variance only: no gradient passes through its mean.
  ///
  /// For t > 0 the bound's term is the divergence of the true step back from the predicted one; at t = 0 it is the negative
  /// log-likelihood of x_0 in bins of width 2/255. Source: Nichol and Dhariwal, 2021, equations 15 and 16.
  ///
  /// - Parameters:
  ///   - prediction: what the network says about x_t.
  ///   - start: x_0 in -1…1, `[batch, …]`.
  ///   - noise: ε that made x_t.
  ///   - items: x_t.
  ///   - steps: t of each item.
  /// - Returns: both terms, one number an item.
  /// - Throws: `.step` or `.shape`.
  public func loss<Scalar: TensorScalar>(
    _ prediction: NoisePrediction<Scalar>,
    start: Tensor<Scalar>,
    noise: Tensor<Scalar>,
    items: Tensor<Scalar>,
    at steps: [Int]
  ) throws(DiffusionError) -> DiffusionLoss<Scalar> {
    let axes = Array(1..<items.rank)
    let meanSquare = (prediction.noise - noise).squared().mean(axes)
    guard let variance = prediction.variance else { return DiffusionLoss(meanSquare: meanSquare) }
    let frozen = NoisePrediction(noise: prediction.noise.withoutGradient(), variance: variance)
    let back = try reverse(frozen, items: items, at: steps)
    let mean = try posteriorMean(start: start, items: items, at: steps)
    let logVariance = try factor(steps, items) { logPosteriorVariances[$0] }
    var bound = Self.divergence(mean, logVariance, from: back).mean(axes)
    if steps.contains(0) {
      let atBeginning = Tensor<Scalar>(steps.map { $0 == 0 ? 1 : 0 })
      let likelihood = Self.binLogLikelihood(start, back).mean(axes)
      bound = bound * (1 - atBeginning) - likelihood * atBeginning
    }
    return DiffusionLoss(meanSquare: meanSquare, bound: bound * Scalar(1 / M_LN2))
  }

  /// Divergence of normal distributions, KL(true ‖ predicted), value by value.
  private static func divergence<Scalar: TensorScalar>(
    _ mean: Tensor<Scalar>,
    _ logVariance: Tensor<Scalar>,
    from other: ReverseStep<Scalar>
  ) -> Tensor<Scalar> {
    let distance = (mean - other.mean).squared() * (-other.logVariance).exp()
    return (other.logVariance - logVariance + (logVariance - other.logVariance).exp() + distance - 1) * 0.5
  }

  /// log of the probability of a bin of width 2/255 around each value; the outermost bins are open.
  private static func binLogLikelihood<Scalar: TensorScalar>(
    _ values: Tensor<Scalar>,
    _ step: ReverseStep<Scalar>
  ) -> Tensor<Scalar> {
    let sharpness = (step.logVariance * -0.5).exp()
    let distance = values - step.mean
    let half: Scalar = 1 / 255
    let below = normalProbability((distance - half) * sharpness)
    let above = normalProbability((distance + half) * sharpness)
    func safeLog(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.clamped(to: 1e-12...Scalar.greatestFiniteMagnitude).log() }
    let inner = safeLog(above - below)
    let withLower = safeLog(above).selecting(where: values .< -0.999, otherwise: inner)
    return safeLog(1 - below).selecting(where: values .> 0.999, otherwise: withLower)
  }

  /// The normal distribution function by tanh, as the reference computes it.
  private static func normalProbability<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let scale = Scalar((2 / Double.pi).squareRoot())
    return (((x + x * x.squared() * 0.044715) * scale).tanh() + 1) * 0.5
  }
}
