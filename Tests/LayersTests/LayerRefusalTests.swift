import Layers
import TestSupport
import Tensors
import Testing

@Suite("What layers refuse")
struct LayerRefusalTests {
  /// Makes a layer with random numbers that nobody looks at.
  private static func made<Layer>(_ body: (inout RandomStream) -> Layer) -> Layer {
    var random = RandomStream(seed: 1)
    return body(&random)
  }

  static let x = Tensor<Float>.ones([2, 3, 5])

  static let all: [Refusal] = [
    Refusal("Linear(inputSize: 4, outputSize: 2): input has shape [2, 3, 5]") {
      _ = made { Linear(inputSize: 4, outputSize: 2, random: &$0) }(x)
    },
    Refusal("Convolution: 3 and 4 channels do not fall into 2 groups") {
      _ = made { Convolution(inputChannels: 3, outputChannels: 4, kernel: [3], groups: 2, random: &$0) }
    },
    Refusal(
      "Convolution(inputChannels: 4, outputChannels: 2): input has shape [2, 3, 5]; it must have 3 axes and 4 channels"
    ) {
      _ = made { Convolution(inputChannels: 4, outputChannels: 2, kernel: [3], random: &$0) }(x)
    },
    Refusal("is shorter than the kernel [2, 3, 7]") {
      _ = made { Convolution(inputChannels: 3, outputChannels: 2, kernel: [7], random: &$0) }(x)
    },
    Refusal("convolvedTransposed:") {
      _ = made { TransposedConvolution(inputChannels: 4, outputChannels: 2, kernel: [3], random: &$0) }(x)
    },
    Refusal("LayerNorm(size: 4)") { _ = LayerNorm(size: 4)(x) },
    Refusal("RMSNorm(size: 4)") { _ = RMSNorm(size: 4)(x) },
    Refusal("ScaleNorm(size: 4)") { _ = ScaleNorm(size: 4)(x) },
    Refusal("GroupNorm") { _ = GroupNorm(groups: 2, channels: 4)(x) },
    Refusal("GroupNorm") { _ = GroupNorm(groups: 3, channels: 4) },
    Refusal("CumulativeNorm") { _ = CumulativeNorm(channels: 4)(x) },
    Refusal("BatchNorm") {
      var norm = BatchNorm(channels: 4)
      _ = norm(x, mode: .training)
    },
    Refusal("PReLU") { _ = PReLU(channels: 4)(x) },
    Refusal("Dropout") { _ = Dropout(rate: 1.5) },
    Refusal("indexSelected: index 9, entry 0, leaves 0..<5") {
      _ = made { Embedding(count: 5, size: 2, random: &$0) }(Tensor<Int>([9]))
    },
    Refusal("lstm: weights [16, 4], [16, 4] and biases [16], [16] do not fit input [2, 3, 5]") {
      _ = made { LSTM(inputSize: 4, hiddenSize: 4, random: &$0) }(x)
    },
    Refusal("gru: weights [12, 4], [12, 4] and biases [12], [12] do not fit input [2, 3, 5]") {
      _ = made { GRU(inputSize: 4, hiddenSize: 4, random: &$0) }(x)
    },
    Refusal("MultiHeadAttention: 3 heads do not divide size 8") {
      _ = made { MultiHeadAttention(size: 8, heads: 3, random: &$0) }
    },
    Refusal("MultiHeadAttention(size: 4, heads: 2): input has shape [2, 3, 5], expected [batch, positions, 4]") {
      _ = made { MultiHeadAttention(size: 4, heads: 2, random: &$0) }(x)
    },
    Refusal("Attention.decaying: q [2, 3, 5]") { _ = Attention.decaying(x, x, x, decay: [1]) },
    Refusal("rotary: shape [2, 3, 5] must be […, positions, even size]") { _ = PositionalEncoding.rotary(x) },
    Refusal("gated: axis 1 of shape [2, 3, 5] does not fall into two halves") { _ = x.gated(axis: 1) },
    Refusal("maxPooled: window 6, stride 6 on axis 2 of shape [2, 3, 5]") { _ = x.maxPooled(6, axes: [2]) },
    Refusal("averagePooled: window 2, stride 0 on axis 2 of shape [2, 3, 5]") {
      _ = x.averagePooled(2, stride: 0, axes: [2])
    },
    Refusal("maxPooled: axis 3 of shape [2, 3, 5], which has 3 axes") { _ = x.maxPooled(2, axes: [3]) },
    Refusal("upsampledNearest: factor 0 must be positive") { _ = x.upsampledNearest(0, axes: [2]) },
    Refusal("resizedBilinear: shape [2, 3, 5] to 0 x 4") { _ = x.resizedBilinear(height: 0, width: 4) },
    Refusal("resizedBilinear: shape [2, 0, 5] to 2 x 4") {
      _ = Tensor<Float>.zeros([2, 0, 5]).resizedBilinear(height: 2, width: 4)
    },
    Refusal("meanSquare: shapes [2, 3, 5] and [1] must be equal") { _ = Loss.meanSquare(x, Tensor([1])) },
    Refusal("crossEntropy: scores [2, 3, 5] and labels [2], expected [items, classes] and [items]") {
      _ = Loss.crossEntropy(x, Tensor<Int>([0, 1]))
    },
    Refusal("crossEntropy: 2 weights for scores [1, 3]") {
      _ = Loss.crossEntropy(Tensor<Float>.ones([1, 3]), Tensor<Int>([0]), weights: [1, 1])
    },
    Refusal("gathered: index 7, entry 0, leaves 0..<3") {
      _ = Loss.crossEntropy(Tensor<Float>.ones([1, 3]), Tensor<Int>([7]))
    },
  ]

  @Test("inputs that do not fit a layer are refused in words", arguments: all.indices)
  func refusals(index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [index = index as Int] in
      Self.all[index].call()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(Self.all[index].message), "expected '\(Self.all[index].message)', got '\(text.prefix(300))'")
  }
}
