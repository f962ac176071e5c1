public import Acoustics
public import Layers
public import Tensors

/// A small judge of log-mel pictures: what kind of sound, and 48 features in which sounds are compared.
public struct SoundClassifier: Module {
  private var convolutions: [Convolution]
  private var hidden: Linear
  private var last: Linear

  /// Name of the space of features.
  public static let space = "48 features of the sound classifier"

  /// Makes a classifier with PyTorch's initial values.
  public init(random: inout RandomStream) {
    convolutions = [
      Convolution(square: 1, 16, stride: 2, &random), Convolution(square: 16, 24, stride: 2, &random),
    ]
    // Bands stay apart: pitch tells kinds from each other; frames are averaged, and the loudest kept.
    hidden = Linear(inputSize: 2 * 24 * 8, outputSize: 48, random: &random)
    last = Linear(inputSize: 48, outputSize: SceneSound.allCases.count, random: &random)
  }

  /// Features of pictures `[count, 1, 64, 32]`, `[count, 48]`.
  public func features(_ pictures: Tensor<Float>) -> Tensor<Float> {
    let x = convolutions[1](convolutions[0](pictures).relu()).relu()
    let pooled = Tensor.concatenated([x.mean([2]), x.max([2])], axis: 1)
    return hidden(pooled.flattened(from: 1)).relu()
  }

  /// Probabilities of the kinds, `[count, kinds]`.
  public func probabilities(_ pictures: Tensor<Float>) -> Tensor<Float> { last(features(pictures)).softmax() }

  /// Probability of each picture's own kind.
  public func scores(_ pictures: Tensor<Float>, kinds: [SceneSound]) -> [Double] {
    let all = probabilities(pictures)
    return kinds.enumerated().map { Double(all[$0, $1.rawValue]) }
  }

  /// The classifier after steps of Adam with rate 0.002 on batches of 48.
  public func trained(
    on pictures: Tensor<Float>,
    kinds: [SceneSound],
    steps: Int,
    random: RandomStream
  ) -> SoundClassifier {
    var training = Training(self, Adam(rate: 2e-3), random: random)
    for _ in 0..<steps {
      training.advance { model, _, stream in
        var chosen: [Int] = []
        for _ in 0..<48 { chosen.append(stream.integer(in: 0..<kinds.count)) }
        let scores = model.last(model.features(pictures.indexSelected(Tensor<Int>(chosen))))
        return Loss.crossEntropy(scores, Tensor<Int>(chosen.map { kinds[$0].rawValue }))
      }
    }
    return training.model
  }

  /// Shows all parts.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("convolutions", &convolutions)
    visitor.visit("features", &hidden)
    visitor.visit("last", &last)
  }
}
