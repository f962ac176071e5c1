public import Tensors

/// Ways from noise to a sample.
public enum Sampler: Sendable, Equatable {
  /// Draws each step back from its distribution.
  ///
  /// Source: J. Ho, A. Jain, P. Abbeel, 2020.
  case ddpm
  /// Goes along the predicted noise, with a share η of fresh noise; deterministic at 0.
  ///
  /// Source: J. Song, C. Meng, S. Ermon, "Denoising diffusion implicit models", 2021, equation 12.
  case ddim(eta: Double = 0)
}

extension NoiseSchedule {
  /// Samples from noise, in as many steps as the schedule has.
  ///
  /// - Parameters:
  ///   - noise: x_T, normal numbers, `[batch, …]`.
  ///   - sampler: how each step goes.
  ///   - range: x_0 is cut to it at each step; not where nil.
  ///   - random: supplies fresh noise.
  ///   - watching: called after each step with its t and the items, noisiest first.
  ///   - predict: what the network says about items, told the original timesteps, one an item.
  /// - Returns: samples, the shape of the noise.
  /// - Throws: what `predict` throws, or `DiffusionError`.
  public func sample(
    from noise: Tensor<Float>,
    by sampler: Sampler = .ddpm,
    clippedTo range: ClosedRange<Float>? = -1...1,
    random: inout RandomStream,
    watching: (_ step: Int, _ items: Tensor<Float>) -> Void = { _, _ in },
    predict: (_ items: Tensor<Float>, _ timesteps: [Int]) throws -> NoisePrediction<Float>
  ) throws -> Tensor<Float> {
    if case .ddim(let eta) = sampler, !(eta >= 0 && eta <= 1) {
      throw DiffusionError.value(what: "η", expected: "in 0…1", got: "\(eta)")
    }
    var items = noise
    for step in stride(from: count - 1, through: 0, by: -1) {
      let steps = [Int](repeating: step, count: noise.shape.first ?? 0)
      let prediction = try predict(items, steps.map { timesteps[$0] })
      let back = try reverse(prediction, items: items, at: steps, clippedTo: range)
      switch sampler {
      case .ddpm:
        items = back.mean
        if step > 0 { items = items + random.normal(noise.shape) * (back.logVariance * 0.5).exp() }
      case .ddim(let eta): items = implicitStep(items, back.start, step, eta, &random)
      }
      watching(step, items)
    }
    return items
  }

  /// √ᾱ_{t-1} x_0 + √(1 - ᾱ_{t-1} - σ²) ε + σ z with the noise ε that x_0, cut or not, implies.
  private func implicitStep(
    _ items: Tensor<Float>,
    _ start: Tensor<Float>,
    _ step: Int,
    _ eta: Double,
    _ random: inout RandomStream
  ) -> Tensor<Float> {
    let (now, before) = (signal[step], signal(before: step))
    let noise = (items - start * Float(now.squareRoot())) * Float(1 / (1 - now).squareRoot())
    let spread = eta * ((1 - before) / (1 - now) * (1 - now / before)).squareRoot()
    let along = max(0, 1 - before - spread * spread).squareRoot()
    let mean = start * Float(before.squareRoot()) + noise * Float(along)
    return spread > 0 && step > 0 ? mean + random.normal(items.shape) * Float(spread) : mean
  }
}
