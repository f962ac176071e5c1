import Layers
import Tensors
import Testing

/// A layer that the table tests run: how it is made and called, and the fixture with PyTorch's numbers.
struct LayerCase<Layer: Module>: Sendable {
  let make: @Sendable (inout RandomStream) -> Layer
  let shape: [Int]
  let call: @Sendable (inout Layer, Tensor<Float>) -> Tensor<Float>
}

/// A layer case whose type is hidden, so that cases of all layers stand in one table.
struct AnyLayerCase: Sendable, CustomTestStringConvertible {
  let name: String
  let fixture: String?
  let run: @Sendable (any LayerCheck) throws -> Void
  var testDescription: String { name }

  init<Layer: Module>(
    _ name: String,
    fixture: String? = nil,
    _ shape: [Int],
    _ make: @escaping @Sendable (inout RandomStream) -> Layer,
    _ call: @escaping @Sendable (inout Layer, Tensor<Float>) -> Tensor<Float>
  ) {
    (self.name, self.fixture) = (name, fixture)
    run = { try $0.check(LayerCase(make: make, shape: shape, call: call)) }
  }
}

/// Something that is true of every layer.
protocol LayerCheck {
  func check<Layer: Module>(_ layer: LayerCase<Layer>) throws
}

extension AnyLayerCase {
  static let convolutions: [AnyLayerCase] = [
    AnyLayerCase("Linear", fixture: "linear", [2, 4, 5], { Linear(inputSize: 5, outputSize: 3, random: &$0) }) {
      $0($1)
    },
    AnyLayerCase(
      "Convolution 1-d",
      fixture: "conv1d",
      [2, 3, 19],
      {
        Convolution(
          inputChannels: 3,
          outputChannels: 4,
          kernel: [5],
          stride: 2,
          padding: .zeros(3),
          dilation: 2,
          random: &$0
        )
      }
    ) { $0($1) },
    AnyLayerCase(
      "Convolution depthwise",
      fixture: "conv1d-depthwise",
      [2, 6, 23],
      {
        Convolution(
          inputChannels: 6,
          outputChannels: 6,
          kernel: [3],
          padding: .same,
          dilation: 4,
          groups: 6,
          random: &$0
        )
      }
    ) { $0($1) },
    AnyLayerCase(
      "Convolution of narrow groups",
      fixture: "conv1d-groups",
      [2, 8, 31],
      {
        Convolution(
          inputChannels: 8,
          outputChannels: 4,
          kernel: [7],
          padding: .same,
          dilation: 2,
          groups: 4,
          random: &$0
        )
      }
    ) { $0($1) },
    AnyLayerCase(
      "Convolution of one tap",
      fixture: "conv1d-pointwise",
      [2, 6, 9],
      { Convolution(inputChannels: 6, outputChannels: 5, kernel: [1], random: &$0) }
    ) { $0($1) },
    AnyLayerCase(
      "Convolution 2-d",
      fixture: "conv2d",
      [2, 3, 9, 7],
      { Convolution(inputChannels: 3, outputChannels: 8, kernel: [3, 3], padding: .same, random: &$0) }
    ) { $0($1) },
    AnyLayerCase(
      "Convolution 2-d with stride",
      fixture: "conv2d-stride",
      [1, 4, 10, 8],
      { Convolution(inputChannels: 4, outputChannels: 6, kernel: [4, 4], stride: 2, padding: .zeros(1), random: &$0) }
    ) { $0($1) },
    AnyLayerCase(
      "Convolution 2-d depthwise",
      fixture: "conv2d-depthwise",
      [2, 4, 8, 9],
      { Convolution(inputChannels: 4, outputChannels: 4, kernel: [5, 5], padding: .same, groups: 4, random: &$0) }
    ) { $0($1) },
    AnyLayerCase(
      "Convolution 3-d",
      fixture: "conv3d",
      [1, 2, 4, 5, 6],
      { Convolution(inputChannels: 2, outputChannels: 3, kernel: [3, 3, 3], padding: .same, random: &$0) }
    ) { $0($1) },
    AnyLayerCase(
      "TransposedConvolution 1-d",
      fixture: "transposed1d",
      [2, 4, 7],
      {
        TransposedConvolution(
          inputChannels: 4,
          outputChannels: 3,
          kernel: [8],
          stride: 4,
          padding: 2,
          outputPadding: 1,
          random: &$0
        )
      }
    ) { $0($1) },
    AnyLayerCase(
      "TransposedConvolution by patches",
      [2, 3, 2, 4],
      { TransposedConvolution(inputChannels: 3, outputChannels: 2, patch: [1, 2], random: &$0) }
    ) { $0($1) },
    AnyLayerCase(
      "TransposedConvolution 2-d in groups",
      fixture: "transposed2d",
      [1, 4, 5, 6],
      {
        TransposedConvolution(
          inputChannels: 4,
          outputChannels: 6,
          kernel: [4, 4],
          stride: 2,
          padding: 1,
          groups: 2,
          random: &$0
        )
      }
    ) { $0($1) },
  ]

  static let others: [AnyLayerCase] = [
    AnyLayerCase("LayerNorm", fixture: "layernorm", [3, 4, 7], { _ in LayerNorm(size: 7) }) { $0($1) },
    AnyLayerCase("GroupNorm", fixture: "groupnorm", [2, 6, 5, 3], { _ in GroupNorm(groups: 2, channels: 6) }) {
      $0($1)
    },
    AnyLayerCase("global norm", fixture: "globalnorm", [2, 6, 11], { _ in GroupNorm.global(channels: 6) }) { $0($1) },
    AnyLayerCase("instance norm", [2, 6, 11], { _ in GroupNorm.instance(channels: 6, hasAffine: true) }) { $0($1) },
    AnyLayerCase("RMSNorm", [2, 6], { _ in RMSNorm(size: 6) }) { $0($1) },
    AnyLayerCase("ScaleNorm", [2, 6], { _ in ScaleNorm(size: 6) }) { $0($1) },
    AnyLayerCase("CumulativeNorm", [2, 3, 7], { _ in CumulativeNorm(channels: 3) }) { $0($1) },
    AnyLayerCase("BatchNorm", fixture: "batchnorm", [3, 4, 5, 2], { _ in BatchNorm(channels: 4) }) {
      (layer: inout BatchNorm, x) in layer(x, mode: .training)
    },
    AnyLayerCase("BatchNorm of the last axis", [3, 5, 4], { _ in BatchNorm(channels: 4, axis: -1) }) {
      (layer: inout BatchNorm, x) in layer(x, mode: .training)
    },
    AnyLayerCase("BatchNorm in evaluation", [3, 4, 5], { _ in BatchNorm(channels: 4) }) {
      (layer: inout BatchNorm, x) in layer(x, mode: .evaluation)
    },
    AnyLayerCase("BatchNorm with a shift and a leaky ReLU", [3, 4, 5], { _ in BatchNorm(channels: 4) }) {
      (layer: inout BatchNorm, x) in
      layer(x, shift: LayerTableTests.weights([3, 4]), slope: 0.1, mode: .training)
    },
    AnyLayerCase("BatchNorm with a shift in evaluation", [3, 4, 5], { _ in BatchNorm(channels: 4) }) {
      (layer: inout BatchNorm, x) in
      layer(x, shift: LayerTableTests.weights([3, 4]), slope: 1, mode: .evaluation)
    },
    AnyLayerCase("PReLU", fixture: "prelu", [2, 4, 6], { _ in PReLU(channels: 4) }) { $0($1) },
    AnyLayerCase("Snake", [2, 4, 6], { _ in Snake(channels: 4) }) { $0($1) },
    AnyLayerCase(
      "LSTM",
      fixture: "lstm",
      [6, 3, 4],
      { LSTM(inputSize: 4, hiddenSize: 5, layers: 2, isBidirectional: true, random: &$0) }
    ) { $0($1).output },
    AnyLayerCase(
      "GRU",
      fixture: "gru",
      [6, 3, 4],
      { GRU(inputSize: 4, hiddenSize: 5, layers: 2, isBidirectional: true, random: &$0) }
    ) { $0($1).output },
    AnyLayerCase(
      "MultiHeadAttention",
      fixture: "attention",
      [2, 5, 8],
      { MultiHeadAttention(size: 8, heads: 2, random: &$0) }
    ) { $0($1) },
    AnyLayerCase(
      "MultiHeadAttention to another source",
      [2, 5, 8],
      { MultiHeadAttention(size: 8, heads: 2, random: &$0) }
    ) { $0($1, source: $1.sliced(0..<3, axis: 1)) },
    AnyLayerCase("Embedding", [3, 4], { Embedding(count: 5, size: 4, random: &$0) }) { layer, x in
      layer(Tensor<Int>([4, 0, 4])) * x
    },
  ]

  static let all = convolutions + others
}
