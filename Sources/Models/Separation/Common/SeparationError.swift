/// Why a separator cannot be made, or sound cannot be separated.
public enum SeparationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A setting of a model has a value that it cannot have.
  case setting(model: String, name: String, expected: String, got: Int)
  /// A mixture is shorter than the model can take.
  case tooShort(samples: Int, needed: Int)
  /// A mixture has another number of channels than the model.
  case wrongChannels(expected: Int, got: Int)
  /// A mixture has another rate than the model was made for, in Hz.
  case wrongRate(expected: Double, got: Double)
  /// A sample of a mixture is NaN or infinite.
  case notFinite(channel: Int, sample: Int)
  /// Signals that belong together differ in length or number.
  case wrongCount(what: String, expected: Int, got: Int)
  /// A model cannot work on sound as it comes in.
  case notStreaming(reason: String)
  /// Too little sound is left after silence was taken off.
  case tooLittleSpeech(voice: Int, seconds: Double, needed: Double)
  /// An estimate is silent, as happens where masks of a ReLU have died.
  case silentEstimate(source: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .setting(let model, let name, let expected, let got):
      "\(model): \(name) must be \(expected), got \(got)"
    case .tooShort(let samples, let needed):
      "the mixture has \(samples) samples, the model needs \(needed); pad it with zeros"
    case .wrongChannels(let expected, let got):
      "the mixture has \(Self.count(got, "channel")), the model takes \(expected); mix it down or repeat channels"
    case .wrongRate(let expected, let got):
      "the mixture has \(got) Hz, the model was made for \(expected) Hz; resample it"
    case .notFinite(let channel, let sample):
      "sample \(sample) of channel \(channel) is not finite; mend the mixture"
    case .wrongCount(let what, let expected, let got): "\(what): expected \(expected), got \(got)"
    case .notStreaming(let reason): "this model cannot separate sound as it comes in: \(reason)"
    case .tooLittleSpeech(let voice, let seconds, let needed):
      "voice \(voice) has \(seconds) s without silence, \(needed) s are needed; give longer recordings"
    case .silentEstimate(let source):
      "estimate \(source) is silent: the masks have died; train again with another seed or with sigmoid masks"
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// Throws unless a setting lies in a range.
  static func check(_ model: String, _ name: String, _ value: Int, atLeast least: Int = 1) throws(SeparationError) {
    guard value >= least else { throw .setting(model: model, name: name, expected: "\(least) or more", got: value) }
  }
}
