internal import Layers
internal import Tensors

/// Two convolutions with norms and a shortcut, as the autoencoder has them.
struct ResidualBlock: Module {
  private var firstNorm: GroupNorm
  private var first: Convolution
  private var secondNorm: GroupNorm
  private var second: Convolution
  private var shortcut: Convolution?

  init(_ inputChannels: Int, _ outputChannels: Int, _ random: inout RandomStream) {
    firstNorm = GroupNorm(groups: 32, channels: inputChannels, epsilon: 1e-6)
    first = Convolution(square: inputChannels, outputChannels, &random)
    secondNorm = GroupNorm(groups: 32, channels: outputChannels, epsilon: 1e-6)
    second = Convolution(square: outputChannels, outputChannels, &random)
    if inputChannels != outputChannels {
      shortcut = Convolution(
        inputChannels: inputChannels,
        outputChannels: outputChannels,
        kernel: [1, 1],
        random: &random
      )
    }
  }

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let inner = second(secondNorm(first(firstNorm(x).silu())).silu())
    return (shortcut.map { $0(x) } ?? x) + inner
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("norm1", &firstNorm)
    visitor.visit("conv1", &first)
    visitor.visit("norm2", &secondNorm)
    visitor.visit("conv2", &second)
    visitor.visit("nin_shortcut", &shortcut)
  }
}

/// Attention of all places of a picture to each other with one head, added to the picture.
struct PlaceAttention: Module {
  private var norm: GroupNorm
  private var maps: [Convolution]

  init(_ channels: Int, _ random: inout RandomStream) {
    norm = GroupNorm(groups: 32, channels: channels, epsilon: 1e-6)
    maps = []
    for _ in 0..<4 {
      maps.append(Convolution(inputChannels: channels, outputChannels: channels, kernel: [1, 1], random: &random))
    }
  }

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let y = norm(x)
    let parts = maps.prefix(3).map { $0(y).flattened(from: 2).transposed(1, 2) }
    let read = Attention.softmax(parts[0], parts[1], parts[2]).transposed(1, 2).reshaped(x.shape)
    return x + maps[3](read)
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("norm", &norm)
    for (index, name) in ["q", "k", "v", "proj_out"].enumerated() { visitor.visit(name, &maps[index]) }
  }
}

/// Block, attention, block: what stands in the middle of encoder and decoder.
struct MiddlePart: Module {
  private var first: ResidualBlock
  private var attention: PlaceAttention
  private var second: ResidualBlock

  init(_ channels: Int, _ random: inout RandomStream) {
    first = ResidualBlock(channels, channels, &random)
    attention = PlaceAttention(channels, &random)
    second = ResidualBlock(channels, channels, &random)
  }

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { second(attention(first(x))) }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("block_1", &first)
    visitor.visit("attn_1", &attention)
    visitor.visit("block_2", &second)
  }
}
