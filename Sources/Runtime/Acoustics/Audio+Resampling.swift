internal import CSoxr

/// How exact a change of rate is.
public enum ResamplingQuality: Sendable, Hashable {
  /// 20 bits: enough for 16-bit sound.
  case high
  /// 28 bits.
  case finest
}

extension Audio {
  /// The sound at another rate, band-limited, by soxr.
  ///
  /// - Parameters:
  ///   - rate: samples a second, in Hz.
  ///   - quality: how exact.
  /// - Returns: sound of the same duration, to one sample.
  /// - Throws: `AudioError.outOfRange` for a rate that is not positive.
  public func resampled(to rate: Double, quality: ResamplingQuality = .high) throws(AudioError) -> Audio {
    guard rate > 0, rate.isFinite else {
      throw .outOfRange(function: "Audio.resampled", argument: "rate", expected: "positive", got: rate)
    }
    guard rate != sampleRate else { return self }
    let capacity = Int((Double(frameCount) * rate / sampleRate).rounded(.up)) + 16
    var made: [[Float]] = []
    for channel in channels {
      var output = [Float](repeating: 0, count: capacity)
      var count = 0
      let isFine: Int32 = quality == .finest ? 1 : 0
      let error = oso_resample(sampleRate, rate, channel, channel.count, &output, capacity, &count, isFine)
      guard error == nil else {
        throw .outOfRange(function: "Audio.resampled", argument: "rate", expected: "one that soxr takes", got: rate)
      }
      made.append(Array(output.prefix(count)))
    }
    var result = Audio(channels: made, sampleRate: rate)
    result.title = title
    result.details = details
    return result
  }
}
