public import Tensors

/// Windows of a text, and the token after each of their positions.
public struct TokenBatch: Sendable {
  /// Tokens, `[batch, positions]`.
  public let inputs: Tensor<Int>
  /// The tokens that follow, `[batch · positions]`.
  public let targets: Tensor<Int>

  /// Cuts windows out of a text.
  ///
  /// - Parameters:
  ///   - tokens: the text.
  ///   - starts: where windows begin.
  ///   - window: positions of a window.
  /// - Throws: `.shortText` where a window and the token after it do not fit, `.size` for an empty window.
  public init(_ tokens: [Int], starts: [Int], window: Int) throws(LightningAttentionError) {
    try LightningAttentionError.positive(window, "window")
    for start in starts where start < 0 || start + window >= tokens.count {
      throw .shortText(characters: tokens.count, needed: start + window + 1)
    }
    inputs = Tensor(starts.flatMap { tokens[$0..<$0 + window] }, shape: [starts.count, window])
    targets = Tensor(starts.flatMap { tokens[$0 + 1...$0 + window] })
  }

  /// Draws windows at random places of a text.
  ///
  /// - Throws: `.shortText` where no window fits, `.size` for an empty window.
  public init(_ tokens: [Int], count: Int, window: Int, random: inout RandomStream) throws(LightningAttentionError) {
    guard tokens.count > window else { throw .shortText(characters: tokens.count, needed: window + 1) }
    var starts: [Int] = []
    for _ in 0..<count { starts.append(random.integer(in: 0..<tokens.count - window)) }
    try self.init(tokens, starts: starts, window: window)
  }
}

/// A text as numbers of its characters, cut into nine tenths to learn from and one to be tested on.
public struct CharacterText: Sendable {
  /// The characters in ascending order; a token is a place in this list.
  public let characters: [Character]
  /// The first nine tenths.
  public let training: [Int]
  /// The rest.
  public let validation: [Int]
  private let places: [Character: Int]

  /// Reads a text.
  ///
  /// - Throws: `.shortText` where it has less than ten characters.
  public init(_ text: String) throws(LightningAttentionError) {
    let all = Array(text)
    guard all.count >= 10 else { throw .shortText(characters: all.count, needed: 10) }
    let characters = Set(all).sorted()
    let places = Dictionary(uniqueKeysWithValues: characters.enumerated().map { ($1, $0) })
    let tokens = all.compactMap { places[$0] }
    let cut = tokens.count * 9 / 10
    (self.characters, self.places) = (characters, places)
    (training, validation) = (Array(tokens[..<cut]), Array(tokens[cut...]))
  }

  /// The tokens of a text.
  ///
  /// - Throws: `.unknownCharacter`.
  public func tokens(_ text: String) throws(LightningAttentionError) -> [Int] {
    var tokens: [Int] = []
    for (position, character) in text.enumerated() {
      guard let place = places[character] else { throw .unknownCharacter("\(character)", position: position) }
      tokens.append(place)
    }
    return tokens
  }

  /// The text of tokens.
  public func text(_ tokens: [Int]) -> String { String(tokens.map { characters[$0] }) }
}
