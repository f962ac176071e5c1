public import Layers
public import Tensors

/// A small network with ordinary attention for the same task: what attention over single keys learns of triples.
public struct OrdinaryDetector: Module {
  /// Size of a token's vector.
  private static let size = 32
  private static let headCount = 4
  private static let headSize = 16

  private var embedding: Linear
  private var first: (up: Linear, down: Linear)
  private var query: Linear
  private var key: Linear
  private var value: Linear
  /// Logit of reading nothing, one for each head, `[heads]`.
  private var sink: Tensor<Float>
  private var projection: Linear
  private var norm: LayerNorm
  private var last: (up: Linear, down: Linear)

  /// Makes a network.
  ///
  /// - Parameters:
  ///   - inputSize: length of a token's features.
  ///   - random: supplies the initial values.
  public init(inputSize: Int, random: inout RandomStream) {
    func linear(_ input: Int, _ output: Int) -> Linear { Linear(inputSize: input, outputSize: output, random: &random) }
    let (size, inner) = (Self.size, Self.headCount * Self.headSize)
    embedding = linear(inputSize, size)
    first = (linear(size, 64), linear(64, size))
    (query, key, value) = (linear(size, inner), linear(size, inner), linear(size, inner))
    sink = Tensor.zeros([Self.headCount])
    projection = linear(inner, size)
    norm = LayerNorm(size: size)
    last = (linear(size, 128), linear(128, 1))
  }

  /// Scores of tokens, `[sequences, tokens, inputSize]` to `[sequences, tokens]`; positive where a triple is suspected.
  public func callAsFunction(_ features: Tensor<Float>) -> Tensor<Float> {
    var x = embedding(features)
    x = x + first.down(first.up(x).gelu())
    x = norm(x + projection(attention(x)))
    return last.down(last.up(x).gelu()).squeezed(-1)
  }

  private func attention(_ x: Tensor<Float>) -> Tensor<Float> {
    let (count, length) = (x.shape[0], x.shape[1])
    func heads(_ tensor: Tensor<Float>) -> Tensor<Float> {
      tensor.reshaped([count, length, Self.headCount, Self.headSize]).permuted([0, 2, 1, 3])
    }
    let scale = 1 / Float(Self.headSize).squareRoot()
    let scores = (heads(query(x)) * scale).matmul(heads(key(x)), transposesRight: true)
    let sinks = sink.reshaped([1, Self.headCount, 1, 1]).broadcast(to: [count, Self.headCount, length, 1])
    let weights = Tensor.concatenated([scores, sinks], axis: -1).softmax().sliced(0..<length, axis: -1)
    let result = weights.matmul(heads(value(x)))
    return result.permuted([0, 2, 1, 3]).reshaped([count, length, Self.headCount * Self.headSize])
  }

  /// Shows all parts.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    visitor.visit("first.up", &first.up)
    visitor.visit("first.down", &first.down)
    visitor.visit("query", &query)
    visitor.visit("key", &key)
    visitor.visit("value", &value)
    visitor.visit("sink", &sink)
    visitor.visit("projection", &projection)
    visitor.visit("norm", &norm)
    visitor.visit("last.up", &last.up)
    visitor.visit("last.down", &last.down)
  }
}
