/// Why a signal cannot be processed.
public enum SignalError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A signal is too short for what is asked.
  case tooShort(function: String, needed: Int, got: Int)
  /// Windows at this hop leave a sample that no frame determines.
  case windowGap(frameLength: Int, hop: Int, sample: Int)
  /// A number is outside the range that makes sense.
  case outOfRange(function: String, argument: String, expected: String, got: Double)
  /// Two things that must be as many are not.
  case wrongCount(function: String, argument: String, expected: Int, got: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .tooShort(let function, let needed, let got):
      "\(function): the signal must have at least \(needed) samples, got \(got); pad it with zeros"
    case .windowGap(let frameLength, let hop, let sample):
      "STFT.inverse: no frame of length \(frameLength) at hop \(hop) determines sample \(sample); "
        + "take a smaller hop, a window without zeros, or centred frames"
    case .outOfRange(let function, let argument, let expected, let got):
      "\(function): \(argument) must be \(expected), got \(got)"
    case .wrongCount(let function, let argument, let expected, let got):
      "\(function): \(argument) must have \(expected) values, got \(got)"
    }
  }
}
