internal import Display
internal import Notebook
internal import Record

/// Finds numbers typed in prose that contradict what was computed.
///
/// A typed number is compared with each inline value of its paragraph and each claim that the paragraph refers to. It
/// contradicts one when it is near it (within a tenth), has the same unit, and is not the value rounded to the digits
/// typed.
enum Contradictions {
  static func find(_ notebook: Notebook, _ record: RunRecord) -> [Diagnostic] {
    var finder = Finder(notebook: notebook, record: record)
    for block in notebook.blocks { finder.visit(block, depth: 0) }
    return finder.diagnostics
  }

  private struct Candidate {
    var value: Double
    /// The value as a reader sees it.
    var text: String
    var unit: String
    var name: String
  }

  private struct Finder {
    let notebook: Notebook
    let record: RunRecord
    var diagnostics: [Diagnostic] = []
    let claims: [String: ClaimOutput]

    init(notebook: Notebook, record: RunRecord) {
      self.notebook = notebook
      self.record = record
      claims = Dictionary(record.claims.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func visit(_ block: Block, depth: Int) {
      guard depth < PageLimits.nesting else { return }
      switch block.kind {
      case .paragraph(let content): check(content)
      case .blockQuote(let blocks), .callout(_, _, let blocks): for block in blocks { visit(block, depth: depth + 1) }
      case .list(let list):
        for item in list.items { for block in item.content { visit(block, depth: depth + 1) } }
      case .heading, .code, .cell, .table, .math, .html, .thematicBreak: break
      }
    }

    private mutating func check(_ content: [Inline]) {
      let candidates = candidates(in: content)
      guard !candidates.isEmpty else { return }
      for inline in flattened(content) {
        guard case .text(let text) = inline.kind else { continue }
        for typed in TypedNumber.all(in: text) { compare(typed, inline, candidates) }
      }
    }

    private mutating func compare(_ typed: TypedNumber, _ inline: Inline, _ candidates: [Candidate]) {
      let matching = candidates.filter { $0.unit == typed.unit }
      // The paper's own figure may stand beside ours: a number that some candidate explains is no contradiction.
      guard !matching.contains(where: { typed.agrees(with: $0.value) }) else { return }
      guard let near = matching.first(where: { typed.isNear($0.value) }) else { return }
      var start = inline.range.start
      start.column += typed.offset
      diagnostics.append(
        Diagnostic(
          .warning,
          file: notebook.path,
          range: SourceRange(line: start.line, column: start.column),
          "'\(typed.text)' is typed here; \(near.name) gives \(near.text)",
          remedy: "Write the value as an inline expression, or correct the number."
        )
      )
    }

    private func candidates(in content: [Inline]) -> [Candidate] {
      flattened(content).flatMap { inline -> [Candidate] in
        switch inline.kind {
        case .value(let index): inlineValue(index).map { [$0] } ?? []
        case .crossReference(let label) where label.hasPrefix("claim-"): claimValues(String(label.dropFirst(6)))
        default: []
        }
      }
    }

    private func inlineValue(_ index: Int) -> Candidate? {
      guard record.expressions.indices.contains(index), notebook.expressions.indices.contains(index),
        case .value(let text, _) = record.expressions[index], let number = TypedNumber.all(in: text).first
      else { return nil }
      return Candidate(
        value: number.value,
        text: text,
        unit: number.unit,
        name: "`\(notebook.expressions[index].code)`"
      )
    }

    private func claimValues(_ id: String) -> [Candidate] {
      guard let claim = claims[id] else { return [] }
      let unit = TypedNumber.unit(claim.unit ?? "")
      var values: [Candidate] = []
      if let value = claim.value {
        values.append(
          Candidate(value: value, text: claim.measuredText ?? "\(value)", unit: unit, name: "claim '\(id)'")
        )
      }
      if let paper = claim.paper, let number = TypedNumber.all(in: paper).first {
        values.append(
          Candidate(value: number.value, text: paper, unit: unit, name: "the paper's value of claim '\(id)'")
        )
      }
      return values
    }

    private func flattened(_ content: [Inline]) -> [Inline] {
      content.flatMap { inline -> [Inline] in
        switch inline.kind {
        case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(let inner, _, _):
          flattened(inner)
        default: [inline]
        }
      }
    }
  }
}

/// A number as it is typed in text, with the unit behind it.
struct TypedNumber {
  var text: String
  var value: Double
  /// Half of the last digit's place, and a hair for binary fractions.
  var tolerance: Double
  var digits: Int
  var unit: String
  /// Characters before it in its text.
  var offset: Int

  /// Whether the exact value, rounded to the digits typed, is this number.
  func agrees(with exact: Double) -> Bool { (value - exact).magnitude <= tolerance * 1.000_001 }

  func isNear(_ exact: Double) -> Bool {
    digits >= 2 && exact != 0 && (value - exact).magnitude <= exact.magnitude * 0.1
  }

  /// All numbers that stand by themselves: after the beginning, a space, a bracket or a sign of comparison.
  static func all(in text: String) -> [TypedNumber] {
    guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return [] }
    let characters = Array(text)
    var numbers: [TypedNumber] = []
    var index = 0
    while index < characters.count {
      let isFree = index == 0 || characters[index - 1].isWhitespace || "(=≈~≤≥<>".contains(characters[index - 1])
      guard isFree, let number = TypedNumber(characters, at: index) else {
        index += 1
        continue
      }
      numbers.append(number)
      index += number.text.count
    }
    return numbers
  }

  /// Reads a number with its unit; nil where there is none.
  private init?(_ characters: [Character], at start: Int) {
    func digits(from start: Int) -> Int {
      characters[start...].prefix { $0.isASCII && $0.isNumber }.count
    }
    var end = start
    let isNegative = characters[start] == "-" || characters[start] == "−"
    if isNegative { end += 1 }
    let whole = digits(from: end)
    guard (1...18).contains(whole) else { return nil }
    end += whole
    var decimals = 0
    if end + 1 < characters.count, characters[end] == "." {
      decimals = digits(from: end + 1)
      if decimals > 0 { end += 1 + decimals }
    }
    let word = String(characters[start..<end])
    guard decimals < 18, let value = Double(word.replacing("−", with: "-")) else { return nil }
    var unitStart = end
    if unitStart < characters.count, [" ", "\u{A0}", "\u{202F}"].contains(characters[unitStart]) { unitStart += 1 }
    var unitEnd = unitStart
    while unitEnd < characters.count, characters[unitEnd].isLetter || "%°".contains(characters[unitEnd]) {
      unitEnd += 1
    }
    let unitWord = String(characters[unitStart..<unitEnd])
    text = Self.unit(unitWord).isEmpty ? word : "\(word) \(unitWord)"
    unit = Self.unit(unitWord)
    self.value = value
    tolerance = (0..<decimals).reduce(0.5) { result, _ in result / 10 }
    self.digits = word.filter(\.isNumber).drop { $0 == "0" }.count
    offset = start
  }

  /// Words behind a number are units only where they are one of these.
  static func unit(_ word: String) -> String { units.contains(word) ? word : "" }

  private static let units: Set<String> = [
    "%", "s", "ms", "µs", "ns", "min", "h", "m", "mm", "cm", "km", "dB", "Hz", "kHz", "MHz", "kg", "g", "mg", "K", "°C",
    "Pa", "kPa", "MPa", "bar", "J", "kJ", "W", "V", "mV", "A", "nat", "nats", "bit", "bits", "MB", "kB", "GB",
  ]
}
