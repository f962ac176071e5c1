internal import Foundation

/// Turns addresses in compiled cells into functions and lines.
struct Symbolizer: Sendable {
  struct Frame: Sendable, Hashable {
    var function: String
    /// Name given by `#sourceLocation` in a cell, or a path of the runtime's sources.
    var file: String
    var line: Int
    var column: Int
    /// Library that holds the address.
    var library: String
  }

  let program: String?

  /// Functions and lines of addresses, innermost first; inlined calls become frames of their own.
  func frames(_ addresses: [KernelReport.Frame]) -> [Frame] {
    guard let program, !addresses.isEmpty else { return [] }
    var arguments = ["--output-style=JSON", "--functions=linkage", "--inlines", "--demangle"]
    // Libraries of the system tell an author nothing, and some are slow to read.
    let known = addresses.filter { $0.library.hasPrefix("/") && isWorthReading($0.library) }
    arguments += known.map { "\"\($0.library)\" 0x\(String($0.offset, radix: 16))" }
    guard !known.isEmpty, let output = try? Subprocess.run(program, arguments).output else { return [] }
    let decoder = JSONDecoder()
    let entries = output.split(separator: "\n").flatMap { line -> [Entry] in
      let data = Data(line.utf8)
      if let list = try? decoder.decode([Entry].self, from: data) { return list }
      return (try? decoder.decode(Entry.self, from: data)).map { [$0] } ?? []
    }
    return entries.flatMap { entry in
      (entry.Symbol ?? []).map { symbol in
        Frame(
          function: symbol.FunctionName,
          file: symbol.FileName,
          line: symbol.Line,
          column: symbol.Column,
          library: entry.ModuleName
        )
      }
    }
  }

  private func isWorthReading(_ library: String) -> Bool {
    !library.hasPrefix("/lib/") && !library.hasPrefix("/usr/lib/x86_64") && !library.contains("/libswift")
  }

  private struct Entry: Decodable {
    struct Symbol: Decodable {
      var FunctionName: String
      var FileName: String
      var Line: Int
      var Column: Int
    }

    var ModuleName: String
    var Symbol: [Symbol]?
  }
}
