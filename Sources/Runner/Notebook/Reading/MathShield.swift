/// Takes formulas out of the text before the Markdown parser sees it, and puts them back into the tree.
///
/// Markdown would turn `$a*b*c$` into emphasis and drop the backslashes of `$\{x\}$`. Each formula is replaced by one
/// private-use character that stands for it, followed by control characters up to the same number of bytes, so that every
/// line and column keeps its place. A formula that turns out to lie in code is put back as it was.
struct MathShield {
  struct Formula {
    /// The source with its delimiters, line ends as "\n".
    var source: String
    var tex: String
    var isDisplayed: Bool
    var range: SourceRange
  }

  /// Fills the bytes of a formula; no Markdown meaning, not in any keyboard.
  static let filler: Character = "\u{1A}"

  private(set) var formulas: [Character: Formula] = [:]
  /// The lines with formulas replaced.
  private(set) var lines: [String] = []
  private(set) var diagnostics: [Diagnostic] = []
  private var markers: [Character]
  /// Characters that replacements have taken off the line at hand; they stand for fewer characters than bytes.
  private var shift = 0

  /// Shields all formulas of a text from a line on; lines before it become empty.
  init(_ source: SourceText, from firstLine: Int) {
    let used = Set(source.lines.lazy.flatMap { $0.unicodeScalars }.filter { (0xE000...0xF8FF).contains($0.value) })
    markers = (0xE000...0xF8FF).compactMap(Unicode.Scalar.init).filter { !used.contains($0) }.reversed()
      .map(Character.init)
    lines = source.lines.enumerated().map { index, line in
      index < firstLine - 1 ? "" : String(line.map { $0 == Self.filler ? " " : $0 })
    }
    shield(source, from: firstLine)
  }

  private mutating func shield(_ source: SourceText, from firstLine: Int) {
    var fence: Fence?
    var line = firstLine - 1
    while line < lines.count {
      if let open = fence {
        if open.isClosed(by: lines[line]) { fence = nil }
      } else if let open = Fence(opening: lines[line]) {
        fence = open
      } else if lines[line].contains("$") {
        line = shieldLine(line, source)
        continue
      }
      line += 1
    }
  }

  /// Shields the formulas that begin on one line.
  ///
  /// - Returns: the line to go on with.
  private mutating func shieldLine(_ index: Int, _ source: SourceText) -> Int {
    var characters = Array(lines[index])
    var position = 0
    shift = 0
    while position < characters.count {
      switch characters[position] {
      case "\\": position += 2
      case "`": position = endOfCodeSpan(characters, from: position)
      case "$" where position + 1 < characters.count && characters[position + 1] == "$":
        guard let next = shieldDisplay(&characters, at: position, line: index, source) else {
          position += 2
          continue
        }
        if next.line != index { return next.line }
        position = next.position
      case "$": position = shieldInline(&characters, at: position, line: index)
      default: position += 1
      }
    }
    lines[index] = String(characters)
    return index + 1
  }

  private func endOfCodeSpan(_ characters: [Character], from start: Int) -> Int {
    let count = characters[start...].prefix { $0 == "`" }.count
    var position = start + count
    while position < characters.count {
      let run = characters[position...].prefix { $0 == "`" }.count
      if run == count { return position + run }
      position += max(run, 1)
    }
    return start + count
  }

  /// `$x$` on one line: no space after the opening and before the closing dollar, no digit behind it.
  private mutating func shieldInline(_ characters: inout [Character], at start: Int, line: Int) -> Int {
    guard start + 1 < characters.count, !characters[start + 1].isWhitespace else { return start + 1 }
    var end = start + 1
    while end < characters.count {
      if characters[end] == "\\" {
        end += 2
        continue
      }
      // Code binds tighter than mathematics.
      if characters[end] == "`", endOfCodeSpan(characters, from: end) > end + 1 { return start + 1 }
      let followsDigit = end + 1 < characters.count && characters[end + 1].isNumber
      if characters[end] == "$", !characters[end - 1].isWhitespace, !followsDigit { break }
      end += 1
    }
    guard end < characters.count, end > start + 1, let marker = markers.popLast() else { return start + 1 }
    let text = String(characters[start...end])
    formulas[marker] = Formula(
      source: text,
      tex: String(text.dropFirst().dropLast()),
      isDisplayed: false,
      range: range(line, start, line, end + 1)
    )
    let replacement = Self.replacement(marker, for: text)
    characters.replaceSubrange(start...end, with: replacement)
    shift += end + 1 - start - replacement.count
    return start + replacement.count
  }

  /// `$$…$$`, on one line or several up to the next empty line.
  private mutating func shieldDisplay(
    _ characters: inout [Character],
    at start: Int,
    line: Int,
    _ source: SourceText
  ) -> (line: Int, position: Int)? {
    if let end = Self.closing(characters, from: start + 2) {
      let text = String(characters[start..<end + 2])
      guard let marker = markers.popLast() else { return nil }
      formulas[marker] = Formula(
        source: text,
        tex: String(text.dropFirst(2).dropLast(2)),
        isDisplayed: true,
        range: range(line, start, line, end + 2)
      )
      let replacement = Self.replacement(marker, for: text)
      characters.replaceSubrange(start..<end + 2, with: replacement)
      shift += end + 2 - start - replacement.count
      return (line, start + replacement.count)
    }
    return shieldDisplayLines(characters, at: start, line: line)
  }

  private mutating func shieldDisplayLines(
    _ characters: [Character],
    at start: Int,
    line: Int
  ) -> (line: Int, position: Int)? {
    let unclosed = Diagnostic(
      .warning,
      file: "",
      range: range(line, start, line, start + 2),
      "the formula that begins with '$$' is not closed",
      remedy: "close it with '$$' before the next empty line"
    )
    var tex = [String(characters[(start + 2)...])]
    var last = line + 1
    while last < lines.count {
      let content = Array(lines[last])
      let prefix = Self.containerPrefix(content)
      if prefix == content.count { break }
      if let end = Self.closing(content, from: prefix) {
        tex.append(String(content[prefix..<end]))
        guard let marker = markers.popLast() else { return nil }
        replaceLines(characters, start, line, last, end, marker, tex)
        return (last, 0)
      }
      tex.append(String(content[prefix...]))
      last += 1
    }
    diagnostics.append(unclosed)
    return nil
  }

  private mutating func replaceLines(
    _ characters: [Character],
    _ start: Int,
    _ first: Int,
    _ last: Int,
    _ end: Int,
    _ marker: Character,
    _ tex: [String]
  ) {
    let source = ([String(characters[start...])] + lines[first + 1..<last] + [String(lines[last].prefix(end + 2))])
      .joined(separator: "\n")
    formulas[marker] = Formula(
      source: source,
      tex: tex.joined(separator: "\n"),
      isDisplayed: true,
      range: range(first, start, last, end + 2)
    )
    lines[first] = String(characters[..<start]) + String(Self.replacement(marker, for: String(characters[start...])))
    for index in first + 1...last {
      let content = Array(lines[index])
      let prefix = Self.containerPrefix(content)
      let stop = index == last ? end + 2 : content.count
      let bytes = String(content[prefix..<stop]).utf8.count
      lines[index] =
        String(content[..<prefix]) + String(repeating: Self.filler, count: bytes) + String(content[stop...])
    }
  }

  /// One marker of three bytes and fillers for the rest.
  private static func replacement(_ marker: Character, for text: String) -> [Character] {
    [marker] + Array(repeating: filler, count: max(0, text.utf8.count - 3))
  }

  private static func closing(_ characters: [Character], from start: Int) -> Int? {
    var position = start
    while position + 1 < characters.count {
      if characters[position] == "\\" {
        position += 2
      } else if characters[position] == "$", characters[position + 1] == "$" {
        return position
      } else {
        position += 1
      }
    }
    return nil
  }

  /// Length of the white space and quote marks at the start of a line.
  private static func containerPrefix(_ characters: [Character]) -> Int {
    characters.prefix { $0 == " " || $0 == "\t" || $0 == ">" }.count
  }

  private func range(_ firstLine: Int, _ first: Int, _ lastLine: Int, _ last: Int) -> SourceRange {
    // Only the first line of a formula can have another one before it.
    SourceRange(
      SourceLocation(line: firstLine + 1, column: first + 1 + shift),
      SourceLocation(line: lastLine + 1, column: last + 1 + (lastLine == firstLine ? shift : 0))
    )
  }

  /// The displayed formulas by their place.
  var displayed: [SourceRange: Formula] {
    Dictionary(formulas.values.filter(\.isDisplayed).map { ($0.range, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The text as it was before formulas were taken out.
  func restored(_ text: String) -> String {
    guard text.contains(where: { $0 == Self.filler || formulas[$0] != nil }) else { return text }
    return text.reduce(into: "") { result, character in
      if let formula = formulas[character] {
        result += formula.source
      } else if character != Self.filler {
        result.append(character)
      }
    }
  }
}

/// An open code fence, so that dollars in code are left alone.
private struct Fence {
  private let mark: Character
  private let count: Int

  init?(opening line: String) {
    let text = line.drop { " \t>-*+".contains($0) || $0.isNumber || $0 == "." || $0 == ")" }
    guard let mark = text.first, mark == "`" || mark == "~" else { return nil }
    let count = text.prefix { $0 == mark }.count
    guard count >= 3, mark == "~" || !text.dropFirst(count).contains("`") else { return nil }
    self.mark = mark
    self.count = count
  }

  func isClosed(by line: String) -> Bool {
    let text = line.drop { " \t>".contains($0) }
    let run = text.prefix { $0 == mark }.count
    return run >= count && text.dropFirst(run).allSatisfy(\.isWhitespace)
  }
}
