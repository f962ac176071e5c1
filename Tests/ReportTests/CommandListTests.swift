import Foundation
import Report
import Testing

/// The commands that the installed formula library knows, as its own source registers them.
enum LibraryCommands {
  /// The library in the form that people can read; the installed package holds it beside the one that is run.
  private static let readable = MathRenderer.standardLibrary.replacing(".js", with: ".mjs")

  static let all: [String] = {
    guard let source = try? String(contentsOfFile: readable, encoding: .utf8) else { return [] }
    var names: Set<String> = []
    // Symbols and macros are registered one by one, functions by lists of names.
    for match in source.matches(of: #/define(?:Symbol|Macro)\((?:[^"\n]*?)"(\\\\[A-Za-z]+)"/#) {
      names.insert(String(match.1))
    }
    for match in source.matches(of: #/defineSymbol\([^;\n]*?, "(\\\\[A-Za-z]+)"(?:, true)?\);/#) {
      names.insert(String(match.1))
    }
    for list in source.matches(of: #/names: \[([^\]]*)\]/#) {
      for name in list.1.matches(of: #/"(\\\\[A-Za-z]+)"/#) { names.insert(String(name.1)) }
    }
    return names.map { $0.replacing(#"\\"#, with: #"\"#) }.sorted()
  }()

  /// Ways in which a command may want its arguments.
  static func uses(of name: String) -> [String] {
    [
      name, "\(name){x}", "x \(name) y", "\(name){x}{y}", "\\left\(name) x \\right.", "\(name)(", "\(name) x",
      "\(name){1em}", "\(name){red}{x}", "\\begin{matrix} a \\\\ \(name) b \\end{matrix}", "{a \(name) b}",
      "\(name){1em}{x}", "\(name)1em", "\\text{\(name){x}}", "\\text{\(name)}", "\(name)[1em]{1em}{1em}",
      "\\begin{array}{cc} a & b \\\\ \(name) c & d \\end{array}", "\(name)\\foo{x}", "\(name)\\foo x", "\(name) \\foo",
      "\(name)xyzw", "\(name){()}{1pt}{0}{a}{b}", "\(name)(){1pt}{0}{a}{b}", "x\(name)", "\(name)*{x}",
      "\(name){x}{y}{z}{w}",
      "\\left( a \(name) b \\right)", "\(name)\\def\\foo{x}", "\\(x\(name)", "\(name)\\foo=\\bar", "\(name)65",
      "\\def\\foo#1{\(name)#1}\\foo{x}", "\(name){\\foo}{x}",
    ]
  }
}

@Suite("The formula library's own list of commands")
struct CommandListTests {
  /// Commands that a page may not hold: they name files and addresses, or write HTML.
  static let refused: Set<String> = [
    #"\href"#, #"\url"#, #"\includegraphics"#, #"\htmlClass"#, #"\htmlData"#, #"\htmlId"#, #"\htmlStyle"#,
  ]

  /// Commands that have no meaning of their own: they end what another one began, or belong to the library's inner works.
  static let inner: Set<String> = [
    #"\begin"#, #"\end"#, #"\bgroup"#, #"\egroup"#, #"\left"#, #"\middle"#, #"\right"#, #"\tmspace"#, #"\varcoppa"#,
  ]

  @Test("each is typeset in one of its forms, or refused for safety", .enabled(if: !LibraryCommands.all.isEmpty))
  func commands() {
    let renderer = MathRenderer()
    #expect(LibraryCommands.all.count > 500)
    var failed: Set<String> = []
    for name in LibraryCommands.all {
      let works = LibraryCommands.uses(of: name).contains { (try? renderer.mathML($0, isDisplay: true)) != nil }
      if !works { failed.insert(name) }
    }
    #expect(failed.subtracting(Self.inner) == Self.refused, "\(failed.sorted())")
  }
}
