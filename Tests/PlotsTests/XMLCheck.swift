/// The rules of well-formed XML that a generated file can break: nesting, quotes, bare ampersands, doubled attributes.
enum XMLCheck {
  static func fault(in text: String) -> String? {
    var open: [String] = []
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "<") {
      if let fault = entityFault(rest[..<start]) { return fault }
      guard let end = rest[start...].firstIndex(of: ">") else { return "unclosed tag" }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        guard open.popLast() == String(tag.dropFirst()) else { return "unexpected </\(tag.dropFirst())>" }
        continue
      }
      let name = tag.prefix { $0 != " " && $0 != "/" }
      if let fault = attributeFault(tag.dropFirst(name.count)) { return "\(name): \(fault)" }
      if !tag.hasSuffix("/") { open.append(String(name)) }
    }
    return open.isEmpty ? nil : "unclosed \(open)"
  }

  private static func entityFault(_ text: Substring) -> String? {
    let known = ["amp;", "lt;", "gt;", "quot;"]
    for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
    where !known.contains(where: part.hasPrefix) { return "bare ampersand before \(part.prefix(8))" }
    return nil
  }

  private static func attributeFault(_ text: Substring) -> String? {
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return "odd number of quotes" }
    let names = stride(from: 0, to: parts.count - 1, by: 2).map { parts[$0] }
    guard names.allSatisfy({ $0.first == " " && $0.last == "=" }) else { return "attributes run together" }
    guard Set(names).count == names.count else { return "doubled attribute" }
    return parts.map { entityFault($0) }.compactMap { $0 }.first
  }
}
