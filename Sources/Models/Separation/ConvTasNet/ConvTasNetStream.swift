internal import Layers
internal import Tensors

/// A causal Conv-TasNet at work on sound as it comes in: gives each sample as soon as no later one can change it.
///
/// What it gives is what the model gives for the whole sound, to rounding. Samples wait for the end of one window, L - 1
/// samples at most.
public struct ConvTasNetStream: Sendable {
  /// The model.
  public let model: ConvTasNet
  private var pending: [[Float]]
  private var overlap: Tensor<Float>?
  private var states: [TemporalBlock.State?]
  private var moments: CumulativeNorm.Moments?
  private var received = 0
  private var given = 0
  private var toDrop: Int

  /// Begins with silence before the first sample.
  ///
  /// - Throws: `SeparationError.notStreaming` for a model that sees the future.
  public init(_ model: ConvTasNet) throws(SeparationError) {
    guard model.configuration.isCausal else { throw .notStreaming(reason: "its convolutions see the future") }
    let c = model.configuration
    self.model = model
    states = Array(repeating: TemporalBlock.State(), count: c.blocks * c.repeats)
    pending = Array(repeating: Array(repeating: 0, count: model.lead), count: c.channels)
    toDrop = model.lead
  }

  /// Samples that can wait inside, at most.
  public var latency: Int { model.configuration.filterLength - 1 }

  /// Takes in samples and gives those that are settled.
  ///
  /// - Parameter samples: `[channels][samples]`, any number of them.
  /// - Returns: `[sources][channels][samples]`.
  /// - Throws: `SeparationError.wrongChannels`, `.wrongCount` or `.notFinite`.
  public mutating func push(_ samples: [[Float]]) throws(SeparationError) -> [[[Float]]] {
    let c = model.configuration
    guard samples.count == c.channels else { throw .wrongChannels(expected: c.channels, got: samples.count) }
    for (channel, values) in samples.enumerated() {
      guard values.count == samples[0].count else {
        throw .wrongCount(what: "samples of channel \(channel)", expected: samples[0].count, got: values.count)
      }
      if let place = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(channel: channel, sample: place) }
      pending[channel] += values
    }
    received += samples[0].count
    return advance()
  }

  /// Ends the sound and gives what is left.
  ///
  /// - Returns: `[sources][channels][samples]`.
  public mutating func finish() -> [[[Float]]] {
    let zeros = model.lead + model.paddingBehind(received)
    for channel in pending.indices { pending[channel] += [Float](repeating: 0, count: zeros) }
    var result = advance()
    // Behind the last whole window the residual form gives the tail of that window, then silence.
    if let overlap { result = joined(result, trimmed(overlap)) }
    let left = received - given
    for source in result.indices {
      for channel in result[source].indices {
        if left < 0 {
          result[source][channel].removeLast(-left)
        } else {
          result[source][channel] += [Float](repeating: 0, count: left)
        }
      }
    }
    given = received
    return result
  }

  /// Runs over all whole windows that are there.
  private mutating func advance() -> [[[Float]]] {
    let c = model.configuration
    let frames = (pending[0].count - c.filterLength) / c.hop + 1
    guard pending[0].count >= c.filterLength else {
      return Array(repeating: Array(repeating: [], count: c.channels), count: c.sources)
    }
    let used = (frames - 1) * c.hop + c.filterLength
    let stretch = Tensor<Float>(pending.flatMap { $0[..<used] }, shape: [1, c.channels, used])
    for channel in pending.indices { pending[channel].removeFirst(frames * c.hop) }
    let encoded = model.encoded(stretch)
    var sound = model.overlapped(encoded, model.masks(encoded, &moments, &states))
    if let before = overlap { sound = sound + before.padded(after: sound.shape[2] - before.shape[2], axis: 2) }
    // What the next window still adds to stays.
    let settled = frames * c.hop
    overlap = sound.sliced(settled..<sound.shape[2], axis: 2)
    return trimmed(sound.sliced(0..<settled, axis: 2))
  }

  /// Values without the padding in front, by source and channel.
  private mutating func trimmed(_ sound: Tensor<Float>) -> [[[Float]]] {
    let c = model.configuration
    let dropped = min(toDrop, sound.shape[2])
    toDrop -= dropped
    given += sound.shape[2] - dropped
    let kept = sound.sliced(dropped..<sound.shape[2], axis: 2)
    return (0..<c.sources).map { source in
      (0..<c.channels).map { kept.selected(source).selected($0).values }
    }
  }

  private func joined(_ a: [[[Float]]], _ b: [[[Float]]]) -> [[[Float]]] {
    zip(a, b).map { zip($0, $1).map { $0 + $1 } }
  }
}
