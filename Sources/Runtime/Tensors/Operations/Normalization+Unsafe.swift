internal import CKernels

/// The affine map and the slopes of a normalisation, as constants.
struct NormalizationParts<Scalar: TensorScalar>: Sendable {
  var weight: Tensor<Scalar>?
  var bias: Tensor<Scalar>?
  var slope: Tensor<Scalar>?
  /// Slope of the PReLU before.
  var inner: Tensor<Scalar>?

  private typealias K = Kernels<Scalar>
  private var affine: Int { weight?.count ?? 1 }
  private var slopes: Int { slope?.count ?? 1 }

  func forward(
    _ x: Tensor<Scalar>,
    _ rule: Normalization,
    _ statistics: Tensor<Scalar>,
    _ result: Tensor<Scalar>
  ) {
    let (from, to, kept) = (x.pointer, result.output, statistics.output)
    let (n, center, period) = (rule.length, Int32(rule.centers ? 1 : 0), rule.period)
    withExtendedLifetime((x.storage, weight, bias, slope)) {
      let (w, b, s) = (weight?.pointer, bias?.pointer, slope?.pointer)
      Threads.split(x.count / n, cost: 2 * n) { rows in
        let (first, count) = (rows.lowerBound, rows.count)
        if K.isFloat {
          ofk_normalize_f32(
            K.f(from + first * n),
            K.f(to + first * n),
            K.f(kept + 2 * first),
            first,
            count,
            n,
            w.map(K.f),
            b.map(K.f),
            affine,
            period,
            s.map(K.f),
            slopes,
            Float((inner?.value ?? 1).asDouble),
            Float(rule.epsilon),
            center
          )
        } else {
          ofk_normalize_f64(
            K.d(from + first * n),
            K.d(to + first * n),
            K.d(kept + 2 * first),
            first,
            count,
            n,
            w.map(K.d),
            b.map(K.d),
            affine,
            period,
            s.map(K.d),
            slopes,
            (inner?.value ?? 1).asDouble,
            rule.epsilon,
            center
          )
        }
      }
    }
  }

  /// Gradients of x, weight, bias, slope and inner slope.
  func backward(
    _ x: Tensor<Scalar>,
    _ gradient: Tensor<Scalar>,
    _ rule: Normalization,
    _ statistics: Tensor<Scalar>
  ) -> [Tensor<Scalar>?] {
    let n = rule.length
    let rows = x.count / n
    let result = Tensor<Scalar>(like: x)
    // A fixed number of blocks, each with sums of its own: the cut does not depend on the number of threads.
    let blocks = Swift.max(1, Swift.min(16, rows, x.count >> 14))
    let width = 2 * affine + slopes + 1
    let sums = Tensor<Scalar>.zeros([blocks, width])
    let (from, up, kept, to, total) = (x.pointer, gradient.pointer, statistics.pointer, result.output, sums.output)
    let (center, period) = (Int32(rule.centers ? 1 : 0), rule.period)
    withExtendedLifetime((x.storage, gradient.storage, statistics.storage, weight, bias, slope)) {
      let (w, b, s) = (weight?.pointer, bias?.pointer, slope?.pointer)
      Threads.run(blocks) { block in
        let first = rows * block / blocks
        let count = rows * (block + 1) / blocks - first
        let gw = total + block * width
        let (gb, gs, gi) = (gw + affine, gw + 2 * affine, gw + 2 * affine + slopes)
        let start = first * n
        if K.isFloat {
          ofk_normalize_gradient_f32(
            K.f(from + start),
            K.f(up + start),
            K.f(kept + 2 * first),
            K.f(to + start),
            first,
            count,
            n,
            w.map(K.f),
            b.map(K.f),
            affine,
            period,
            s.map(K.f),
            slopes,
            Float((inner?.value ?? 1).asDouble),
            K.f(gw),
            K.f(gb),
            K.f(gs),
            inner == nil ? nil : K.f(gi),
            center
          )
        } else {
          ofk_normalize_gradient_f64(
            K.d(from + start),
            K.d(up + start),
            K.d(kept + 2 * first),
            K.d(to + start),
            first,
            count,
            n,
            w.map(K.d),
            b.map(K.d),
            affine,
            period,
            s.map(K.d),
            slopes,
            (inner?.value ?? 1).asDouble,
            K.d(gw),
            K.d(gb),
            K.d(gs),
            inner == nil ? nil : K.d(gi),
            center
          )
        }
      }
    }
    let gathered = blocks == 1 ? sums.withShape([width]) : sums.reducedRaw(.sum, axes: [0])
    return [
      result, weight.map { gathered.slicedRaw(0..<affine, 0, 1).withShape($0.shape) },
      bias.map { gathered.slicedRaw(affine..<2 * affine, 0, 1).withShape($0.shape) },
      slope.map { gathered.slicedRaw(2 * affine..<2 * affine + slopes, 0, 1).withShape($0.shape) },
      inner.map { gathered.slicedRaw(width - 1..<width, 0, 1).withShape($0.shape) },
    ]
  }
}
