internal import Glibc
internal import Layers
public import Tensors

/// SimCLR: contrastive training on two strong views of every picture, without labels.
///
/// Source: Chen, Kornblith, Norouzi and Hinton, "A simple framework for contrastive learning of visual representations", 2020.
public struct ContrastivePretraining: Sendable, Equatable {
  /// Passes over the pictures.
  public var epochs: Int
  /// Largest batch; an epoch is cut into equal parts.
  public var batch: Int
  /// Size of a step at the beginning; it falls by half a cosine.
  public var rate: Double
  /// τ of the loss.
  public var temperature: Double

  /// Plans a training.
  public init(epochs: Int = 60, batch: Int = 256, rate: Double = 0.1, temperature: Double = 0.2) {
    (self.epochs, self.batch, self.rate, self.temperature) = (epochs, batch, rate, temperature)
  }

  /// Trains a network.
  ///
  /// - Parameters:
  ///   - network: where to start.
  ///   - images: the pictures; their labels are not looked at.
  ///   - random: source of orders and views.
  /// - Returns: the trained network, and the mean loss of each epoch.
  /// - Throws: `LabelNoiseError.singleSample`.
  public func run(
    _ network: TwoHeadNetwork,
    _ images: NoisyImages,
    random: RandomStream
  ) throws(LabelNoiseError) -> (network: TwoHeadNetwork, losses: [Double]) {
    var (network, rule) = (network, GradientDescent(rate: Float(rate), momentum: 0.9, decay: 5e-4))
    var losses: [Double] = []
    for epoch in 0..<epochs {
      var stream = random.stream(UInt64(epoch))
      rule.rate = Float(rate * cosineShare(epoch, of: epochs))
      let batches = try Batches(images.count, size: batch, random: &stream).parts
      var total = 0.0
      for places in batches {
        let first = ViewAugmentation.strong.views(images, places, random: &stream)
        let second = ViewAugmentation.strong.views(images, places, random: &stream)
        let (loss, gradients) = valueWithGradient(at: &network) { model in
          let features = model(.concatenated([first, second]), mode: .training).contrast.split(into: 2)
          return ContrastiveLosses.ntXent(features[0], features[1], temperature: Float(temperature))
        }
        rule.step(&network, gradients)
        total += Double(loss.value)
      }
      losses.append(total / Double(batches.count))
    }
    return (network, losses)
  }
}

/// The share of the rate in an epoch: ½ (1 + cos(π (t + 1) / (E + 1))).
func cosineShare(_ epoch: Int, of epochs: Int) -> Double {
  0.5 * (1 + cos(.pi * Double(epoch + 1) / Double(epochs + 1)))
}

/// All places in random order, cut into parts of nearly equal size.
struct Batches {
  let parts: [[Int]]

  init(_ count: Int, size: Int, random: inout RandomStream) throws(LabelNoiseError) {
    guard size >= 1 else {
      throw .badSetting(setting: "the batch", expected: "1 or more", got: Double(size))
    }
    let order = random.permutation(count)
    let number = max(1, (count + size - 1) / size)
    parts = (0..<number).map { Array(order[count * $0 / number..<count * ($0 + 1) / number]) }
    if let single = parts.firstIndex(where: { $0.count == 1 }) { throw .singleSample(batch: single) }
  }
}
