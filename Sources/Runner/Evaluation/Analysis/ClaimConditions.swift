internal import SwiftParser
internal import SwiftSyntax

/// The source text of the conditions of a cell's claims, so that the report can show what was tested.
struct ClaimConditions {
  private struct Entry {
    var lines: ClosedRange<Int>
    var text: String
  }

  private let entries: [Entry]

  init(code: String) {
    guard code.contains("Claim(") else {
      entries = []
      return
    }
    let tree = Parser.parse(source: code)
    let visitor = ClaimVisitor(viewMode: .sourceAccurate)
    visitor.walk(tree)
    let converter = SourceLocationConverter(fileName: "", tree: tree)
    entries = visitor.calls.map { call, condition in
      Entry(
        lines: call.startLocation(converter: converter).line...call.endLocation(converter: converter).line,
        text: condition
      )
    }
  }

  /// The condition of the claim that stands on a line of the code, counted from 1.
  func text(line: Int) -> String? { entries.first { $0.lines.contains(line) }?.text }
}

private final class ClaimVisitor: SyntaxVisitor {
  var calls: [(FunctionCallExprSyntax, String)] = []

  override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
    guard node.calledExpression.trimmedDescription == "Claim",
      let argument = node.arguments.first(where: { $0.label?.text == "holds" })
    else { return .visitChildren }
    // A claim that this profile does not test has no condition.
    if argument.expression.is(NilLiteralExprSyntax.self) { return .visitChildren }
    let words = argument.expression.trimmedDescription.split(whereSeparator: \.isWhitespace)
    calls.append((node, words.joined(separator: " ")))
    return .visitChildren
  }
}
