public import Layers
public import Tensors

/// A diffusion transformer, DiT or LiT: patches, blocks under the condition of time and class, and patches again.
///
/// Names are those of the official DiT code, so that its weights load by name.
public struct DiffusionTransformer: Module {
  /// Sizes.
  public let shape: DiffusionTransformerConfiguration
  private var patches: Convolution
  private var time: TimeCode
  private var classCodes: Embedding
  /// The blocks.
  public var blocks: [ModulatedBlock]
  private var finalModulation: Linear
  private var final: Linear
  private let positions: Tensor<Float>

  /// Makes a model that predicts zero noise at first.
  ///
  /// - Parameters:
  ///   - shape: sizes.
  ///   - labelDeviation: standard deviation of the codes of the classes, 0.02 in DiT; small models learn classes sooner with more.
  ///   - random: supplies the values.
  /// - Throws: as the configuration.
  public init(
    _ shape: DiffusionTransformerConfiguration,
    labelDeviation: Double = 0.02,
    random: inout RandomStream
  ) throws(DiffusionTransformerError) {
    self.shape = shape
    let (d, p) = (shape.width, shape.patch)
    patches = Convolution(inputChannels: shape.channels, outputChannels: d, kernel: [p, p], stride: p, random: &random)
    patches.weight = Initial.xavierUniform([d, shape.channels * p * p], &random).reshaped(patches.weight.shape)
    patches.bias = .zeros([d])
    time = TimeCode(shape, &random)
    classCodes = Embedding(count: shape.classes + 1, size: d, random: &random)
    classCodes.weight = random.normal([shape.classes + 1, d], deviation: labelDeviation)
    var made: [ModulatedBlock] = []
    for _ in 0..<shape.layers {
      made.append(try ModulatedBlock(width: d, heads: shape.heads, mixing: shape.mixing, random: &random))
    }
    blocks = made
    finalModulation = Linear(zeros: d, 2 * d, &random)
    final = Linear(zeros: d, 2 * p * p * shape.channels, &random)
    positions = GridCode.sinusoids(side: shape.gridSide, width: d)
  }

  /// Noise and variance channels of noisy pictures.
  ///
  /// - Parameters:
  ///   - pictures: x_t, `[batch, channels, side, side]`.
  ///   - timesteps: t of each picture, as the schedule of training counts.
  ///   - labels: class of each picture; the number of classes stands for none.
  /// - Returns: `[batch, 2 · channels, side, side]`.
  /// - Throws: `.shape` or `.label`.
  public func callAsFunction(
    _ pictures: Tensor<Float>,
    timesteps: [Int],
    labels: [Int]
  ) throws(DiffusionTransformerError) -> Tensor<Float> {
    try check(pictures, timesteps, labels)
    let condition = time(timesteps) + classCodes(Tensor<Int>(labels))
    var x = patches(pictures).flattened(from: 2).transposed(1, 2) + positions
    let side = shape.gridSide
    for block in blocks { x = try block(x, condition: condition, rows: side, columns: side) }
    let parts = finalModulation(condition.silu()).split(into: 2, axis: 1)
    return assembled(final(x.modulated(shift: parts[0], scale: parts[1])))
  }

  /// Patches to pictures, `[batch, N, p² · 2C]` to `[batch, 2C, side, side]`.
  private func assembled(_ x: Tensor<Float>) -> Tensor<Float> {
    let (batch, side, p, channels) = (x.shape[0], shape.gridSide, shape.patch, 2 * shape.channels)
    return x.reshaped([batch, side, side, p, p, channels]).permuted([0, 5, 1, 3, 2, 4])
      .reshaped([batch, channels, shape.side, shape.side])
  }

  private func check(
    _ pictures: Tensor<Float>,
    _ timesteps: [Int],
    _ classes: [Int]
  ) throws(DiffusionTransformerError) {
    let count = pictures.shape.first ?? 0
    guard pictures.shape == [count, shape.channels, shape.side, shape.side] else {
      let expected = "[batch, \(shape.channels), \(shape.side), \(shape.side)]"
      throw .shape(what: "pictures", expected: expected, got: pictures.shape)
    }
    guard timesteps.count == count else {
      throw .size(what: "number of timesteps", expected: "\(count), one a picture", got: timesteps.count)
    }
    guard classes.count == count else {
      throw .size(what: "number of labels", expected: "\(count), one a picture", got: classes.count)
    }
    for (item, label) in classes.enumerated() where !(0...shape.classes).contains(label) {
      throw .label(item: item, got: label, classes: shape.classes)
    }
  }

  /// Shows all parts under the official names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("x_embedder")
    visitor.visit("proj", &patches)
    visitor.leave()
    visitor.visit("t_embedder", &time)
    visitor.enter("y_embedder")
    visitor.visit("embedding_table", &classCodes)
    visitor.leave()
    visitor.visit("blocks", &blocks)
    visitor.enter("final_layer")
    visitor.visit("linear", &final)
    visitor.enter("adaLN_modulation")
    visitor.visit("1", &finalModulation)
    visitor.leave()
    visitor.leave()
  }
}
