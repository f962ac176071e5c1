internal import SwiftSyntax

/// Finds code that runs so often that the optimiser pays: it takes ten times as long as the rest of a compilation.
///
/// What the runtime does is compiled already. A cell's own code matters where it calculates in a loop, loops without a known
/// end, calls itself, or loops three deep. A figure or a table made by passing over a few hundred values does not.
final class InnerLoopFinder: SyntaxVisitor {
  private(set) var found = false
  private var loops = 0
  private var depth = 0
  private var functions: [String] = []

  /// Methods of collections that are loops over a closure.
  private static let passes: Set<String> = ["map", "compactMap", "flatMap", "filter", "reduce", "forEach", "sorted"]
  private static let comparisons: Set<String> = [
    "==", "!=", "<", ">", "<=", ">=", "===", "!==", "&&", "||", "??", "..<", "...",
  ]
  private static let deep = 3

  /// Whether a piece of code has such a place.
  static func found(in tree: some SyntaxProtocol) -> Bool {
    let finder = InnerLoopFinder(viewMode: .sourceAccurate)
    finder.walk(tree)
    return finder.found
  }

  override func visit(_ node: WhileStmtSyntax) -> SyntaxVisitorContinueKind { stop() }
  override func visit(_ node: RepeatStmtSyntax) -> SyntaxVisitorContinueKind { stop() }

  override func visit(_ node: ForStmtSyntax) -> SyntaxVisitorContinueKind {
    loops += 1
    return enter()
  }
  override func visitPost(_ node: ForStmtSyntax) {
    loops -= 1
    depth -= 1
  }

  override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind {
    functions.append(node.name.text)
    return .visitChildren
  }
  override func visitPost(_ node: FunctionDeclSyntax) { functions.removeLast() }

  override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
    if let name = node.calledExpression.as(DeclReferenceExprSyntax.self)?.baseName.text, functions.contains(name) {
      return stop()
    }
    return Self.isPass(node) ? enter() : .visitChildren
  }
  override func visitPost(_ node: FunctionCallExprSyntax) { if Self.isPass(node) { depth -= 1 } }

  /// An expression as it is written, before operators have found their precedence.
  override func visit(_ node: SequenceExprSyntax) -> SyntaxVisitorContinueKind {
    loops > 0 && calculates(node) ? stop() : .visitChildren
  }

  /// Whether an expression changes a number: `a += b`, `a[i] = b`, `a = b * c`.
  private func calculates(_ node: SequenceExprSyntax) -> Bool {
    let operators = node.elements.compactMap { $0.as(BinaryOperatorExprSyntax.self)?.operator.text }
      .filter { !Self.comparisons.contains($0) }
    if operators.contains(where: { $0.hasSuffix("=") }) { return true }
    guard node.elements.contains(where: { $0.is(AssignmentExprSyntax.self) }) else { return false }
    return !operators.isEmpty || node.elements.first?.is(SubscriptCallExprSyntax.self) == true
  }

  /// A pass with a closure is a loop; one with a key path or an operator is glue.
  private static func isPass(_ node: FunctionCallExprSyntax) -> Bool {
    guard let name = node.calledExpression.as(MemberAccessExprSyntax.self)?.declName.baseName.text else { return false }
    let hasClosure = node.trailingClosure != nil || node.arguments.contains { $0.expression.is(ClosureExprSyntax.self) }
    return hasClosure && passes.contains(name)
  }

  private func enter() -> SyntaxVisitorContinueKind {
    depth += 1
    return depth >= Self.deep ? stop() : .visitChildren
  }

  private func stop() -> SyntaxVisitorContinueKind {
    found = true
    return .visitChildren
  }
}
