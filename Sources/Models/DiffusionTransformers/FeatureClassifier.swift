public import Layers
public import Tensors

/// A small classifier whose last hidden layer is the space in which samples are compared with real pictures.
///
/// 64 → 128 → 32 → classes with ReLU; distances in its space mean something only for one and the same trained classifier.
public struct FeatureClassifier: Module {
  private var first: Linear
  private var second: Linear
  private var last: Linear

  /// Name of the space of features.
  public static let space = "32 features of the digit classifier"

  /// Makes a classifier with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - pixels: values of a picture.
  ///   - classes: number of classes.
  ///   - random: supplies the values.
  public init(pixels: Int = 64, classes: Int = 10, random: inout RandomStream) {
    first = Linear(inputSize: pixels, outputSize: 128, random: &random)
    second = Linear(inputSize: 128, outputSize: 32, random: &random)
    last = Linear(inputSize: 32, outputSize: classes, random: &random)
  }

  /// Features of pictures, `[count, …]` to `[count, 32]`.
  public func features(_ pictures: Tensor<Float>) -> Tensor<Float> {
    second(first(pictures.flattened(from: 1)).relu()).relu()
  }

  /// Scores of the classes, `[count, classes]`.
  public func scores(_ pictures: Tensor<Float>) -> Tensor<Float> { last(features(pictures)) }

  /// Share of pictures that are taken for their class.
  public func accuracy(_ pictures: Tensor<Float>, labels: [Int]) -> Double {
    let found = scores(pictures).argMax().values
    return Double(zip(found, labels).count { $0 == $1 }) / Double(max(1, labels.count))
  }

  /// The classifier after steps of Adam with rate 0.002 and decay 10⁻⁴ on batches of 128.
  public func trained(on pictures: Tensor<Float>, labels: [Int], steps: Int = 600, random: RandomStream) -> Self {
    var training = Training(self, Adam(rate: 2e-3, decay: 1e-4), random: random)
    for _ in 0..<steps {
      training.advance { model, _, stream in
        let chosen = (0..<128).map { _ in stream.integer(in: 0..<labels.count) }
        let scores = model.scores(pictures.indexSelected(Tensor<Int>(chosen)))
        return Loss.crossEntropy(scores, Tensor<Int>(chosen.map { labels[$0] }))
      }
    }
    return training.model
  }

  /// Shows `0`, `1` and `2`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("0", &first)
    visitor.visit("1", &second)
    visitor.visit("2", &last)
  }
}
