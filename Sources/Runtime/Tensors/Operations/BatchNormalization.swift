extension Tensor where Scalar: TensorScalar {
  /// (x - mean) / √(variance + ε) · weight + bias for each channel, with the moments of the batch itself.
  ///
  /// - Parameters:
  ///   - weight: factors, `[channels]`, or none.
  ///   - bias: summands, `[channels]`, or none.
  ///   - epsilon: added to the variance.
  /// - Returns: the result `[batch, channels, …]`, and mean and variance (divided by the count), `[channels]` each.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func batchNormalized(
    weight: Tensor? = nil,
    bias: Tensor? = nil,
    epsilon: Double = 1e-5
  ) -> (result: Tensor, mean: Tensor, variance: Tensor) {
    precondition(rank >= 2, "batchNormalized: shape \(shape) must be [batch, channels, …]")
    let channels = shape[1]
    precondition(
      (weight?.shape ?? [channels]) == [channels] && (bias?.shape ?? [channels]) == [channels],
      "batchNormalized: weight \(weight?.shape ?? []) and bias \(bias?.shape ?? []) must have shape [\(channels)]"
    )
    precondition(count > 0, "batchNormalized: shape \(shape) holds no values to take moments of")
    let (mean, variance) = channelMoments()
    let scale = (variance + Scalar(epsilon)).reciprocalSqrt()
    let factor = weight.map { $0.withoutGradient() * scale } ?? scale
    let shift = (bias?.withoutGradient() ?? .zeros([channels])) - mean * factor
    let x = withoutGradient()
    let result = x.scaledByChannel(factor, shift)
    let inputs = [self] + [weight, bias].compactMap { $0 }
    let recorded = result.recorded("batchNormalized", from: inputs) { gradient, needed in
      let flat = [x.shape[0], channels, x.count / (x.shape[0] * channels)]
      let total = gradient.withShape(flat).reducedRaw(.sum, axes: [0, 2])
      let along = (gradient * x).withShape(flat).reducedRaw(.sum, axes: [0, 2])
      // Σ g (x - mean) / deviation.
      let slope = (along - total * mean) * scale
      let per = Scalar(channels) / Scalar(x.count)
      let k = slope * scale * per
      let dx =
        needed[0]
        ? gradient.scaledByChannel(factor, factor * (k * mean - total * per)) - x.scaledByChannel(factor * k, nil) : nil
      let rest: [Tensor?] = [weight == nil ? nil : slope, bias == nil ? nil : total].filter { $0 != nil }
      return zip([dx] + rest, needed).map { $1 ? $0 : nil }
    }
    return (recorded, mean, variance)
  }

  /// x · factor[c] + shift[c] without a gradient.
  private func scaledByChannel(_ factor: Tensor, _ shift: Tensor?) -> Tensor {
    let wide = [shape[1]] + [Int](repeating: 1, count: rank - 2)
    let scaled = withoutGradient() * factor.withShape(wide)
    guard let shift else { return scaled }
    return scaled.addingToAll(shift)
  }

  private func addingToAll(_ shift: Tensor) -> Tensor {
    let length = count / (shape[0] * shape[1])
    let channels = shape[1]
    withExtendedLifetime((storage, shift.storage)) {
      let (to, from) = (output, shift.pointer)
      Threads.split(shape[0] * channels, cost: length) { rows in
        for row in rows {
          let start = to + row * length
          Kernels.zip(.add, start, 1, from + row % channels, 0, start, length)
        }
      }
    }
    return self
  }
}
