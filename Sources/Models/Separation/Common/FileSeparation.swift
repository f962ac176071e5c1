public import Acoustics

/// A file's samples at a model's rate and with its channels.
struct ModelInput {
  let reader: AudioReader
  let channels: Int
  /// Samples at the model's rate.
  var count: Int { reader.frameCount }

  init(_ path: String, rate: Double, channels: Int) throws {
    reader = try AudioReader(path: path, sampleRate: rate)
    self.channels = channels
    guard count > 0 else { throw SeparationError.tooShort(samples: 0, needed: 1) }
  }

  /// Samples of a range, `[channels][samples]`: mono is repeated, several channels are mixed down for a model of one.
  func read(_ range: Range<Int>) throws -> [[Float]] {
    let audio = try reader.read(range)
    for (channel, samples) in audio.channels.enumerated() {
      if let sample = samples.firstIndex(where: { !$0.isFinite }) {
        throw SeparationError.notFinite(channel: channel, sample: range.lowerBound + sample)
      }
    }
    if audio.channels.count == channels { return audio.channels }
    if channels == 1 { return [audio.mono] }
    guard audio.channels.count == 1 else {
      throw SeparationError.wrongChannels(expected: channels, got: audio.channels.count)
    }
    return Array(repeating: audio.channels[0], count: channels)
  }
}

extension Separator {
  /// A plan for files: segments of ten seconds that overlap by a quarter.
  public var defaultOverlapAdd: OverlapAdd {
    var plan = OverlapAdd(segment: Int(10 * sampleRate))
    plan.isNormalized = normalizesInput
    return plan
  }

  /// Takes a sound file apart, whatever its format, rate and channels, as far as libsndfile knows it.
  ///
  /// The file is resampled to the model's rate; mono is repeated for a stereo model, and channels are mixed down for a mono one.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - plan: segments; ten seconds with a quarter of overlap where nil.
  /// - Returns: one sound a source, at the model's rate.
  /// - Throws: `AudioError` for a file that cannot be read, `SeparationError` for sound that the model cannot take.
  public func separate(file path: String, plan: OverlapAdd? = nil) throws -> [Audio] {
    var found = Array(repeating: Array(repeating: [Float](), count: channelCount), count: sourceCount)
    try separate(file: path, plan: plan) { parts in
      for source in parts.indices {
        for channel in parts[source].indices { found[source][channel] += parts[source][channel] }
      }
    }
    return found.map { Audio(channels: $0, sampleRate: sampleRate) }
  }

  /// Takes a sound file apart into files, in memory that does not grow with its length.
  ///
  /// An hour at 8 kHz by the published Conv-TasNet takes under half a gigabyte, weights included; a longer file takes as much.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - outputs: one path a source.
  ///   - format: how the sources are kept.
  ///   - plan: segments; ten seconds with a quarter of overlap where nil.
  ///   - progress: called with the share done after each segment.
  /// - Throws: `AudioError` for a file that cannot be read or written, `SeparationError` for sound that the model cannot take
  ///   or another number of outputs than of sources.
  public func separate(
    file path: String,
    to outputs: [String],
    format: Audio.Format = .wav16,
    plan: OverlapAdd? = nil,
    progress: (Double) -> Void = { _ in }
  ) throws {
    guard outputs.count == sourceCount else {
      throw SeparationError.wrongCount(what: "paths of outputs", expected: sourceCount, got: outputs.count)
    }
    let input = try ModelInput(path, rate: sampleRate, channels: channelCount)
    let writers = try outputs.map {
      try AudioWriter(path: $0, channels: channelCount, sampleRate: sampleRate, format: format)
    }
    var done = 0
    try separate(file: path, plan: plan) { parts in
      for (writer, part) in zip(writers, parts) { try writer.append(part) }
      done += parts[0][0].count
      progress(Double(done) / Double(input.count))
    }
    for writer in writers { try writer.close() }
  }

  private func separate(file path: String, plan: OverlapAdd?, write: ([[[Float]]]) throws -> Void) throws {
    let plan = plan ?? defaultOverlapAdd
    let input = try ModelInput(path, rate: sampleRate, channels: channelCount)
    try plan.run(
      count: input.count,
      self,
      moments: plan.isNormalized ? moments(of: input) : nil,
      read: input.read,
      write: write
    )
  }

  /// Mean and deviation of a whole file, block by block.
  private func moments(of input: ModelInput) throws -> InputMoments {
    let length = Int(10 * sampleRate)
    var sums = MomentSums()
    for start in Swift.stride(from: 0, to: input.count, by: length) {
      let block = try input.read(start..<min(start + length, input.count))
      sums.add(Audio(channels: block, sampleRate: sampleRate).mono)
    }
    return sums.moments
  }
}
