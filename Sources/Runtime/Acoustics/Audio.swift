/// Sound: samples of one or more channels at a rate.
public struct Audio: Sendable, Equatable {
  /// Samples of each channel, in -1…1 where nothing clips, all of one length, `[channels][samples]`.
  public var channels: [[Float]] {
    didSet { Self.check(channels) }
  }
  /// Samples a second, in Hz.
  public let sampleRate: Double
  /// Short name in a report, such as "Mixture".
  public var title: String?
  /// What to listen for, in the author's words.
  public var details: String?

  /// Makes sound of channels of one length.
  public init(channels: [[Float]], sampleRate: Double) {
    precondition(sampleRate > 0 && sampleRate.isFinite, "Audio: the sample rate must be positive, got \(sampleRate)")
    Self.check(channels)
    self.channels = channels
    self.sampleRate = sampleRate
  }

  /// Makes sound of one channel.
  public init(_ samples: [Float], sampleRate: Double) { self.init(channels: [samples], sampleRate: sampleRate) }

  /// Number of samples of a channel.
  public var frameCount: Int { channels.first?.count ?? 0 }
  /// Length in seconds.
  public var duration: Double { Double(frameCount) / sampleRate }

  /// The mean of all channels, `[samples]`.
  public var mono: [Float] {
    guard channels.count != 1 else { return channels[0] }
    let factor = 1 / Float(max(channels.count, 1))
    return (0..<frameCount).map { frame in channels.reduce(0) { $0 + $1[frame] } * factor }
  }

  /// Largest absolute value of all samples; 0 for none.
  public var peak: Float { channels.reduce(0) { max($0, $1.reduce(0) { max($0, abs($1)) }) } }

  /// Root of the mean square of all samples; 0 for none.
  public var rootMeanSquare: Double {
    let sum = channels.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + Double($1) * Double($1) } }
    return (sum / Double(max(frameCount * channels.count, 1))).squareRoot()
  }

  /// The sound with a short name for the report.
  public func titled(_ title: String) -> Audio {
    var copy = self
    copy.title = title
    return copy
  }

  /// The sound with words about what to listen for.
  public func described(_ details: String) -> Audio {
    var copy = self
    copy.details = details
    return copy
  }

  /// A stretch of the sound, cut to what there is.
  public func clip(from start: Double, duration: Double) -> Audio {
    let first = min(max(Int(start * sampleRate), 0), frameCount)
    let last = min(max(first + Int((duration * sampleRate).rounded()), first), frameCount)
    return map { Array($0[first..<last]) }
  }

  /// Every sample times a factor.
  public func scaled(by factor: Float) -> Audio { map { $0.map { $0 * factor } } }

  /// The sound with a given peak; silence stays silence.
  public func normalized(peak wanted: Float = 0.95) -> Audio { peak > 0 ? scaled(by: wanted / peak) : self }

  /// The sound with each channel changed; name and words stay.
  public func map(_ change: ([Float]) throws -> [Float]) rethrows -> Audio {
    var copy = self
    copy.channels = try channels.map(change)
    return copy
  }

  private static func check(_ channels: [[Float]]) {
    precondition(
      channels.allSatisfy { $0.count == channels[0].count },
      "Audio: channels must be of one length, got \(channels.map(\.count))"
    )
  }
}
