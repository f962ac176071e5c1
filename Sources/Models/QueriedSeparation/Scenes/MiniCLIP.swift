public import Layers
public import Tensors

/// Two small encoders whose results meet in one space: pictures by two layers, captions by a bag of words.
///
/// It stands for CLIP, and like it learns from pairs of pictures and captions only.
///
/// Source of the loss: A. Radford and others, "Learning transferable visual models from natural language supervision", 2021.
public struct MiniCLIP: Module {
  /// Values of an embedding.
  public static let size = 32
  /// Words that captions are read by, in the order of the bag.
  public let vocabulary: [String]
  private var pictureInput: Linear
  private var pictureOutput: Linear
  private var wordInput: Linear
  private var wordOutput: Linear
  private var logScale: Tensor<Float>

  /// Makes encoders with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - pixels: values of a picture.
  ///   - vocabulary: the words to know.
  ///   - random: supplies the values.
  public init(
    pixels: Int = PictureWorld.pixels,
    vocabulary: [String] = PictureWorld.vocabulary,
    random: inout RandomStream
  ) {
    self.vocabulary = vocabulary
    pictureInput = Linear(inputSize: pixels, outputSize: 96, random: &random)
    pictureOutput = Linear(inputSize: 96, outputSize: Self.size, random: &random)
    wordInput = Linear(inputSize: vocabulary.count, outputSize: 64, hasBias: false, random: &random)
    wordOutput = Linear(inputSize: 64, outputSize: Self.size, random: &random)
    logScale = Tensor<Float>([1 / 0.07]).log()
  }

  /// Embeddings of unit length, `[items, pixels]` to `[items, 32]`.
  public func embed(pictures: Tensor<Float>) -> Tensor<Float> {
    pictureOutput(pictureInput(pictures).relu()).normalized([-1])
  }

  /// Embeddings of unit length of bags, `[items, words]` to `[items, 32]`.
  public func embed(bags: Tensor<Float>) -> Tensor<Float> { wordOutput(wordInput(bags).relu()).normalized([-1]) }

  /// Embeddings of unit length of captions, `[captions, 32]`.
  ///
  /// - Throws: `QueriedSeparationError.unknownCaption`.
  public func embed(captions: [String]) throws(QueriedSeparationError) -> Tensor<Float> {
    embed(bags: try bags(captions))
  }

  /// Counts of known words, each caption's scaled to length one; words that are not known are left out.
  ///
  /// - Throws: `QueriedSeparationError.unknownCaption` where no word is left.
  public func bags(_ captions: [String]) throws(QueriedSeparationError) -> Tensor<Float> {
    var values: [Float] = []
    for caption in captions {
      let words = caption.lowercased().split { !$0.isLetter && $0 != "-" }.map(String.init)
      var counts = [Float](repeating: 0, count: vocabulary.count)
      for word in words { if let place = vocabulary.firstIndex(of: word) { counts[place] += 1 } }
      let length = counts.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { throw .unknownCaption(words: words, known: vocabulary.count) }
      values += counts.map { $0 / length }
    }
    return Tensor(values, shape: [captions.count, vocabulary.count])
  }

  /// Symmetric cross-entropy of similarities; items of a class are right for each other in equal shares.
  ///
  /// - Parameters:
  ///   - pictures: `[items, pixels]`.
  ///   - bags: `[items, words]`.
  ///   - classes: of each item.
  /// - Returns: a scalar.
  public func loss(pictures: Tensor<Float>, bags: Tensor<Float>, classes: [Int]) -> Tensor<Float> {
    let count = classes.count
    let shares = classes.flatMap { row in
      let equals = Float(classes.count { $0 == row })
      return classes.map { $0 == row ? 1 / equals : 0 }
    }
    let targets = Tensor<Float>(shares, shape: [count, count])
    let scale = logScale.exp().clamped(to: 0...100)
    let scores = embed(pictures: pictures).matmul(embed(bags: bags), transposesRight: true) * scale
    let both = (scores.logSoftmax() + scores.transposed().logSoftmax()) * targets
    return -both.sum() / Float(2 * count)
  }

  /// Shows both encoders and the logarithm of the scale.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("picture.0", &pictureInput)
    visitor.visit("picture.1", &pictureOutput)
    visitor.visit("words.0", &wordInput)
    visitor.visit("words.1", &wordOutput)
    visitor.visit("log_scale", &logScale)
  }
}
