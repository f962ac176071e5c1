internal import Notebook
internal import Record

/// The text that the compiler sees for a cell: the author's code word for word, between a few generated lines.
///
/// Lines are counted from the start of the cell, not of the notebook: an edit above must not change any cell's key. The
/// marks of `#sourceLocation` carry a name made of the code itself, by which messages and frames find their way back.
struct CellSource: Sendable {
  /// Name of the compiler's module for the cell.
  var module: String
  var text: String
  var isOptimized: Bool
  /// Content key: text, the keys of the imported cells, compiler, runtime and options.
  var key: String

  var entry: String { module + "_main" }

  /// The text of a cell.
  static func make(_ node: CellGraph.Node, imports: Imports, installation: Installation) -> CellSource {
    make(
      name: "Cell\(node.cell.index + 1)",
      text: imports.text + code(node),
      imports: imports,
      isOptimized: node.analysis.isNumeric,
      installation: installation
    )
  }

  /// The text of neighbouring cells that share a module: between two of them the kernel ends one and waits for the next.
  static func make(_ nodes: ArraySlice<CellGraph.Node>, imports: Imports, installation: Installation) -> CellSource {
    make(
      name: "Cells\(nodes.startIndex + 1)to\(nodes.endIndex)",
      // The semicolon: a cell may begin with a brace, which would become an argument of the call.
      text: imports.text + nodes.map(code).joined(separator: "CellSupport.endCell();\n"),
      imports: imports,
      isOptimized: nodes.contains { $0.analysis.isNumeric },
      installation: installation
    )
  }

  /// Name under which a cell's lines appear in messages and debug information.
  static func file(of cell: Cell) -> String { fileName("cell", cell.code) }

  /// The same for an inline expression.
  static func file(of expression: InlineExpression) -> String { fileName("inline", expression.code) }

  /// The text of some inline expressions.
  static func make(_ expressions: [InlineExpression], imports: Imports, installation: Installation) -> CellSource {
    var text = imports.text
    for (index, expression) in expressions.enumerated() {
      text += "#sourceLocation(file: \"\(file(of: expression))\", line: 1)\n\(inlineCall(index))\(expression.code))\n"
    }
    return make(
      name: "Inline",
      text: text,
      imports: imports,
      isOptimized: false,
      installation: installation
    )
  }

  /// The modules that a piece of code imports.
  struct Imports: Sendable {
    var modules: [CellSource]
    var shadowed: [(definition: CellAnalysis.Definition, module: String)]
    var carried: [String]
    /// Definitions that the code gets for itself.
    var parameters = ""

    var text: String {
      var text = "import Offprint\n"
      for module in modules { text += "@testable import \(module.module)\n" }
      for name in shadowed {
        text += "@testable import \(name.definition.kind.rawValue) \(name.module).\(quoted(name.definition.name))\n"
      }
      for line in carried { text += line + "\n" }
      return text + parameters
    }
  }

  private static func make(
    name: String,
    text: String,
    imports: Imports,
    isOptimized: Bool,
    installation: Installation
  ) -> CellSource {
    let facts = [text, installation.identity, isOptimized ? "-O" : "-Onone"] + CellCompiler.languageOptions
    let key = ContentHash(facts + imports.modules.map(\.key)).description
    return CellSource(
      module: "\(name)_\(key.prefix(16))",
      text: text,
      isOptimized: isOptimized,
      key: key
    )
  }

  /// What gives cells their `params`; values come from the kernel's environment, so that other values need no new
  /// compilation.
  static func definitions(of parameters: [Parameter]) -> String {
    var text = "struct Parameters: Sendable {\n"
    for parameter in parameters {
      let name = quoted(parameter.name)
      text += "  let \(name): \(parameter.value.typeName) = CellSupport.parameter(\"\(parameter.name)\")\n"
    }
    text += "}\nlet params = Parameters()\n"
    text += "/// Name of the profile that the notebook runs in; empty for its defaults.\n"
    return text + "let profile: String = CellSupport.parameter(\"_profile\")\n"
  }

  /// A module of the parameters, for cells that hand them to one another.
  static func parameters(_ parameters: [Parameter], installation: Installation) -> CellSource {
    make(
      name: "Parameters",
      // All that it needs of the runtime: importing the rest would cost as much as compiling this.
      text: "import Display\n" + definitions(of: parameters),
      imports: Imports(modules: [], shadowed: [], carried: []),
      isOptimized: false,
      installation: installation
    )
  }

  private static func code(_ node: CellGraph.Node) -> String {
    let (code, file) = (node.cell.code, file(of: node.cell))
    guard let range = node.analysis.lastExpression else {
      return "#sourceLocation(file: \"\(file)\", line: 1)\n" + code + "\n"
    }
    let utf8 = Array(code.utf8)
    let before = String(decoding: utf8[..<range.lowerBound], as: UTF8.self)
    let expression = String(decoding: utf8[range], as: UTF8.self)
    let after = String(decoding: utf8[range.upperBound...], as: UTF8.self)
    // The expression keeps its line; its columns on the first one shift by the call's length, which SourceMap takes off.
    return "#sourceLocation(file: \"\(file)\", line: 1)\n" + before + displayCall + expression + ")" + after + "\n"
  }

  static let displayCall = "CellSupport.display("
  static func inlineCall(_ index: Int) -> String { "CellSupport.inline(\(index), " }

  private static func fileName(_ kind: String, _ code: String) -> String {
    "\(kind)-\(ContentHash(code).description.prefix(16))"
  }

  private static func quoted(_ name: String) -> String { name.contains("`") ? name : "`\(name)`" }
}
