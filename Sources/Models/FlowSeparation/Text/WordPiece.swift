@_spi(_Unicode) internal import Swift

/// Cuts texts into the pieces of a vocabulary, longest match first, as the sentence encoder was trained.
///
/// Source: behaviour of the uncased BERT tokenizer, J. Devlin and others, 2019.
public struct WordPiece: Sendable {
  private let numbers: [String: Int]
  private let (unknown, first, last): (Int, Int, Int)
  private static let longestWord = 100

  /// Reads a vocabulary, one piece a line; the line's number is the piece's.
  ///
  /// - Throws: `.vocabulary` where a mark that every text needs is missing.
  public init(vocabulary text: String) throws(FlowSeparationError) {
    var numbers: [String: Int] = [:]
    for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() { numbers[String(line)] = index }
    func mark(_ name: String) throws(FlowSeparationError) -> Int {
      guard let number = numbers[name] else { throw .vocabulary(missing: name) }
      return number
    }
    (unknown, first, last) = (try mark("[UNK]"), try mark("[CLS]"), try mark("[SEP]"))
    self.numbers = numbers
  }

  /// Numbers of a text's pieces between the marks of beginning and end, at most `limit` of them.
  public func tokens(_ text: String, limit: Int = 256) -> [Int] {
    let pieces = Self.words(text).flatMap(pieces)
    return [first] + pieces.prefix(max(0, limit - 2)) + [last]
  }

  /// Lower case without accents, cut at white space and around each punctuation mark and CJK character.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    func end() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for scalar in text.lowercased()._nfd {
      if scalar.properties.generalCategory == .nonspacingMark { continue }
      if scalar.properties.isWhitespace {
        end()
      } else if isAlone(scalar) {
        end()
        words.append(String(scalar))
      } else if scalar.properties.generalCategory != .control {
        word.unicodeScalars.append(scalar)
      }
    }
    end()
    return words
  }

  private static func isAlone(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // All of ASCII that is neither letter, digit nor white space, as the reference counts it.
    case 33...47, 58...64, 91...96, 123...126: return true
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2CEAF, 0x2F800...0x2FA1F: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  private func pieces(_ word: String) -> [Int] {
    let scalars = Array(word.unicodeScalars)
    guard scalars.count <= Self.longestWord else { return [unknown] }
    var found: [Int] = []
    var start = 0
    while start < scalars.count {
      let mark = start == 0 ? "" : "##"
      let end = stride(from: scalars.count, to: start, by: -1).first { end in
        numbers[mark + Self.string(scalars[start..<end])] != nil
      }
      guard let end, let number = numbers[mark + Self.string(scalars[start..<end])] else { return [unknown] }
      found.append(number)
      start = end
    }
    return found
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }
}
