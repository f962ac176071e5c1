internal import CSndFile

extension Audio {
  /// How samples are kept in a file.
  public enum Format: Sendable, Hashable, CaseIterable {
    /// WAV with 16-bit integers.
    case wav16
    /// WAV with 24-bit integers.
    case wav24
    /// WAV with 32-bit floating point numbers: exact.
    case wavFloat
    /// FLAC with 16 bits, lossless on these.
    case flac
    /// Ogg Vorbis, lossy.
    case ogg

    var code: Int32 {
      switch self {
      case .wav16: Int32(SF_FORMAT_WAV) | Int32(SF_FORMAT_PCM_16)
      case .wav24: Int32(SF_FORMAT_WAV) | Int32(SF_FORMAT_PCM_24)
      case .wavFloat: Int32(SF_FORMAT_WAV) | Int32(SF_FORMAT_FLOAT)
      case .flac: Int32(SF_FORMAT_FLAC) | Int32(SF_FORMAT_PCM_16)
      case .ogg: Int32(SF_FORMAT_OGG) | Int32(SF_FORMAT_VORBIS)
      }
    }
  }

  /// Frames that pass through memory at a time.
  private static var blockFrames: Int { 1 << 16 }

  /// Reads a WAV, FLAC, Ogg or other audio file that libsndfile knows.
  ///
  /// Frames are counted as they are read: a header that promises more (a stream written to a pipe, say) is not believed.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - frames: which frames are wanted; all when nil. Those after the end are left out.
  /// - Throws: `AudioError.unreadable`, `.notAudio`, or `.truncated` where the stream breaks or no promised frame is there.
  public init(contentsOf path: String, frames: Range<Int>? = nil) throws(AudioError) {
    var info = SF_INFO()
    guard let file = sf_open(path, Int32(SFM_READ), &info) else { throw Self.openingError(path) }
    defer { sf_close(file) }
    let count = Int(info.channels)
    guard count > 0, info.samplerate > 0 else { throw .notAudio(path: path, reason: "no channels or no sample rate") }
    if let frames, frames.lowerBound > 0, sf_seek(file, sf_count_t(frames.lowerBound), Int32(SEEK_SET)) < 0 {
      throw .truncated(path: path, expected: frames.lowerBound, got: Int(info.frames))
    }
    var channels = [[Float]](repeating: [], count: count)
    var block = [Float](repeating: 0, count: Self.blockFrames * count)
    var left = frames?.count ?? Int.max
    while left > 0 {
      let got = Int(sf_readf_float(file, &block, sf_count_t(min(left, Self.blockFrames))))
      guard got > 0 else { break }
      for channel in 0..<count {
        channels[channel].append(contentsOf: (0..<got).lazy.map { block[$0 * count + channel] })
      }
      left -= got
    }
    let read = channels[0].count
    let isBroken = sf_error(file) != Int32(SF_ERR_NO_ERROR) || read == 0 && left > 0 && info.frames > 0
    if isBroken { throw .truncated(path: path, expected: frames?.count ?? Int(info.frames), got: read) }
    self.init(channels: channels, sampleRate: Double(info.samplerate))
  }

  /// Writes the sound to a file; samples outside -1…1 are clipped in integer formats.
  ///
  /// - Throws: `AudioError.notFinite`, `.unwritable`, or `.outOfRange` for no channels or a rate that is no whole number.
  public func write(to path: String, format: Format = .wav16) throws(AudioError) {
    try checkFinite("Audio.write")
    guard sampleRate == sampleRate.rounded(), sampleRate < 1e7 else {
      throw .outOfRange(function: "Audio.write", argument: "sampleRate", expected: "a whole number", got: sampleRate)
    }
    guard (1...1024).contains(channels.count) else {
      throw .outOfRange(
        function: "Audio.write",
        argument: "number of channels",
        expected: "in 1…1024",
        got: Double(channels.count)
      )
    }
    var info = SF_INFO()
    info.samplerate = Int32(sampleRate)
    info.channels = Int32(channels.count)
    info.format = format.code
    guard let file = sf_open(path, Int32(SFM_WRITE), &info) else {
      throw .unwritable(path: path, reason: String(cString: sf_strerror(nil)))
    }
    sf_command(file, Int32(SFC_SET_CLIPPING), nil, Int32(SF_TRUE))
    var written = 0
    while written < frameCount {
      let count = min(Self.blockFrames, frameCount - written)
      let block = (written..<written + count).flatMap { frame in channels.map { $0[frame] } }
      guard Int(sf_writef_float(file, block, sf_count_t(count))) == count else { break }
      written += count
    }
    let reason = String(cString: sf_strerror(file))
    guard sf_close(file) == 0, written == frameCount else { throw .unwritable(path: path, reason: reason) }
  }

  static func openingError(_ path: String) -> AudioError {
    let reason = String(cString: sf_strerror(nil))
    return sf_error(nil) == Int32(SF_ERR_SYSTEM)
      ? .unreadable(path: path, reason: reason) : .notAudio(path: path, reason: reason)
  }

  func checkFinite(_ function: String) throws(AudioError) {
    for (channel, samples) in channels.enumerated() {
      if let sample = samples.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(function: function, channel: channel, sample: sample)
      }
    }
  }
}
