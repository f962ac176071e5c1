internal import Report

/// An inverted index over all sections of all reports, cut by the first letter of the words.
///
/// The files are scripts, since pages opened from disk may not fetch; a search loads the list of places and the parts
/// for the letters typed, and no more.
struct SearchIndex {
  let files: [OutputFile]

  init(_ reports: [ReportSummary]) {
    var places: [JSON] = []
    var postings: [String: [Int]] = [:]
    for report in reports {
      for section in report.sections {
        let number = places.count
        places.append(
          .array([
            .string(report.slug), .string(section.id), .string(report.title), .string(section.title),
            .string(Self.excerpt(section.text)),
          ])
        )
        for word in Set(Self.words(section.title + " " + section.text + " " + report.title)) {
          postings[word, default: []].append(number)
        }
      }
    }
    var parts: [String: [JSON.Member]] = [:]
    for (word, numbers) in postings.sorted(by: { $0.key < $1.key }) {
      parts[Self.part(of: word), default: []].append(JSON.Member(name: word, value: .string(Self.packed(numbers))))
    }
    var files = [Self.file("places", .array(places))]
    for (part, members) in parts.sorted(by: { $0.key < $1.key }) { files.append(Self.file(part, .object(members))) }
    self.files = files
  }

  /// The beginning of a section, for the list of results.
  private static func excerpt(_ text: String) -> String { text.squeezed(limit: 120) }

  private static func file(_ name: String, _ value: JSON) -> OutputFile {
    OutputFile(path: "assets/search/\(name).js", text: "offprintSearch(\"\(name)\",\(value.text));\n")
  }

  /// Words in lower case: letters and digits, at least two, at most forty.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    var isASCII = true
    func flush() {
      guard word.count >= 2 else { return }
      let text = String(decoding: word, as: UTF8.self)
      if isASCII {
        if word.count <= 40 { words.append(text) }
      } else {
        // Spaces and signs beyond ASCII part words too.
        let letters = text.lowercased().split { !$0.isLetter && !$0.isNumber }
        words += letters.filter { (2...40).contains($0.count) }.map(String.init)
      }
    }
    for byte in text.utf8 {
      switch byte {
      case 0x41...0x5A: word.append(byte | 0x20)
      case 0x61...0x7A, 0x30...0x39: word.append(byte)
      case 0x80...:
        word.append(byte)
        isASCII = false
      default:
        flush()
        word.removeAll(keepingCapacity: true)
        isASCII = true
      }
    }
    flush()
    return words
  }

  /// The file that holds a word: its first ASCII letter or digit, else "other".
  static func part(of word: String) -> String {
    guard let first = word.utf8.first, (0x61...0x7A).contains(first) || (0x30...0x39).contains(first) else {
      return "other"
    }
    return String(UnicodeScalar(first))
  }

  /// Ascending numbers as differences in base 36: "3 1 1k".
  static func packed(_ numbers: [Int]) -> String {
    var last = 0
    var text = ""
    for number in numbers {
      if !text.isEmpty { text += " " }
      text += String(number - last, radix: 36)
      last = number
    }
    return text
  }
}
