import Tensors

/// The fused operations of layers, as the gradient table runs them.
enum LayerOperationCases {
  static func weights(_ x: [Tensor<Double>], from first: Int) -> RecurrentWeights<Double> {
    RecurrentWeights(input: x[first], hidden: x[first + 1], inputBias: x[first + 2], hiddenBias: x[first + 3])
  }

  static let normalizations: [OperationCase] = [
    OperationCase("layer norm", [[3, 5], [5], [5]]) {
      $0[0].normalized(Normalization(length: 5, epsilon: 1e-3), weight: $0[1], bias: $0[2])
    },
    OperationCase("norm without affine map", [[3, 5]]) { $0[0].normalized(Normalization(length: 5, epsilon: 1e-3)) },
    OperationCase("root mean square norm", [[3, 5], [5]]) {
      $0[0].normalized(Normalization(length: 5, epsilon: 1e-3, centers: false), weight: $0[1])
    },
    OperationCase("global norm with one slope", [[2, 3, 5], [3], [3], [1]]) {
      $0[0].normalized(Normalization(length: 15, period: 5, epsilon: 1e-3), weight: $0[1], bias: $0[2], slope: $0[3])
    },
    OperationCase("global norm with a slope a channel", [[2, 3, 5], [3], [3], [3]]) {
      $0[0].normalized(Normalization(length: 15, period: 5, epsilon: 1e-3), weight: $0[1], bias: $0[2], slope: $0[3])
    },
    OperationCase("PReLU before a global norm", [[2, 3, 5], [3], [3], [1]]) {
      $0[0].normalized(
        Normalization(length: 15, period: 5, epsilon: 1e-3),
        weight: $0[1],
        bias: $0[2],
        inputSlope: $0[3]
      )
    },
    OperationCase("PReLU before and after a global norm", [[2, 3, 5], [3], [3], [3], [1]]) {
      $0[0].normalized(
        Normalization(length: 15, period: 5, epsilon: 1e-3),
        weight: $0[1],
        bias: $0[2],
        slope: $0[3],
        inputSlope: $0[4]
      )
    },
    OperationCase("PReLU before a layer norm", [[3, 5], [5], [5], [1]]) {
      $0[0].normalized(Normalization(length: 5, epsilon: 1e-3), weight: $0[1], bias: $0[2], inputSlope: $0[3])
    },
    OperationCase("group norm", [[2, 4, 5], [4], [4]]) {
      $0[0].normalized(Normalization(length: 10, period: 5, epsilon: 1e-3), weight: $0[1], bias: $0[2])
    },
    OperationCase("instance norm", [[2, 3, 5], [3]]) {
      $0[0].normalized(Normalization(length: 5, period: 5, epsilon: 1e-3), weight: $0[1])
    },
    OperationCase("batch norm", [[3, 2, 4], [2], [2]]) {
      $0[0].batchNormalized(weight: $0[1], bias: $0[2], epsilon: 1e-3).result
    },
    OperationCase("batch norm of a matrix", [[5, 3]]) { $0[0].batchNormalized(epsilon: 1e-3).result },
    OperationCase("batch norm with a shift and a leaky ReLU", [[3, 2, 4], [2], [2], [3, 2]]) {
      $0[0].modulatedBatchNormalized(weight: $0[1], bias: $0[2], shift: $0[3], slope: 0.1, epsilon: 1e-3).result
    },
    OperationCase("batch norm with a ReLU", [[3, 2, 4]]) {
      $0[0].modulatedBatchNormalized(slope: 0, epsilon: 1e-3).result
    },
    OperationCase("affine map by channel with a shift and a leaky ReLU", [[3, 2, 4], [2], [2], [3, 2]]) {
      $0[0].modulatedByChannel(factor: $0[1], summand: $0[2], shift: $0[3], slope: 0.1)
    },
  ]

  static let recurrences: [OperationCase] = [false, true].flatMap { backward in
    [
      OperationCase(
        "lstm \(backward ? "backward" : "forward")",
        [[3, 2, 3], [8, 3], [8, 2], [8], [8], [2, 2], [2, 2]],
        in: -1...1
      ) {
        let (h, c) = $0[0].lstm(weights($0, from: 1), state: ($0[5], $0[6]), backward: backward)
        return .concatenated([h, c.selected(1).expanded(at: 0)])
      },
      OperationCase(
        "gru \(backward ? "backward" : "forward")",
        [[3, 2, 3], [6, 3], [6, 2], [6], [6], [2, 2]],
        in: -1...1
      ) { $0[0].gru(weights($0, from: 1), state: $0[5], backward: backward) },
    ]
  }

  /// Sizes that are no multiple of a tile, and blocks of one row, of a part, and of all rows.
  static let attentions: [OperationCase] = [1, 4, 64].flatMap { block in
    [
      OperationCase("decaying attention, block \(block)", [[2, 3, 9, 5], [2, 3, 9, 5], [2, 3, 9, 7]]) {
        .decayingAttention($0[0], $0[1], $0[2], slopes: [0, 0.1, 2], block: block)
      },
      OperationCase(
        "decaying attention of whole tiles, block \(block)",
        [[1, 1, 19, 16], [1, 1, 19, 16], [1, 1, 19, 16]]
      ) {
        .decayingAttention($0[0], $0[1], $0[2], slopes: [0.3], block: block)
      },
    ]
  }

  /// Heads on their own and side by side, keys beyond one chunk, and queries beyond one block.
  static let headAttentions: [OperationCase] = [
    OperationCase("softmax attention", [[2, 3, 5], [2, 4, 5], [2, 4, 7]]) { .softmaxAttention($0[0], $0[1], $0[2]) },
    OperationCase("softmax attention of two heads", [[2, 3, 6], [2, 4, 6], [2, 4, 4]]) {
      .softmaxAttention($0[0], $0[1], $0[2], heads: 2, scale: 0.7)
    },
    OperationCase("causal softmax attention", [[1, 2, 6, 3], [1, 2, 6, 3], [1, 2, 6, 2]]) {
      .softmaxAttention($0[0], $0[1], $0[2], isCausal: true)
    },
    OperationCase("rectified attention", [[2, 5, 3], [2, 5, 3], [2, 5, 4]]) {
      .rectifiedAttention($0[0], $0[1], $0[2], epsilon: 0.1)
    },
    OperationCase("rectified attention of two heads", [[2, 3, 6], [2, 3, 6], [2, 3, 4]]) {
      .rectifiedAttention($0[0], $0[1], $0[2], heads: 2, epsilon: 0.1)
    },
  ]

  static let rowMaps: [OperationCase] = [
    OperationCase("multiplyAdd with a row of summands", [[2, 3, 5], [2, 1, 5], [2, 1, 5]]) {
      $0[0].multiplyAdd($0[1], $0[2])
    },
    OperationCase("multiplyAdd with summands of its own shape", [[2, 3, 5], [2, 1, 5], [2, 3, 5]]) {
      $0[0].multiplyAdd($0[1], $0[2])
    },
    OperationCase("multiplyAdd of single rows", [[2, 1, 5], [2, 1, 5], [2, 1, 5]]) { $0[0].multiplyAdd($0[1], $0[2]) },
    OperationCase("linear", [[2, 3, 4], [5, 4], [5]]) { $0[0].linear($0[1], bias: $0[2]) },
    OperationCase("linear without bias", [[3, 4], [5, 4]]) { $0[0].linear($0[1], bias: nil) },
  ]

  static let all = normalizations + recurrences + attentions + headAttentions + rowMaps
}
