public import Acoustics
public import Layers
public import Tensors

/// A network that takes a mixture apart.
public protocol Separator: Module {
  /// Samples a second of the sound that it works on, in Hz.
  var sampleRate: Double { get }
  /// Channels of the mixture, and of every estimate.
  var channelCount: Int { get }
  /// Number of estimates.
  var sourceCount: Int { get }
  /// Whether estimate i is always the same kind of source, as "drums"; false where the order is free, as among speakers.
  var keepsOrder: Bool { get }
  /// Whether the mixture is brought to zero mean and unit deviation first, and the estimates back.
  var normalizesInput: Bool { get }
  /// The shortest length, in samples and at least the given one, whose estimates lose nothing but a margin on both sides.
  func validLength(_ samples: Int) -> Int
  /// The estimates of a mixture.
  ///
  /// - Parameter mixture: `[batch, channels, samples]`.
  /// - Returns: `[batch, sources, channels, samples]`; a shorter one is the middle of what was asked for.
  func callAsFunction(_ mixture: Tensor<Float>) -> Tensor<Float>
}

extension Separator {
  /// False: speakers have no order.
  public var keepsOrder: Bool { false }
  /// False: most networks norm what they see.
  public var normalizesInput: Bool { false }
  /// The length itself.
  public func validLength(_ samples: Int) -> Int { samples }

  /// The estimates of a sound in one pass over all of it.
  ///
  /// - Parameter mixture: sound at the model's rate, with the model's channels.
  /// - Returns: one sound a source, as long as the mixture.
  /// - Throws: `SeparationError` for another rate or number of channels, for no samples, and for samples that are not finite.
  public func separate(_ mixture: Audio) throws -> [Audio] {
    try check(mixture)
    var inference = OverlapAdd(segment: mixture.frameCount, overlap: 0)
    inference.isNormalized = normalizesInput
    return try inference.separate(mixture, with: self)
  }

  func check(_ mixture: Audio) throws(SeparationError) {
    guard mixture.sampleRate == sampleRate else {
      throw .wrongRate(expected: sampleRate, got: mixture.sampleRate)
    }
    guard mixture.channels.count == channelCount else {
      throw .wrongChannels(expected: channelCount, got: mixture.channels.count)
    }
    guard mixture.frameCount > 0 else { throw .tooShort(samples: 0, needed: 1) }
    for (channel, samples) in mixture.channels.enumerated() {
      if let sample = samples.firstIndex(where: { !$0.isFinite }) { throw .notFinite(channel: channel, sample: sample) }
    }
  }
}
