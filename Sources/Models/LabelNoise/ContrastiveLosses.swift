public import Tensors

/// Losses of contrastive pre-training and of training with pseudo-labels.
///
/// Source: Albert and others, "An accurate detection is not all you need to combat label noise in web-noisy datasets", ECCV 2024, arXiv 2407.05528,
/// and its official code; NT-Xent is Chen and others', 2020.
public enum ContrastiveLosses {
  /// NT-Xent: of all other views each view should find its own sample's.
  ///
  /// - Parameters:
  ///   - first: features of one view, `[n, d]`; brought to length 1 here.
  ///   - second: features of the other view, in the same order.
  ///   - temperature: τ, what inner products are divided by.
  /// - Returns: the mean over all 2n rows, with gradients.
  public static func ntXent<Scalar: TensorScalar>(
    _ first: Tensor<Scalar>,
    _ second: Tensor<Scalar>,
    temperature: Scalar
  ) -> Tensor<Scalar> {
    let n = first.shape[0]
    let z = Tensor.concatenated([first, second]).normalized([1])
    // A row must not choose itself.
    let products = z.matmul(z, transposesRight: true) * (1 / temperature) - Tensor.identity(2 * n) * 1e9
    let partners = Tensor<Int>((0..<2 * n).map { ($0 + n) % (2 * n) })
    return -(products.logSoftmax() * .oneHot(partners, classes: 2 * n)).sum() * (1 / Scalar(2 * n))
  }

  /// Weighted cross-entropy of mixed inputs with the targets of both parts.
  ///
  /// λ Σ wᵢ CE(oᵢ, tᵢ) / Σ wᵢ + (1 - λ) Σ w_{r(i)} CE(oᵢ, t_{r(i)}) / Σ w_{r(i)}.
  ///
  /// - Parameters:
  ///   - logits: o, of the mixed inputs, `[n, classes]`.
  ///   - targets: t, soft labels, `[n, classes]`.
  ///   - weights: w, `[n]`, with a positive sum.
  ///   - partner: r, what each input was mixed with.
  ///   - share: λ, the own part of an input.
  /// - Returns: one number, with gradients by the logits.
  public static func mixed<Scalar: TensorScalar>(
    logits: Tensor<Scalar>,
    targets: Tensor<Scalar>,
    weights: Tensor<Scalar>,
    partner: [Int],
    share: Scalar
  ) -> Tensor<Scalar> {
    let total = weights.sum().value
    let order = Tensor<Int>(partner)
    let own = targets * weights.reshaped([weights.count, 1])
    // A permutation keeps the sum of the weights, so that both parts are one product.
    let wanted = own * share + own.gatheredRows(order) * (1 - share)
    return -(logits.logSoftmax() * wanted).sum() * (1 / total)
  }

  /// Features of samples with the same target should meet across views.
  ///
  /// Rows are inner products of the first view's features with all of the second's over μ; the positives of row i are the samples with the class of tᵢ,
  /// and with weight 1 - λ those with the class of its partner.
  ///
  /// - Parameters:
  ///   - first: features of the mixed view, `[n, d]`; brought to length 1 here.
  ///   - second: features of the strong view.
  ///   - classes: class of each sample's target.
  ///   - partner: what each sample was mixed with.
  ///   - share: λ.
  ///   - temperature: μ.
  /// - Returns: one number, with gradients by both features.
  public static func supervised<Scalar: TensorScalar>(
    _ first: Tensor<Scalar>,
    _ second: Tensor<Scalar>,
    classes: [Int],
    partner: [Int],
    share: Scalar,
    temperature: Scalar
  ) -> Tensor<Scalar> {
    let n = classes.count
    let rows = first.normalized([1]).matmul(second.normalized([1]), transposesRight: true) * (1 / temperature)
    var counts: [Int: Scalar] = [:]
    for label in classes { counts[label, default: 0] += 1 }
    var wanted = [Scalar](repeating: 0, count: n * n)
    for row in 0..<n {
      for (label, weight) in [(classes[row], share), (classes[partner[row]], 1 - share)] {
        let part = weight / (counts[label] ?? 1)
        for column in 0..<n where classes[column] == label { wanted[row * n + column] += part }
      }
    }
    return -(rows.logSoftmax() * Tensor(wanted, shape: [n, n])).sum() * (1 / Scalar(n))
  }

  /// Divergence of equal shares from the mean prediction, against a collapse to few classes: Σ 1/C ln((1/C) / p̄_c).
  public static func balance<Scalar: TensorScalar>(logits: Tensor<Scalar>) -> Tensor<Scalar> {
    let classes = Scalar(logits.shape[1])
    let mean = logits.softmax().mean(0)
    return -(mean * classes).log().sum() * (1 / classes)
  }
}
