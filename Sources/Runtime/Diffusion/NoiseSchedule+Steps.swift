internal import Glibc
public import Tensors

/// What a network predicts about noisy items.
public struct NoisePrediction<Scalar: TensorScalar>: Sendable {
  /// ε, the noise, in the shape of the items.
  public var noise: Tensor<Scalar>
  /// v in about -1…1, where the variance lies between its bounds; nil for a fixed variance.
  public var variance: Tensor<Scalar>?

  /// Puts both together.
  public init(noise: Tensor<Scalar>, variance: Tensor<Scalar>? = nil) {
    (self.noise, self.variance) = (noise, variance)
  }

  /// Cuts a network's output along axis 1: the noise, and the variance where there are twice as many channels.
  ///
  /// - Parameters:
  ///   - output: `[batch, channels or 2 · channels, …]`.
  ///   - channels: channels of an item.
  /// - Throws: `.shape`.
  public init(_ output: Tensor<Scalar>, channels: Int) throws(DiffusionError) {
    if output.rank > 1, output.shape[1] == channels {
      self.init(noise: output)
      return
    }
    guard output.rank > 1, output.shape[1] == 2 * channels else {
      var expected = output.shape
      if expected.count > 1 { expected[1] = 2 * channels }
      throw .shape(what: "output of the network", expected: expected, got: output.shape)
    }
    let parts = output.split(into: 2, axis: 1)
    self.init(noise: parts[0], variance: parts[1])
  }
}

/// The step back from x_t as a normal distribution.
public struct ReverseStep<Scalar: TensorScalar>: Sendable {
  /// Its mean.
  public var mean: Tensor<Scalar>
  /// The logarithm of its variance; of the items' shape, or one value an item.
  public var logVariance: Tensor<Scalar>
  /// The beginning x_0 that the network's noise implies.
  public var start: Tensor<Scalar>
}

extension NoiseSchedule {
  /// x_t = √ᾱ_t x_0 + √(1 - ᾱ_t) ε.
  ///
  /// - Parameters:
  ///   - start: x_0, `[batch, …]`.
  ///   - noise: ε, the same shape.
  ///   - steps: t of each item.
  /// - Returns: the noisy items.
  /// - Throws: `.step` or `.shape`.
  public func noised<Scalar: TensorScalar>(
    _ start: Tensor<Scalar>,
    noise: Tensor<Scalar>,
    at steps: [Int]
  ) throws(DiffusionError) -> Tensor<Scalar> {
    try check(noise, start.shape, "noise")
    return start * (try factor(steps, start) { signal[$0].squareRoot() })
      + noise * (try factor(steps, start) { (1 - signal[$0]).squareRoot() })
  }

  /// The x_0 that a noise implies: x_t / √ᾱ_t - ε √(1 / ᾱ_t - 1).
  ///
  /// - Throws: `.step` or `.shape`.
  public func start<Scalar: TensorScalar>(
    from items: Tensor<Scalar>,
    noise: Tensor<Scalar>,
    at steps: [Int]
  ) throws(DiffusionError) -> Tensor<Scalar> {
    try check(noise, items.shape, "noise")
    return items * (try factor(steps, items) { (1 / signal[$0]).squareRoot() })
      - noise * (try factor(steps, items) { (1 / signal[$0] - 1).squareRoot() })
  }

  /// The mean of x_{t-1} when x_0 and x_t are known.
  ///
  /// - Throws: `.step` or `.shape`.
  public func posteriorMean<Scalar: TensorScalar>(
    start: Tensor<Scalar>,
    items: Tensor<Scalar>,
    at steps: [Int]
  ) throws(DiffusionError) -> Tensor<Scalar> {
    try check(start, items.shape, "beginning")
    let ofStart = try factor(steps, items) { betas[$0] * signal(before: $0).squareRoot() / (1 - signal[$0]) }
    let ofItems = try factor(steps, items) {
      (1 - signal(before: $0)) * (1 - betas[$0]).squareRoot() / (1 - signal[$0])
    }
    return start * ofStart + items * ofItems
  }

  /// The step back that a network's prediction stands for.
  ///
  /// A predicted v gives log Σ = (v + 1)/2 · log β_t + (1 - v)/2 · log β̃_t; without it Σ = β̃_t.
  ///
  /// - Parameters:
  ///   - prediction: noise, and variance where it is learned.
  ///   - items: x_t, `[batch, …]`.
  ///   - steps: t of each item.
  ///   - range: x_0 is cut to it; not where nil.
  /// - Returns: mean, logarithm of the variance, and x_0.
  /// - Throws: `.step` or `.shape`.
  public func reverse<Scalar: TensorScalar>(
    _ prediction: NoisePrediction<Scalar>,
    items: Tensor<Scalar>,
    at steps: [Int],
    clippedTo range: ClosedRange<Scalar>? = nil
  ) throws(DiffusionError) -> ReverseStep<Scalar> {
    var start = try start(from: items, noise: prediction.noise, at: steps)
    if let range { start = start.clamped(to: range) }
    let smallest = try factor(steps, items) { logPosteriorVariances[$0] }
    var logVariance = smallest
    if let variance = prediction.variance {
      try check(variance, items.shape, "predicted variance")
      let largest = try factor(steps, items) { log(betas[$0]) }
      let share = (variance + 1) * 0.5
      logVariance = share * largest + (1 - share) * smallest
    }
    return ReverseStep(
      mean: try posteriorMean(start: start, items: items, at: steps),
      logVariance: logVariance,
      start: start
    )
  }

  /// One number an item, `[batch, 1, …]`.
  func factor<Scalar: TensorScalar>(
    _ steps: [Int],
    _ items: Tensor<Scalar>,
    _ value: (Int) -> Double
  ) throws(DiffusionError) -> Tensor<Scalar> {
    guard items.rank > 0, steps.count == items.shape[0] else {
      throw .value(what: "number of steps", expected: "\(items.shape.first ?? 0), one an item", got: "\(steps.count)")
    }
    var values: [Scalar] = []
    for (item, step) in steps.enumerated() {
      guard betas.indices.contains(step) else { throw .step(item: item, got: step, steps: count) }
      let exact = value(step)
      values.append(Scalar(roundsFactors ? Double(Float(exact)) : exact))
    }
    return Tensor(values, shape: [steps.count] + [Int](repeating: 1, count: items.rank - 1))
  }

  private func check<Scalar>(_ tensor: Tensor<Scalar>, _ shape: [Int], _ what: String) throws(DiffusionError) {
    guard tensor.shape == shape else { throw .shape(what: what, expected: shape, got: tensor.shape) }
  }
}
