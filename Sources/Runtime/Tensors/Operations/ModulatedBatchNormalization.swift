extension Tensor where Scalar: TensorScalar {
  /// Batch normalisation with a summand for each item and channel and a leaky ReLU behind it, in two passes over the values.
  ///
  /// bend((x - mean) / √(variance + ε) · weight + bias + shift) for `[batch, channels, …]`; mean and variance are those of each
  /// channel in this batch. A condition that shifts channels in this way is the additive half of feature-wise modulation (FiLM).
  ///
  /// - Parameters:
  ///   - weight: factors, `[channels]`, or none.
  ///   - bias: summands, `[channels]`, or none.
  ///   - shift: summands of each item, `[batch, channels]`, or none.
  ///   - slope: slope of the leaky ReLU where its argument is negative; 1 leaves the values.
  ///   - epsilon: added to the variance.
  /// - Returns: the result `[batch, channels, …]`, and mean and variance (divided by the count), `[channels]` each.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func modulatedBatchNormalized(
    weight: Tensor? = nil,
    bias: Tensor? = nil,
    shift: Tensor? = nil,
    slope: Scalar = 1,
    epsilon: Double = 1e-5
  ) -> (result: Tensor, mean: Tensor, variance: Tensor) {
    checkChannels("modulatedBatchNormalized", weight, bias, shift)
    let x = withoutGradient()
    let (mean, variance) = x.channelMoments()
    let scale = (variance + Scalar(epsilon)).reciprocalSqrt()
    let factor = weight.map { $0.withoutGradient() * scale } ?? scale
    let summand = (bias?.withoutGradient() ?? .zeros([shape[1]])) - mean * factor
    let rows = x.channelRows(factor, summand, shift?.withoutGradient(), slope)
    let inputs = [self] + [weight, bias, shift].compactMap { $0 }
    let recorded = rows.bent(x).recorded("modulatedBatchNormalized", from: inputs) { gradient, needed in
      let sums = RowSums(rows.sums(x, gradient), channels: x.shape[1])
      let along = sums.spreads(mean: mean, scale: scale)
      // What the moments owe to each value: dx = k v - k (mean of v + x̂ · mean of v x̂).
      let count = Double(x.count / x.shape[1])
      let (curve, level) = (along.map { $0 / count }, sums.totals.map { $0 / count })
      let parts = (0..<x.shape[1]).map { channel -> (along: Double, constant: Double) in
        let own = factor[channel].asDouble * scale[channel].asDouble * curve[channel]
        return (-own, own * mean[channel].asDouble - factor[channel].asDouble * level[channel])
      }
      let dx =
        needed[0]
        ? rows.pulledBack(
          x,
          gradient,
          slopes: rows.factors,
          along: Self.perRow(parts.map(\.along), x.shape[0]),
          constants: Self.perRow(parts.map(\.constant), x.shape[0])
        ) : nil
      let given: [Tensor?] = [
        weight.map { _ in Tensor(along.map { Scalar($0) }) }, bias.map { _ in Tensor(sums.totals.map { Scalar($0) }) },
        shift.map { Tensor(sums.items.map { Scalar($0) }, shape: $0.shape) },
      ]
      return zip([dx] + given.filter { $0 != nil }, needed).map { $1 ? $0 : nil }
    }
    return (recorded, mean, variance)
  }

  /// x · factor + summand for each channel, with a summand for each item and channel and a leaky ReLU behind it, in one pass.
  ///
  /// - Parameters:
  ///   - factor: `[channels]`.
  ///   - summand: `[channels]`.
  ///   - shift: summands of each item, `[batch, channels]`, or none.
  ///   - slope: slope of the leaky ReLU where its argument is negative; 1 leaves the values.
  /// - Returns: the shape of x, `[batch, channels, …]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func modulatedByChannel(
    factor: Tensor,
    summand: Tensor,
    shift: Tensor? = nil,
    slope: Scalar = 1
  ) -> Tensor {
    checkChannels("modulatedByChannel", factor, summand, shift)
    let x = withoutGradient()
    let k = factor.withoutGradient()
    let rows = x.channelRows(k, summand.withoutGradient(), shift?.withoutGradient(), slope)
    let inputs = [self, factor, summand] + [shift].compactMap { $0 }
    return rows.bent(x).recorded("modulatedByChannel", from: inputs) { gradient, needed in
      let sums = RowSums(rows.sums(x, gradient), channels: x.shape[1])
      let zeros = Tensor.zeros(rows.factors.shape)
      let dx =
        needed[0] ? rows.pulledBack(x, gradient, slopes: rows.factors, along: zeros, constants: zeros) : nil
      let found = [
        dx, Tensor(sums.products.map { Scalar($0) }), Tensor(sums.totals.map { Scalar($0) }),
        Tensor(sums.items.map { Scalar($0) }, shape: [x.shape[0], x.shape[1]]),
      ]
      return zip(found, needed).map { $1 ? $0 : nil }
    }
  }

  private func checkChannels(_ name: StaticString, _ weight: Tensor?, _ bias: Tensor?, _ shift: Tensor?) {
    precondition(rank >= 2 && count > 0, "\(name): shape \(shape) must be [batch, channels, …] with values")
    let channels = shape[1]
    precondition(
      (weight?.shape ?? [channels]) == [channels] && (bias?.shape ?? [channels]) == [channels],
      "\(name): factors \(weight?.shape ?? []) and summands \(bias?.shape ?? []) must have shape [\(channels)]"
    )
    precondition(
      (shift?.shape ?? [shape[0], channels]) == [shape[0], channels],
      "\(name): shift has shape \(shift?.shape ?? []), expected [\(shape[0]), \(channels)]"
    )
  }

  private func channelRows(_ factor: Tensor, _ summand: Tensor, _ shift: Tensor?, _ slope: Scalar) -> ChannelRows<
    Scalar
  > {
    let wide = [shape[0], shape[1]]
    return ChannelRows(
      factors: factor.broadcast(to: wide).reshaped([wide[0] * wide[1]]),
      summands: (shift.map { $0 + summand } ?? summand.broadcast(to: wide)).reshaped([wide[0] * wide[1]]),
      slope: slope
    )
  }

  /// Numbers of the channels, repeated for each item.
  private static func perRow(_ values: [Double], _ items: Int) -> Tensor {
    let converted = values.map { Scalar($0) }
    return Tensor((0..<items).flatMap { _ in converted })
  }
}

/// Sums over places for each item and channel, gathered by channel.
private struct RowSums {
  /// Σ v of each item and channel.
  let items: [Double]
  /// Σ v of each channel.
  private(set) var totals: [Double]
  /// Σ v x of each channel.
  private(set) var products: [Double]

  init(_ pairs: [Double], channels: Int) {
    items = stride(from: 0, to: pairs.count, by: 2).map { pairs[$0] }
    (totals, products) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    for row in items.indices {
      totals[row % channels] += items[row]
      products[row % channels] += pairs[2 * row + 1]
    }
  }

  /// Σ v x̂ of each channel.
  func spreads<Scalar: TensorScalar>(mean: Tensor<Scalar>, scale: Tensor<Scalar>) -> [Double] {
    totals.indices.map { (products[$0] - totals[$0] * mean[$0].asDouble) * scale[$0].asDouble }
  }
}
