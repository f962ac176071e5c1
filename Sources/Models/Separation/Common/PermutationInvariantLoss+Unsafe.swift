#if canImport(Glibc)
  internal import Glibc
#endif
public import Tensors

/// Negative SI-SNR of the best pairing of estimates with sources, in dB.
///
/// With signals of zero mean, s_t = ⟨ŝ, s⟩ s / (|s|² + ε) and e = ŝ - s_t, SI-SNR is 10 lg(|s_t|² / (|e|² + ε) + ε), ε = 10⁻⁸. The
/// gradient passes through the winning pairing only; among equals the first in lexicographic order wins.
///
/// Source: Y. Luo, N. Mesgarani, 2019; D. Yu and others, 2017; behaviour of kaituoxu/Conv-TasNet.
public struct PermutationInvariantLoss: Sendable {
  /// -1/batch Σ best mean SI-SNR: one number, with a gradient for the estimates.
  public let value: Tensor<Float>
  /// Mean SI-SNR of the best pairing of each item, in dB.
  public let best: [Double]
  /// For each item and source, the number of its estimate.
  public let pairing: [[Int]]

  /// Compares estimates with sources.
  ///
  /// - Parameters:
  ///   - estimates: `[batch, sources, samples]`, or with channels of one before the samples.
  ///   - sources: of the same shape.
  ///   - lengths: true length of each item, in samples; the whole length where nil.
  public init(_ estimates: Tensor<Float>, _ sources: Tensor<Float>, lengths: [Int]? = nil) {
    precondition(
      estimates.shape == sources.shape && (estimates.rank == 3 || estimates.rank == 4 && estimates.shape[2] == 1),
      "PermutationInvariantLoss: estimates \(estimates.shape) and sources \(sources.shape) must be [batch, sources, samples]"
    )
    let (batch, count, samples) = (estimates.shape[0], estimates.shape[1], estimates.shape[estimates.rank - 1])
    precondition(
      lengths.map { $0.count == batch && $0.allSatisfy { (1...samples).contains($0) } } ?? true,
      "PermutationInvariantLoss: lengths \(lengths ?? []) must be \(batch) numbers in 1…\(samples)"
    )
    let constant = estimates.withoutGradient()
    let orders = Self.orders(count)
    let items = (0..<batch).map { item in
      let length = lengths?[item] ?? samples
      return (0..<count).map { source in
        (0..<count).map { estimate in
          PairedSignals(
            constant,
            sources,
            estimate: (item * count + estimate) * samples,
            source: (item * count + source) * samples,
            length: length
          )
        }
      }
    }
    let winners = items.map { Self.winner(of: $0, orders) }
    (best, pairing) = (winners.map(\.mean), winners.map(\.order))
    let chosen = zip(items, pairing).flatMap { table, order in order.indices.map { table[$0][order[$0]] } }
    value = Tensor<Float>(Float(-best.reduce(0, +) / Double(batch)))
      .recorded("PermutationInvariantLoss", from: estimates) { gradient in
        let result = Tensor<Float>.zeros(constant.shape)
        let scale = -Double(gradient.value) / Double(batch * count)
        for pair in chosen { pair.addGradient(scale: scale, constant, sources, to: result) }
        return result
      }
  }

  /// The order with the best mean, the first of equals.
  private static func winner(of table: [[PairedSignals]], _ orders: [[Int]]) -> (mean: Double, order: [Int]) {
    let means = orders.map { order in
      order.enumerated().reduce(0.0) { $0 + table[$1.offset][$1.element].ratio } / Double(order.count)
    }
    var winner = 0
    for index in means.indices where means[index] > means[winner] { winner = index }
    return (means[winner], orders[winner])
  }

  /// All orders of 0..<count, lexicographic.
  static func orders(_ count: Int) -> [[Int]] {
    guard count > 1 else { return [[Int](0..<count)] }
    return (0..<count).flatMap { first in
      orders(count - 1).map { rest in [first] + rest.map { $0 >= first ? $0 + 1 : $0 } }
    }
  }
}

/// One estimate beside one source: their sums, and the gradient of their SI-SNR.
private struct PairedSignals: Sendable {
  private let estimate: Int
  private let source: Int
  private let length: Int
  private var means = (estimate: 0.0, source: 0.0)
  private var product = 0.0
  private var energy = 0.0
  private var noise = 0.0
  private static let epsilon = 1e-8

  init(_ estimates: Tensor<Float>, _ sources: Tensor<Float>, estimate: Int, source: Int, length: Int) {
    (self.estimate, self.source, self.length) = (estimate, source, length)
    withExtendedLifetime((estimates.storage, sources.storage)) {
      let (x, s) = (estimates.pointer + estimate, sources.pointer + source)
      for index in 0..<length {
        means.estimate += Double(x[index])
        means.source += Double(s[index])
      }
      means = (means.estimate / Double(length), means.source / Double(length))
      for index in 0..<length {
        let (a, b) = (Double(x[index]) - means.estimate, Double(s[index]) - means.source)
        product += a * b
        energy += b * b
      }
      let scale = self.scale
      for index in 0..<length {
        let rest = Double(x[index]) - means.estimate - scale * (Double(s[index]) - means.source)
        noise += rest * rest
      }
    }
  }

  private var scale: Double { product / (energy + Self.epsilon) }
  private var quotient: Double { scale * scale * energy / (noise + Self.epsilon) }

  /// SI-SNR in dB.
  var ratio: Double { 10 * log10(quotient + Self.epsilon) }

  /// Adds the gradient of the ratio for the estimate, times a number.
  ///
  /// The parts along the source and along the error have zero mean already, so that the means need no part of their own.
  func addGradient(scale factor: Double, _ estimates: Tensor<Float>, _ sources: Tensor<Float>, to result: Tensor<Float>)
  {
    let outer = factor * 10 / M_LN10 / (quotient + Self.epsilon)
    let target = 2 * scale * energy / (energy + Self.epsilon) / (noise + Self.epsilon)
    let rest = -2 * quotient / (noise + Self.epsilon)
    // The error is not quite at a right angle to the source: ⟨e, s⟩ = a ε.
    let along = target - rest * scale * Self.epsilon / (energy + Self.epsilon)
    withExtendedLifetime((estimates.storage, sources.storage, result.storage)) {
      let (x, s, to) = (estimates.pointer + estimate, sources.pointer + source, result.output + estimate)
      for index in 0..<length {
        let signal = Double(s[index]) - means.source
        let error = Double(x[index]) - means.estimate - scale * signal
        to[index] += Float(outer * (along * signal + rest * error))
      }
    }
  }
}
