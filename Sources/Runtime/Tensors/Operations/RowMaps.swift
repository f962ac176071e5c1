extension Tensor where Scalar: TensorScalar {
  /// x ⊙ factor + summand in one pass, where one row of factors serves all rows of an item.
  ///
  /// - Parameters:
  ///   - factor: `[items, 1, width]` for this tensor's `[items, rows, width]`.
  ///   - summand: `[items, 1, width]`, or the shape of this tensor.
  /// - Returns: the shape of this tensor.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func multiplyAdd(_ factor: Tensor, _ summand: Tensor) -> Tensor {
    precondition(
      rank == 3 && factor.shape == [shape[0], 1, shape[2]] && (summand.shape == factor.shape || summand.shape == shape),
      "multiplyAdd: shape \(shape) with factors \(factor.shape) and summands \(summand.shape); expected [items, rows, width], [items, 1, width] and either of them"
    )
    let map = RowMap(
      x: withoutGradient(),
      factor: factor.withoutGradient(),
      repeatsSummand: summand.shape == factor.shape && shape[1] != 1,
      items: shape[0],
      rows: shape[1],
      width: shape[2]
    )
    return map.forward(summand.withoutGradient()).recorded("multiplyAdd", from: [self, factor, summand]) {
      gradient,
      _ in
      map.backward(gradient)
    }
  }

  /// x Wᵀ + b over the last axis.
  ///
  /// - Parameters:
  ///   - weight: W, `[outputSize, inputSize]`.
  ///   - bias: b, `[outputSize]`; none is added where nil.
  /// - Returns: `[…, outputSize]` for this tensor's `[…, inputSize]` of two axes at least.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func linear(_ weight: Tensor, bias: Tensor?) -> Tensor {
    guard let bias else { return matmul(weight, transposesRight: true) }
    precondition(
      rank >= 2 && weight.rank == 2 && shape[rank - 1] == weight.shape[1] && bias.shape == [weight.shape[0]],
      "linear: shape \(shape) with weight \(weight.shape) and bias \(bias.shape); expected […, inputSize], [outputSize, inputSize] and [outputSize]"
    )
    let (x, w) = (
      withoutGradient().withShape([count / Swift.max(1, weight.shape[1]), weight.shape[1]]), weight.withoutGradient()
    )
    let (outer, inputShape) = (shape.dropLast(), shape)
    let result = Self.product(x, w, false, true)
    result.addRow(bias.withoutGradient())
    return result.withShape(outer + [w.shape[0]]).recorded("linear", from: [self, weight, bias]) { gradient, needed in
      let up = gradient.withShape([x.shape[0], w.shape[0]])
      return [
        needed[0] ? Self.product(up, w, false, false).withShape(inputShape) : nil,
        needed[1] ? Self.product(up, x, true, false) : nil,
        needed[2] ? up.reducedRaw(.sum, axes: [0]) : nil,
      ]
    }
  }
}
