internal import Mustache
internal import Record
internal import Theme

/// The frame around a page's content: head, bar, contents, foot.
package struct PageFrame: Sendable {
  /// Why a template of the site cannot be used.
  package struct TemplateError: Error, CustomStringConvertible {
    package var name: String
    package var message: String
    package var description: String {
      "template '\(name)': \(message); correct it, or delete it to use the one that comes with Offprint"
    }
  }

  private let template: MustacheTemplate
  private let style: String
  private let script: String

  /// Set before the first paint, so that a page never flashes in the wrong colors.
  package static let earlyScript =
    "try{var t=localStorage.getItem('theme');if(t)document.documentElement.dataset.theme=t}catch(e){}"

  package init(name: String, template source: String, style: String, script: String) throws {
    do {
      template = try MustacheTemplate(string: source)
    } catch {
      throw TemplateError(name: name, message: String(describing: error))
    }
    self.style = Minifier.style(style)
    self.script = Minifier.script(script)
  }

  /// Fills the template: `values` are escaped by the template where it says so.
  package func render(_ values: [String: Any], scripts: [String] = []) -> String {
    var values = values
    let hashes = ([Self.earlyScript, script] + scripts).filter { !$0.isEmpty }.map {
      "'sha256-\(ContentHash($0).bytes.base64)'"
    }
    values["csp"] =
      "default-src 'none'; img-src 'self' data:; media-src 'self' data:; font-src data:; style-src 'unsafe-inline'; "
      + "script-src 'self' \(hashes.joined(separator: " ")); base-uri 'none'; form-action 'none'"
    values["style"] = style
    values["script"] = script
    values["earlyScript"] = Self.earlyScript
    return template.render(values)
  }
}

/// Leaves out of style sheets and scripts what only their authors need: comments and indentation.
enum Minifier {
  static func style(_ source: String) -> String {
    var text = ""
    var rest = Substring(source)
    while let start = rest.firstRange(of: "/*") {
      text += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstRange(of: "*/") else { return text }
      rest = rest[end.upperBound...]
    }
    return lines(text + rest).joined(separator: "\n")
  }

  /// Only whole-line comments are dropped: anything more needs a parser.
  static func script(_ source: String) -> String {
    lines(source).filter { !$0.hasPrefix("//") }.joined(separator: "\n")
  }

  private static func lines(_ source: String) -> [String] {
    source.split(separator: "\n").map { line in
      var line = line.drop { $0 == " " || $0 == "\t" }
      while line.last == " " { line.removeLast() }
      return String(line)
    }.filter { !$0.isEmpty }
  }
}
