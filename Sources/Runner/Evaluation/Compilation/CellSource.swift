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
  /// Name under which the code's lines appear in messages and debug information.
  var codeFile: String
  /// The same for each inline expression, in the order of `Node.expressions`.
  var expressionFiles: [String]

  var entry: String { module + "_main" }

  /// Name of the module that holds the parameters.
  static func make(
    node: CellGraph.Node,
    imported: [CellSource],
    shadowed: [(definition: CellAnalysis.Definition, module: String)],
    parameters: CellSource?,
    installation: Installation
  ) -> CellSource {
    let codeFile = fileName("cell", node.cell.code)
    let files = node.expressions.map { fileName("inline", $0.code) }
    var text = "import Offprint\n"
    for module in [parameters].compactMap({ $0 }) + imported { text += "@testable import \(module.module)\n" }
    for name in shadowed {
      text += "@testable import \(name.definition.kind.rawValue) \(name.module).\(quoted(name.definition.name))\n"
    }
    for line in node.carriedImports { text += line + "\n" }
    text += code(node, file: codeFile)
    if !node.expressions.isEmpty { text += "\n#sourceLocation()\nCellSupport.endCode()\n" }
    for (index, expression) in node.expressions.enumerated() {
      text += wrapped("CellSupport.inline(\(index),", expression.code, file: files[index], line: 1, column: 1)
    }
    let isOptimized = node.analysis.isNumeric
    let keys = imported.map(\.key) + [parameters?.key ?? ""]
    let key = ContentHash([text, installation.identity, isOptimized ? "-O" : "-Onone"] + keys).description
    let number = node.cell.index + 1
    return CellSource(
      module: "Cell\(number)_\(key.prefix(16))", text: text, isOptimized: isOptimized, key: key, codeFile: codeFile,
      expressionFiles: files)
  }

  /// The module that gives cells their `params`; values come from the kernel's environment, so that other values need no
  /// new compilation.
  static func parameters(_ parameters: [Parameter], installation: Installation) -> CellSource {
    var text = "import Offprint\nstruct Parameters: Sendable {\n"
    for parameter in parameters {
      let name = quoted(parameter.name)
      text += "  let \(name): \(parameter.value.typeName) = CellSupport.parameter(\"\(parameter.name)\")\n"
    }
    text += "}\nlet params = Parameters()\n"
    text += "/// Name of the profile that the notebook runs in; empty for its defaults.\n"
    text += "let profile: String = CellSupport.parameter(\"_profile\")\n"
    let key = ContentHash([text, installation.identity]).description
    return CellSource(
      module: "Parameters_\(key.prefix(16))", text: text, isOptimized: false, key: key, codeFile: "parameters",
      expressionFiles: [])
  }

  private static func code(_ node: CellGraph.Node, file: String) -> String {
    let code = node.cell.code
    guard let range = node.analysis.lastExpression else {
      return "#sourceLocation(file: \"\(file)\", line: 1)\n" + code + "\n"
    }
    let utf8 = Array(code.utf8)
    let before = String(decoding: utf8[..<range.lowerBound], as: UTF8.self)
    let expression = String(decoding: utf8[range], as: UTF8.self)
    let after = String(decoding: utf8[range.upperBound...], as: UTF8.self)
    let line = before.filter { $0 == "\n" }.count + 1
    let column = (before.lastIndex(of: "\n").map { before[before.index(after: $0)...].count } ?? before.count) + 1
    // What stands before the expression on its own line (";" after another statement) keeps its place.
    return "#sourceLocation(file: \"\(file)\", line: 1)\n" + before + "\n"
      + wrapped("CellSupport.display(", expression, file: file, line: line, column: column) + after + "\n"
  }

  /// Puts an expression on lines of its own between generated ones, indented so that its columns stay.
  private static func wrapped(_ call: String, _ expression: String, file: String, line: Int, column: Int) -> String {
    """
    #sourceLocation(file: "\(file)", line: \(line))
    \(call)
    #sourceLocation(file: "\(file)", line: \(line))
    \(String(repeating: " ", count: column - 1))\(expression)
    #sourceLocation(file: "\(file)", line: \(line + expression.filter { $0 == "\n" }.count))
    )

    """
  }

  private static func fileName(_ kind: String, _ code: String) -> String {
    "\(kind)-\(ContentHash(code).description.prefix(16))"
  }

  private static func quoted(_ name: String) -> String { name.contains("`") ? name : "`\(name)`" }
}
