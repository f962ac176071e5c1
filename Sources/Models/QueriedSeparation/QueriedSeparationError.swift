/// Why a queried separator cannot be made or asked.
public enum QueriedSeparationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A setting of a model has a value that it cannot have.
  case badSetting(name: String, expected: String, got: String)
  /// Spectra have another number of rows than the model was made for.
  case wrongRows(expected: Int, got: Int)
  /// Too few frames for the levels of the U-Net.
  case tooFewFrames(needed: Int, got: Int)
  /// A query is not as wide as the model's embeddings.
  case wrongQueryWidth(expected: Int, got: Int)
  /// A value of a query is NaN or infinite.
  case badQuery(item: Int, value: Int)
  /// There are more or fewer things than mixtures they belong to.
  case wrongCount(what: String, mixtures: Int, got: Int)
  /// Mixtures that are separated together differ in length.
  case unequalLengths(expected: Int, got: Int)
  /// Magnitudes of a source have another shape than the mixture's.
  case wrongSource(expected: [Int], got: [Int])
  /// A magnitude is NaN, infinite or negative.
  case badMagnitude(item: Int, row: Int, frame: Int)
  /// No word of a caption is in the vocabulary.
  case unknownCaption(words: [String], known: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .badSetting(let name, let expected, let got): "\(name) must be \(expected), got \(got)"
    case .wrongRows(let expected, let got):
      "spectra have \(got) rows, the model takes \(expected); use its own transform"
    case .tooFewFrames(let needed, let got):
      "the mixture has \(got) frames, the levels of the network need \(needed); give a longer mixture"
    case .wrongQueryWidth(let expected, let got):
      "the query has \(got) numbers, the model takes \(expected); use the encoder that it was trained with"
    case .badQuery(let item, let value):
      "value \(value) of query \(item) is not finite; mend the encoder that made it"
    case .wrongCount(let what, let mixtures, let got): "\(got) \(what), expected \(mixtures): one for each mixture"
    case .unequalLengths(let expected, let got):
      "mixtures of \(expected) and of \(got) samples; cut or pad them to one length"
    case .wrongSource(let expected, let got):
      "magnitudes of a source have shape \(got), those of the mixture \(expected); transform both alike"
    case .badMagnitude(let item, let row, let frame):
      "magnitude of item \(item), row \(row), frame \(frame) is not finite or is negative; mend the mixture"
    case .unknownCaption(let words, let known):
      "none of the words \(words.map { "'\($0)'" }.joined(separator: ", ")) is among the \(known) known; use a known one"
    }
  }
}
