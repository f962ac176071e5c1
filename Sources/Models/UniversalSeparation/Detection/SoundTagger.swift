public import Layers
internal import Signals
public import Tensors

/// A small network that says which classes sound in a clip, and in which of its frames, having learned from clip labels only.
///
/// Log-mel bands, three convolutions of 3×3, the mean over bands; then two heads with the same linear layers. The clip's head
/// reads the loudest and the mean of each feature over time; the frames' head reads each frame with its neighbours, and its
/// largest value over time is the clip's second answer.
///
/// Source: Q. Kong and others, "PANNs", 2020: the forms of Cnn14 and Cnn14_DecisionLevelMax at a small size.
public struct SoundTagger: Module {
  /// Samples a second, in Hz.
  public static let sampleRate = 8000.0
  /// Samples between the frames of probabilities: a hundred a second.
  public static let frameHop = 80
  /// Samples between the columns of the pictures that the network reads.
  private static let hop = 128
  /// Columns of a picture that become one.
  private static let stride = 4
  /// Bands of a picture.
  private static let bands = 32

  /// Number of classes.
  public let classCount: Int
  private let stft = STFT<Float>(frameLength: 256, hop: SoundTagger.hop)
  private let bank: MelFilterBank<Float>
  private var inputNorm = BatchNorm(channels: SoundTagger.bands, axis: 3)
  private var convolutions: [Convolution] = []
  private var norms: [BatchNorm] = []
  private var hidden: Linear
  private var last: Linear

  /// Makes a tagger with PyTorch's initial values; 21,772 parameters for 12 classes.
  ///
  /// - Throws: `.size`, or `SignalError`.
  public init(classCount: Int, random: inout RandomStream) throws {
    guard classCount > 0 else {
      throw UniversalSeparationError.size(what: "number of classes", expected: "at least 1", got: classCount)
    }
    self.classCount = classCount
    bank = try MelFilterBank(
      bands: Self.bands,
      frameLength: 256,
      sampleRate: Self.sampleRate,
      range: 50...4000,
      scale: .htk,
      isNormalized: false
    )
    let widths = [1, 16, 32, 48]
    for (input, output) in zip(widths, widths.dropFirst()) {
      convolutions.append(
        Convolution(
          inputChannels: input,
          outputChannels: output,
          kernel: [3, 3],
          padding: .zeros(1),
          hasBias: false,
          random: &random
        )
      )
      norms.append(BatchNorm(channels: output))
    }
    hidden = Linear(inputSize: 48, outputSize: 48, random: &random)
    last = Linear(inputSize: 48, outputSize: classCount, random: &random)
  }

  /// Log-mel pictures of sounds of one length, `[count, 1, frames, 32]`, in dB.
  ///
  /// - Parameter sounds: at 8 kHz.
  /// - Returns: the pictures.
  /// - Throws: `.notFinite`, or `SignalError.tooShort`.
  public func pictures(_ sounds: [[Float]]) throws -> Tensor<Float> {
    .stacked(
      try sounds.enumerated().map { index, samples in
        try UniversalSeparationError.checkFinite(samples, "sound \(index)")
        let spectrogram = try stft.forward(samples)
        return Tensor(bank.logMel(spectrogram), shape: [1, spectrogram.frameCount, Self.bands])
      }
    )
  }

  /// Scores of classes before the sigmoid.
  public struct Scores: Sendable {
    /// Of the clip's head, `[count, classes]`.
    public var clip: Tensor<Float>
    /// Of the frames' head, four columns of the picture each, `[count, frames, classes]`.
    public var frames: Tensor<Float>
  }

  /// Scores of pictures `[count, 1, frames, 32]`.
  public mutating func callAsFunction(_ pictures: Tensor<Float>, mode: Mode) -> Scores {
    var x = inputNorm(pictures, mode: mode)
    for index in convolutions.indices {
      x = norms[index](convolutions[index](x), slope: 0, mode: mode)
      if index < 2 { x = x.averagePooled(2, axes: [2, 3]) }
    }
    let features = x.mean([3])
    // Features are not negative: a frame of zeros beyond each end changes no maximum.
    let wide = features.padded(before: 1, after: 1, axis: 2)
    let near = wide.maxPooled(3, stride: 1, axes: [2]) + wide.averagePooled(3, stride: 1, axes: [2])
    return Scores(clip: head(features.max([2]) + features.mean([2])), frames: head(near.transposed(1, 2)))
  }

  private func head(_ features: Tensor<Float>) -> Tensor<Float> { last(hidden(features).relu()) }

  /// Probabilities of classes for whole sounds of one length, `[count, classes]`.
  ///
  /// - Throws: as `pictures`.
  public func clipProbabilities(_ sounds: [[Float]]) throws -> Tensor<Float> {
    var copy = self
    return .concatenated(
      try Self.parts(sounds).map { copy(try pictures($0), mode: .evaluation).clip.sigmoid() }
    )
  }

  /// Probabilities of classes a hundred times a second for sounds of one length, `[count][classes][frames]`.
  ///
  /// - Throws: as `pictures`.
  public func frameProbabilities(_ sounds: [[Float]]) throws -> [[[Float]]] {
    var copy = self
    var found: [[[Float]]] = []
    for part in Self.parts(sounds) {
      let scores = copy(try pictures(part), mode: .evaluation).frames.sigmoid()
      let frames = (part.first?.count ?? 0) / Self.frameHop
      // Each of the network's frames stands for the columns that it was made of.
      let places = (0..<frames).map { frame in
        min((2 * frame + 1) * Self.frameHop / (2 * Self.stride * Self.hop), scores.shape[1] - 1)
      }
      for item in part.indices {
        let own = scores.selected(item).transposed().values
        let length = scores.shape[1]
        found.append((0..<classCount).map { label in places.map { own[label * length + $0] } })
      }
    }
    return found
  }

  private static func parts(_ sounds: [[Float]]) -> [[[Float]]] {
    Swift.stride(from: 0, to: sounds.count, by: 16).map { Array(sounds[$0..<min($0 + 16, sounds.count)]) }
  }

  /// Shows all parts.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("bn0", &inputNorm)
    visitor.visit("convolutions", &convolutions)
    visitor.visit("norms", &norms)
    visitor.visit("hidden", &hidden)
    visitor.visit("last", &last)
  }
}
