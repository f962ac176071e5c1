public import Layers
public import Tensors

/// Gated attention with one head: squared ReLU within groups of frames, linear over all of them.
///
/// Source: S. Zhao, B. Ma, "MossFormer", 2023, after W. Hua and others, "Transformer quality in linear time", 2022.
public struct JointAttention: Module {
  private var hidden: FeedForwardConvolution
  private var query: FeedForwardConvolution
  private var output: FeedForwardConvolution
  private var gamma: Tensor<Float>
  private var beta: Tensor<Float>
  private var rotary: RotaryEmbedding
  private let group: Int
  private let showsFrequencies: Bool

  /// Makes a block with PyTorch's initial values; gains of queries and keys are normal with deviation 0.02.
  ///
  /// - Parameters:
  ///   - c: sizes.
  ///   - isFirst: whether it shows the frequencies of rotation, one tensor of the reference for all blocks.
  ///   - random: supplies the values.
  public init(_ c: MossFormer2Configuration, isFirst: Bool = true, random: inout RandomStream) {
    let wide = c.expansion * c.width
    hidden = FeedForwardConvolution(.scale, inputs: c.width, outputs: wide, &random)
    query = FeedForwardConvolution(.scale, inputs: c.width, outputs: c.queryWidth, &random)
    output = FeedForwardConvolution(.scale, inputs: wide / 2, outputs: c.width, &random)
    gamma = random.normal([4, c.queryWidth], deviation: 0.02)
    beta = .zeros([4, c.queryWidth])
    rotary = RotaryEmbedding(channels: min(32, c.queryWidth))
    (group, showsFrequencies) = (c.group, isFirst)
  }

  /// `[batch, frames, width]` to the same shape.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let frames = x.shape[1]
    let shifted = Self.shifted(x)
    let values = hidden(shifted)
    let copies = rotated(shifted)
    let parts = (0..<4).map { copies.selected($0, axis: 1) }
    let local = localAttention(parts[0], parts[2], values)
    let summary = parts[3].matmul(values, transposesLeft: true) * (1 / Float(frames))
    let joint = local + parts[1].matmul(summary)
    let (plain, attended) = (values.split(into: 2, axis: 2), joint.split(into: 2, axis: 2))
    // V is the first half, U the second.
    return x + output(attended[1] * plain[0] * (attended[0] * plain[1]).sigmoid())
  }

  /// Weights of local attention in each group, `[batch · groups, P, P]`, for a look at them.
  public func localWeights(_ x: Tensor<Float>) -> Tensor<Float> {
    let copies = rotated(Self.shifted(x))
    return weights(grouped(copies.selected(0, axis: 1)), grouped(copies.selected(2, axis: 1)))
  }

  /// The first half of the channels comes one frame late.
  private static func shifted(_ x: Tensor<Float>) -> Tensor<Float> {
    let halves = x.split(into: 2, axis: 2)
    let late = halves[0].sliced(0..<x.shape[1] - 1, axis: 1).padded(before: 1, axis: 1)
    return .concatenated([late, halves[1]], axis: 2)
  }

  /// Local queries, global queries, local keys and global keys, `[batch, 4, frames, d]`.
  private func rotated(_ x: Tensor<Float>) -> Tensor<Float> {
    let width = gamma.shape[1]
    return rotary(query(x).expanded(at: 1) * gamma.reshaped([4, 1, width]) + beta.reshaped([4, 1, width]))
  }

  private func grouped(_ x: Tensor<Float>) -> Tensor<Float> {
    let missing = (group - x.shape[1] % group) % group
    return x.padded(after: missing, axis: 1).reshaped([-1, group, x.shape[2]])
  }

  /// The divisor is the group's size in a padded group too.
  private func weights(_ queries: Tensor<Float>, _ keys: Tensor<Float>) -> Tensor<Float> {
    (queries.matmul(keys, transposesRight: true) * (1 / Float(group))).squaredReLU()
  }

  private func localAttention(_ queries: Tensor<Float>, _ keys: Tensor<Float>, _ values: Tensor<Float>) -> Tensor<Float>
  {
    let (batch, frames, width) = (values.shape[0], values.shape[1], values.shape[2])
    let found = weights(grouped(queries), grouped(keys)).matmul(grouped(values))
    return found.reshaped([batch, -1, width]).sliced(0..<frames, axis: 1)
  }

  /// Shows the parts under the reference's names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    if showsFrequencies {
      visitor.enter("rotary_pos_emb")
      visitor.visitState("freqs", &rotary.frequencies)
      visitor.leave()
    }
    visitor.visit("to_hidden", &hidden)
    visitor.visit("to_qk", &query)
    visitor.enter("qk_offset_scale")
    visitor.visit("gamma", &gamma)
    visitor.visit("beta", &beta)
    visitor.leave()
    visitor.visit("to_out", &output)
  }
}
