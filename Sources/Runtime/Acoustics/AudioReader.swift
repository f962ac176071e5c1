/// The sound of a file at a wanted rate, read range by range: memory holds the range and not the file.
public struct AudioReader: Sendable {
  /// The file.
  public let path: String
  /// What its header says.
  public let properties: AudioProperties
  /// Samples a second of what is read, in Hz.
  public let sampleRate: Double
  /// Samples of each channel at that rate.
  public let frameCount: Int

  /// Reads the header of a file that libsndfile knows.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - sampleRate: samples a second of what is read, in Hz; the file's own where nil.
  /// - Throws: `AudioError.unreadable` or `.notAudio`, and `.outOfRange` for a rate that is no whole number.
  public init(path: String, sampleRate: Double? = nil) throws(AudioError) {
    properties = try AudioProperties(ofFile: path)
    let rate = sampleRate ?? properties.sampleRate
    guard rate >= 1, rate == rate.rounded(), rate < 1e7 else {
      throw .outOfRange(function: "AudioReader", argument: "sampleRate", expected: "a whole number", got: rate)
    }
    (self.path, self.sampleRate) = (path, rate)
    frameCount = Int((Double(properties.frameCount) * rate / properties.sampleRate).rounded(.up))
  }

  /// Samples of a range.
  ///
  /// At another rate than the file's, whole seconds around the range are read and resampled, so that the filter sees what it would
  /// see in the whole file.
  ///
  /// - Parameter range: within `0..<frameCount`, at the wanted rate.
  /// - Returns: all channels, as long as the range.
  /// - Throws: `AudioError.truncated` where the file ends before its header says so, `.outOfRange` for a range beyond the file.
  public func read(_ range: Range<Int>) throws(AudioError) -> Audio {
    guard range.lowerBound >= 0, range.upperBound <= frameCount else {
      let expected = "within 0..<\(frameCount)"
      let wrong = range.lowerBound < 0 ? range.lowerBound : range.upperBound
      throw .outOfRange(function: "AudioReader.read", argument: "range", expected: expected, got: Double(wrong))
    }
    guard properties.sampleRate != sampleRate else { return try file(range) }
    let (own, wanted) = (Int(properties.sampleRate), Int(sampleRate))
    let second = max(0, range.lowerBound / wanted - 1)
    let end = (range.upperBound + wanted - 1) / wanted + 1
    let block = try file(second * own..<min(end * own, properties.frameCount)).resampled(to: sampleRate)
    let first = range.lowerBound - second * wanted
    return block.map { channel in
      // The rounding of lengths may leave the last sample of the file to silence.
      let found = channel[min(first, channel.count)..<min(first + range.count, channel.count)]
      return found + [Float](repeating: 0, count: range.count - found.count)
    }
  }

  private func file(_ frames: Range<Int>) throws(AudioError) -> Audio {
    let found = try Audio(contentsOf: path, frames: frames)
    guard found.frameCount == frames.count else {
      throw .truncated(path: path, expected: frames.count, got: found.frameCount)
    }
    return found
  }
}
