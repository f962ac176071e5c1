public import Tensors

/// Queries as bags of words: which share of a text each known word has.
public struct QueryWords: Sendable, Equatable {
  /// The known words, in the order of the features.
  public let vocabulary: [String]
  private let places: [String: Int]

  /// Knows the words of a vocabulary.
  ///
  /// - Throws: `.size` where there is no word.
  public init(_ vocabulary: [String]) throws(FlowSeparationError) {
    try FlowSeparationError.positive(vocabulary.count, "number of words")
    self.vocabulary = vocabulary
    places = Dictionary(vocabulary.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The words of a text in lower case, without anything that is no letter.
  public static func words(of text: String) -> [String] {
    text.lowercased().split { !$0.isLetter }.map(String.init)
  }

  /// Words of a text that the vocabulary lacks, each once, for a warning by name.
  public func unknownWords(in text: String) -> [String] {
    var seen: Set<String> = []
    return Self.words(of: text).filter { places[$0] == nil && seen.insert($0).inserted }
  }

  /// One row a text: shares of its known words, so that a linear map gives the mean of their vectors.
  ///
  /// A text without known words, the empty one too, is a row of zeros: no query.
  ///
  /// - Parameter texts: the queries.
  /// - Returns: `[texts, vocabulary]`.
  public func shares(_ texts: [String]) -> Tensor<Float> {
    var values = [Float](repeating: 0, count: texts.count * vocabulary.count)
    for (row, text) in texts.enumerated() {
      let known = Self.words(of: text).compactMap { places[$0] }
      for place in known { values[row * vocabulary.count + place] += 1 / Float(known.count) }
    }
    return Tensor(values, shape: [texts.count, vocabulary.count])
  }
}
