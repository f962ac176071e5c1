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
  /// Things that belong together differ in number.
  case wrongCount(what: String, expected: Int, got: Int)
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
    case .wrongCount(let what, let expected, let got): "\(what): expected \(expected), got \(got)"
    case .badMagnitude(let item, let row, let frame):
      "magnitude of item \(item), row \(row), frame \(frame) is not finite or is negative; mend the mixture"
    case .unknownCaption(let words, let known):
      "none of the words \(words.map { "'\($0)'" }.joined(separator: ", ")) is among the \(known) known; use a known one"
    }
  }
}
