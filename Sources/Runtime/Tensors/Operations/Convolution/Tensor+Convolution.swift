extension Tensor where Scalar: TensorScalar {
  /// Correlates channels with kernels over 1 to 3 axes (what deep learning calls a convolution).
  ///
  /// y[b, o, t] = bias[o] + Σ_{i,k} weights[o, i, k] x[b, i, t · stride + k · dilation - padding], as in PyTorch.
  ///
  /// - Parameters:
  ///   - weights: kernels, `[out, in / groups, axes…]`.
  ///   - bias: one value an output channel, `[out]`, or none.
  ///   - options: stride, padding, dilation, groups.
  /// - Returns: `[batch, out, axes…]`.
  public func convolved(_ weights: Tensor, bias: Tensor? = nil, _ options: ConvolutionOptions) -> Tensor {
    let plan = ConvolutionPlan(input: shape, weights: weights.shape, options, "convolved")
    checkBias(bias, plan.outputChannels, "convolved")
    if plan.isPointwise { return convolvedPointwise(weights, bias, plan) }
    let (x, w) = (withoutGradient(), weights.withoutGradient())
    let result = plan.forward(x, w, bias?.withoutGradient())
    let inputs = [self, weights] + (bias.map { [$0] } ?? [])
    return result.recorded("convolved", from: inputs) { gradient, needed in
      let input = needed[0] ? plan.inputGradient(gradient, w) : nil
      let wantsBias = needed.count > 2 && needed[2]
      let sums = needed[1] || wantsBias ? plan.weightGradient(x, gradient, bias: wantsBias) : nil
      return [input, sums?.weights, sums?.bias].prefix(needed.count).map { $0 }
    }
  }

  /// The adjoint of a convolution with respect to its input: PyTorch's transposed convolution.
  ///
  /// - Parameters:
  ///   - weights: kernels, `[in, out / groups, axes…]`.
  ///   - bias: one value an output channel, `[out]`, or none.
  ///   - options: stride, padding, dilation, groups of the convolution whose adjoint this is.
  ///   - outputPadding: places added at the far end of each axis, to choose among lengths that the stride makes alike.
  /// - Returns: `[batch, out, axes…]` with (n - 1) stride - padding + dilation (kernel - 1) + 1 + outputPadding places.
  public func convolvedTransposed(
    _ weights: Tensor,
    bias: Tensor? = nil,
    _ options: ConvolutionOptions,
    outputPadding: [Int]? = nil
  ) -> Tensor {
    let axes = options.stride.count
    precondition(
      rank == axes + 2 && weights.rank == axes + 2 && shape[1] == weights.shape[0],
      "convolvedTransposed: input \(shape) and weights \(weights.shape) must have \(axes + 2) axes and agree in channels"
    )
    let outputs = weights.shape[1] * options.groups
    checkBias(bias, outputs, "convolvedTransposed")
    var target = [shape[0], outputs]
    for axis in 0..<axes {
      let ends = options.padding[axis]
      let reach = options.dilation[axis] * (weights.shape[axis + 2] - 1)
      let base = (shape[axis + 2] - 1) * options.stride[axis] - ends.before - ends.after + reach + 1
      target.append(base + (outputPadding?[axis] ?? 0))
    }
    let plan = ConvolutionPlan(input: target, weights: weights.shape, options, "convolvedTransposed")
    precondition(
      plan.outputShape == shape,
      "convolvedTransposed: outputPadding \(outputPadding ?? []) must be smaller than the stride \(options.stride)"
    )
    let (x, w) = (withoutGradient(), weights.withoutGradient())
    let result = plan.inputGradient(x, w).recorded(
      "convolvedTransposed",
      from: self,
      { plan.forward($0, w, nil) },
      from: weights,
      { plan.weightGradient($0, x, bias: false).weights }
    )
    guard let bias else { return result }
    return result + bias.reshaped([outputs] + [Int](repeating: 1, count: axes))
  }

  private func checkBias(_ bias: Tensor?, _ channels: Int, _ name: StaticString) {
    guard let bias else { return }
    precondition(bias.shape == [channels], "\(name): bias has shape \(bias.shape), expected [\(channels)]")
  }

  /// A kernel of one tap: the product [out, in] · [in, places] for each item of the batch.
  private func convolvedPointwise(_ weights: Tensor, _ bias: Tensor?, _ plan: ConvolutionPlan) -> Tensor {
    let matrix = weights.reshaped([plan.outputChannels, plan.inputChannels])
    let product = matrix.matmul(reshaped([plan.batch, plan.inputChannels, plan.inputLength]))
    let result = product.reshaped(plan.outputShape)
    guard let bias else { return result }
    return result.addingInPlace(bias, plan)
  }

  /// Adds a bias to values that nobody else needs.
  private func addingInPlace(_ bias: Tensor, _ plan: ConvolutionPlan) -> Tensor {
    let sum = withoutGradient()
    withExtendedLifetime((sum.storage, bias.storage)) { plan.addBias(bias.pointer, to: sum.output) }
    let channels = [plan.batch, plan.outputChannels, plan.outputLength]
    return sum.recorded("convolved", from: self, { $0 }, from: bias) {
      $0.withShape(channels).reducedRaw(.sum, axes: [0, 2])
    }
  }
}
