/// Why sound cannot be read, written, or measured.
public enum AudioError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A file cannot be opened.
  case unreadable(path: String, reason: String)
  /// A file is not in any format that is known.
  case notAudio(path: String, reason: String)
  /// A file ends, or its stream breaks, before the frames that its header promises.
  case truncated(path: String, expected: Int, got: Int)
  /// A file cannot be written.
  case unwritable(path: String, reason: String)
  /// A sample is NaN or infinite.
  case notFinite(function: String, channel: Int, sample: Int)
  /// A signal that measures others has no energy.
  case silent(function: String, source: Int)
  /// Signals that belong together differ in length or number.
  case wrongCount(function: String, argument: String, expected: Int, got: Int)
  /// A number is outside the range that makes sense.
  case outOfRange(function: String, argument: String, expected: String, got: Double)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read \"\(path)\": \(reason)"
    case .notAudio(let path, let reason):
      "\"\(path)\" is not an audio file that is known (\(reason)); use WAV, FLAC or Ogg"
    case .truncated(let path, let expected, let got):
      "\"\(path)\" is truncated or damaged: expected \(expected) frames, got \(got); fetch it again"
    case .unwritable(let path, let reason): "cannot write \"\(path)\": \(reason)"
    case .notFinite(let function, let channel, let sample):
      "\(function): sample \(sample) of channel \(channel) is not finite"
    case .silent(let function, let source):
      "\(function): reference \(source) is silent, so that no ratio to it exists; leave it out"
    case .wrongCount(let function, let argument, let expected, let got):
      "\(function): \(argument) must have \(expected) values, got \(got)"
    case .outOfRange(let function, let argument, let expected, let got):
      "\(function): \(argument) must be \(expected), got \(got)"
    }
  }
}
