public import Layers
public import Tensors

/// Three convolutions with batch norms, and two linear heads on the pooled features: classes, and contrastive features.
public struct TwoHeadNetwork: Module, Equatable {
  /// What the network says of a batch.
  public struct Output: Sendable {
    /// Pooled values after the second stage, `[n, 64]`.
    public var early: Tensor<Float>
    /// Pooled values after the last stage, `[n, 128]`.
    public var pooled: Tensor<Float>
    /// Scores of the classes, `[n, classes]`.
    public var logits: Tensor<Float>
    /// Values of the contrastive head, `[n, 64]`.
    public var contrast: Tensor<Float>
  }

  private var stages: [Stage]
  private var classHead: Linear
  private var contrastHead: Linear

  /// Makes a network for pictures of one channel.
  public init(classes: Int, random: inout RandomStream) {
    stages = [(1, 32, 1), (32, 64, 2), (64, 128, 2)].map { Stage($0.0, $0.1, stride: $0.2, &random) }
    classHead = Linear(inputSize: 128, outputSize: classes, random: &random)
    contrastHead = Linear(inputSize: 128, outputSize: 64, random: &random)
  }

  /// The outputs for a batch `[n, 1, height, width]`.
  public mutating func callAsFunction(_ x: Tensor<Float>, mode: Mode) -> Output {
    var values = x
    var pooled: [Tensor<Float>] = []
    for index in stages.indices {
      values = stages[index](values, mode: mode)
      pooled.append(values.mean([2, 3]))
    }
    return Output(early: pooled[1], pooled: pooled[2], logits: classHead(pooled[2]), contrast: contrastHead(pooled[2]))
  }

  /// Shows all parts.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("stages", &stages)
    visitor.visit("class_head", &classHead)
    visitor.visit("contrast_head", &contrastHead)
  }

  /// Whether all parameters and running moments are equal.
  public static func == (a: TwoHeadNetwork, b: TwoHeadNetwork) -> Bool {
    let (first, second) = (a.parametersAndState, b.parametersAndState)
    return first == second
  }

  private var parametersAndState: [Tensor<Float>] {
    var (copy, collector) = (self, Collector())
    copy.visitParameters(&collector)
    return collector.tensors
  }
}

private struct Collector: ParameterVisitor {
  var tensors: [Tensor<Float>] = []
  mutating func visit(_ name: String, _ tensor: inout Tensor<Float>) { tensors.append(tensor) }
  mutating func visitState(_ name: String, _ tensor: inout Tensor<Float>) { tensors.append(tensor) }
}

/// A convolution of three by three, a batch norm, and max(·, 0).
private struct Stage: Module {
  var convolution: Convolution
  var norm: BatchNorm

  init(_ inputs: Int, _ outputs: Int, stride: Int, _ random: inout RandomStream) {
    convolution = Convolution(
      inputChannels: inputs,
      outputChannels: outputs,
      kernel: [3, 3],
      stride: stride,
      padding: .zeros(1),
      random: &random
    )
    norm = BatchNorm(channels: outputs)
  }

  mutating func callAsFunction(_ x: Tensor<Float>, mode: Mode) -> Tensor<Float> {
    norm(convolution(x), mode: mode).relu()
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("convolution", &convolution)
    visitor.visit("norm", &norm)
  }
}
