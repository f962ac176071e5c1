public import Layers
public import Tensors

/// Attention of a diffusion transformer: softmax, or linear with a ReLU kernel and a depthwise convolution of the values.
///
/// Linear: O_i = φ(q_i) (Σ_j φ(k_j)ᵀ v_j / N) / (φ(q_i) · Σ_j φ(k_j) / N + 10⁻⁶) + DWC(V)_i with φ(x) = ReLU(x) + 10⁻⁶; the small
/// numbers keep the quotient finite where ReLU leaves nothing of a query. Source: J. Wang and others, "LiT", 2025.
public struct MixingAttention: Module {
  /// Projections to queries, keys and values, `[3D, D]`.
  public var input: Linear
  /// Projection of the joined heads.
  public var output: Linear
  /// The convolution of the values; nil where there is none.
  public var convolution: Convolution?
  private let heads: Int
  private let mixing: TokenMixing

  /// Makes a layer with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - width: features of a token D.
  ///   - heads: number of heads.
  ///   - mixing: how tokens read from each other.
  ///   - random: supplies the values.
  /// - Throws: `.heads` or `.evenKernel`.
  public init(
    width: Int,
    heads: Int,
    mixing: TokenMixing,
    random: inout RandomStream
  ) throws(DiffusionTransformerError) {
    guard heads > 0, width % heads == 0 else { throw .heads(width: width, heads: heads) }
    if let kernel = mixing.kernel, kernel.size < 1 || kernel.size % 2 == 0 { throw .evenKernel(kernel.size) }
    (self.heads, self.mixing) = (heads, mixing)
    input = Linear(inputSize: width, outputSize: 3 * width, random: &random)
    output = Linear(inputSize: width, outputSize: width, random: &random)
    convolution = mixing.kernel.map { kernel in
      let channels = kernel.isShared ? width / heads : width
      return Convolution(
        inputChannels: channels,
        outputChannels: channels,
        kernel: [kernel.size, kernel.size],
        padding: .same,
        groups: channels,
        random: &random
      )
    }
  }

  /// What each token reads.
  ///
  /// - Parameters:
  ///   - x: tokens row by row over a grid, `[batch, rows · columns, D]`.
  ///   - rows: rows of the grid.
  ///   - columns: its columns.
  /// - Returns: the same shape.
  /// - Throws: `.shape` or `.grid`.
  public func callAsFunction(
    _ x: Tensor<Float>,
    rows: Int,
    columns: Int
  ) throws(DiffusionTransformerError) -> Tensor<Float> {
    let width = output.weight.shape[0]
    guard x.rank == 3, x.shape[2] == width else {
      throw .shape(what: "tokens", expected: "[batch, N, \(width)]", got: x.shape)
    }
    guard x.shape[1] == rows * columns else { throw .grid(tokens: x.shape[1], rows: rows, columns: columns) }
    let parts = projected(x)
    var joined: Tensor<Float>
    switch mixing {
    case .softmax: joined = .softmaxAttention(parts[0], parts[1], parts[2], heads: heads)
    case .linear: joined = .rectifiedAttention(parts[0], parts[1], parts[2], heads: heads)
    }
    if let convolution { joined = joined + convolved(parts[2], convolution, rows, columns) }
    return output(joined)
  }

  /// Queries, keys and values, `[batch, N, D]` each.
  ///
  /// By three products, whose gradients need no joining: cutting one wide product costs more than the products themselves.
  private func projected(_ x: Tensor<Float>) -> [Tensor<Float>] {
    let weights = input.weight.split(into: 3)
    let biases = input.bias?.split(into: 3)
    return weights.indices.map { index in x.linear(weights[index], bias: biases?[index]) }
  }

  /// The core of linear attention, in O(N D² / h).
  ///
  /// - Parameters:
  ///   - q: queries, `[batch, heads, N, d]`.
  ///   - k: keys, the same shape.
  ///   - v: values, the same shape.
  /// - Returns: the same shape.
  public static func linear(_ q: Tensor<Float>, _ k: Tensor<Float>, _ v: Tensor<Float>) -> Tensor<Float> {
    .rectifiedAttention(q, k, v)
  }

  /// The convolution of the values as pictures, `[batch, N, D]` to the same shape.
  private func convolved(_ v: Tensor<Float>, _ convolution: Convolution, _ rows: Int, _ columns: Int) -> Tensor<Float> {
    let (batch, count, width) = (v.shape[0], v.shape[1], v.shape[2])
    // Heads join the batch where they share the kernel: channel c of the model is channel c mod D/h of head c / (D/h).
    let channels = convolution.weight.shape[0]
    let pictures = v.transposed(1, 2).reshaped([batch * width / channels, channels, rows, columns])
    return convolution(pictures).reshaped([batch, width, count]).transposed(1, 2)
  }

  /// Shows `qkv`, `proj` and `dwc`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("qkv", &input)
    visitor.visit("proj", &output)
    visitor.visit("dwc", &convolution)
  }
}
