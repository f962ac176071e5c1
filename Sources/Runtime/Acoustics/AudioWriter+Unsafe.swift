internal import CSndFile

/// What the header of an audio file says.
public struct AudioProperties: Sendable, Equatable {
  /// Samples of each channel.
  public var frameCount: Int
  /// Number of channels.
  public var channelCount: Int
  /// Samples a second, in Hz.
  public var sampleRate: Double

  /// Reads the header of a file that libsndfile knows.
  ///
  /// - Throws: `AudioError.unreadable` or `.notAudio`.
  public init(ofFile path: String) throws(AudioError) {
    var info = SF_INFO()
    guard let file = sf_open(path, Int32(SFM_READ), &info) else { throw Audio.openingError(path) }
    sf_close(file)
    guard info.channels > 0, info.samplerate > 0 else {
      throw .notAudio(path: path, reason: "no channels or no sample rate")
    }
    (frameCount, channelCount, sampleRate) = (Int(info.frames), Int(info.channels), Double(info.samplerate))
  }
}

/// An audio file that is written block by block, for sound that memory does not hold.
public final class AudioWriter {
  private let path: String
  private let channelCount: Int
  private var file: OpaquePointer?

  /// Begins a file; one of that name is replaced.
  ///
  /// - Throws: `AudioError.unwritable`.
  public init(path: String, channels: Int, sampleRate: Double, format: Audio.Format = .wav16) throws(AudioError) {
    (self.path, channelCount) = (path, channels)
    var info = SF_INFO()
    info.samplerate = Int32(sampleRate)
    info.channels = Int32(channels)
    info.format = format.code
    file = sf_open(path, Int32(SFM_WRITE), &info)
    guard let file else { throw .unwritable(path: path, reason: String(cString: sf_strerror(nil))) }
    sf_command(file, Int32(SFC_SET_CLIPPING), nil, Int32(SF_TRUE))
  }

  deinit { if let file { sf_close(file) } }

  /// Adds samples, clipped to -1…1 in integer formats.
  ///
  /// - Parameter samples: `[channels][samples]`.
  /// - Throws: `AudioError.wrongCount` for another number of channels, `.notFinite`, or `.unwritable`.
  public func append(_ samples: [[Float]]) throws(AudioError) {
    let count = samples.first?.count ?? 0
    guard samples.count == channelCount else {
      throw .wrongCount(function: "AudioWriter", argument: "channels", expected: channelCount, got: samples.count)
    }
    var block = [Float](repeating: 0, count: count * channelCount)
    for (channel, values) in samples.enumerated() {
      guard values.count == count else {
        throw .wrongCount(function: "AudioWriter", argument: "a channel", expected: count, got: values.count)
      }
      for (index, value) in values.enumerated() {
        guard value.isFinite else { throw .notFinite(function: "AudioWriter", channel: channel, sample: index) }
        block[index * channelCount + channel] = value
      }
    }
    guard let file, Int(sf_writef_float(file, block, sf_count_t(count))) == count else {
      throw .unwritable(path: path, reason: file.map { String(cString: sf_strerror($0)) } ?? "it is closed")
    }
  }

  /// Ends the file.
  ///
  /// - Throws: `AudioError.unwritable` where the last samples did not reach the disk.
  public func close() throws(AudioError) {
    guard let open = file else { return }
    file = nil
    guard sf_close(open) == 0 else { throw .unwritable(path: path, reason: "the last samples did not reach the disk") }
  }
}
