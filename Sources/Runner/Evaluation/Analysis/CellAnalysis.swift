internal import SwiftParser
internal import SwiftSyntax

/// What a cell's text tells without compiling it: the names it defines, uses and changes, and how it ends.
struct CellAnalysis: Sendable, Hashable {
  /// A name defined at the top level of a cell.
  struct Definition: Sendable, Hashable {
    enum Kind: String, Sendable {
      case `let`
      case `var`
      case `func`
      case `struct`
      case `class`
      case `enum`
      case `protocol`
      case `typealias`
      /// `precedencegroup`, `operator` and `macro` have no scoped import and are never shadowed.
      case other
    }

    var name: String
    var kind: Kind
  }

  var definitions: [Definition] = []
  /// Names that occur anywhere in the cell, also as members: more than are needed, never fewer.
  var uses: Set<String> = []
  /// Whether the parameters are used otherwise than one by one: `params` as a whole, or its type.
  var handsOnParameters = false
  /// Modules that the cell imports, as written.
  var imports: [String] = []
  /// Whether other cells need this one even if they name nothing of it: extensions and operators.
  var extendsOthers = false
  /// Whether the cell gains from optimisation.
  var isNumeric = false
  /// UTF-8 range of the last expression, when the cell ends in one that has a value to show.
  var lastExpression: Range<Int>?
  /// Names bound by `guard let` at the top level, with the line (from 1) of the guard.
  var guardBindings: [String: Int] = [:]
  /// Whether a `defer` stands at the top level: it acts when the module's code ends.
  var hasTopLevelDefer = false
  /// The first `await` at the top level.
  var topLevelAwait: Use?
  /// Variables that are used in their own definition.
  var selfReferences: [Use] = []

  /// A name (or keyword) at a place of the code, both counted from 1.
  struct Use: Sendable, Hashable {
    var name: String
    var line: Int
    var column: Int

    fileprivate init(_ token: TokenSyntax, _ converter: SourceLocationConverter) {
      let place = token.startLocation(converter: converter)
      name = token.identifierText
      line = place.line
      column = place.column
    }
  }

  init(code: String) {
    let tree = Parser.parse(source: code)
    let converter = SourceLocationConverter(fileName: "", tree: tree)
    let visitor = NameCollector(viewMode: .sourceAccurate)
    visitor.walk(tree)
    uses = visitor.names
    handsOnParameters = visitor.handsOnParameters
    isNumeric = InnerLoopFinder.found(in: tree)
    topLevelAwait = visitor.topLevelAwait.map { Use($0, converter) }
    for item in tree.statements { read(item.item, converter) }
    lastExpression = tree.statements.last.flatMap { Self.valueRange($0.item) }
  }

  private mutating func read(_ item: CodeBlockItemSyntax.Item, _ converter: SourceLocationConverter) {
    switch item {
    case .decl(let declaration):
      read(declaration)
      findSelfReferences(declaration, converter)
    case .stmt(let statement):
      if statement.is(DeferStmtSyntax.self) { hasTopLevelDefer = true }
      guard let guardStatement = statement.as(GuardStmtSyntax.self) else { return }
      let line = guardStatement.startLocation(converter: converter).line
      for condition in guardStatement.conditions {
        guard let binding = condition.condition.as(OptionalBindingConditionSyntax.self) else { continue }
        for name in Self.names(in: binding.pattern) { guardBindings[name] = line }
      }
    case .expr: break
    @unknown default: break
    }
  }

  private mutating func read(_ declaration: DeclSyntax) {
    func add(_ token: TokenSyntax, _ kind: Definition.Kind) {
      definitions.append(Definition(name: token.identifierText, kind: kind))
    }
    if let variable = declaration.as(VariableDeclSyntax.self) {
      let kind: Definition.Kind = variable.bindingSpecifier.tokenKind == .keyword(.let) ? .let : .var
      for binding in variable.bindings {
        definitions += Self.names(in: binding.pattern).map { Definition(name: $0, kind: kind) }
      }
    } else if let function = declaration.as(FunctionDeclSyntax.self) {
      add(function.name, .func)
      if case .identifier = function.name.tokenKind {} else { extendsOthers = true }
    } else if let type = declaration.as(StructDeclSyntax.self) {
      add(type.name, .struct)
    } else if let type = declaration.as(ClassDeclSyntax.self) {
      add(type.name, .class)
    } else if let type = declaration.as(ActorDeclSyntax.self) {
      add(type.name, .class)
    } else if let type = declaration.as(EnumDeclSyntax.self) {
      add(type.name, .enum)
    } else if let type = declaration.as(ProtocolDeclSyntax.self) {
      add(type.name, .protocol)
    } else if let type = declaration.as(TypeAliasDeclSyntax.self) {
      add(type.name, .typealias)
    } else if let module = declaration.as(ImportDeclSyntax.self) {
      imports.append(module.trimmedDescription)
    } else {
      // Extensions, operators and precedence groups act on cells that do not name them.
      extendsOthers = true
    }
  }

  private mutating func findSelfReferences(_ declaration: DeclSyntax, _ converter: SourceLocationConverter) {
    guard let variable = declaration.as(VariableDeclSyntax.self) else { return }
    for binding in variable.bindings {
      guard let value = binding.initializer else { continue }
      let names = Set(Self.names(in: binding.pattern))
      let visitor = ReferenceFinder(names: names)
      visitor.walk(value)
      if let token = visitor.found { selfReferences.append(Use(token, converter)) }
    }
  }

  private static func names(in pattern: PatternSyntax) -> [String] {
    if let identifier = pattern.as(IdentifierPatternSyntax.self) { return [identifier.identifier.identifierText] }
    if let tuple = pattern.as(TuplePatternSyntax.self) { return tuple.elements.flatMap { names(in: $0.pattern) } }
    return []
  }

  /// Where the value to show stands; assignments and discarded values show nothing.
  private static func valueRange(_ item: CodeBlockItemSyntax.Item) -> Range<Int>? {
    guard case .expr(let expression) = item else { return nil }
    if expression.is(IfExprSyntax.self) || expression.is(SwitchExprSyntax.self) { return nil }
    if let sequence = expression.as(SequenceExprSyntax.self) {
      let assigns = sequence.elements.contains { element in
        if element.is(AssignmentExprSyntax.self) { return true }
        guard let operation = element.as(BinaryOperatorExprSyntax.self) else { return false }
        return assignmentOperators.contains(operation.operator.text)
      }
      if assigns { return nil }
    }
    let start = expression.positionAfterSkippingLeadingTrivia.utf8Offset
    return start..<expression.endPositionBeforeTrailingTrivia.utf8Offset
  }

  private static let assignmentOperators: Set<String> = [
    "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "&+=", "&-=", "&*=", ".&=", ".|=",
  ]
}

extension TokenSyntax {
  /// The name without back quotes.
  var identifierText: String { text.hasPrefix("`") ? String(text.dropFirst().dropLast()) : text }

  /// Whether the name stands before the dot of a member.
  fileprivate var isBaseOfMember: Bool {
    guard let reference = parent?.as(DeclReferenceExprSyntax.self) else { return false }
    return reference.parent?.as(MemberAccessExprSyntax.self)?.base?.id == reference.id
  }
}

/// Collects every identifier, and notices `await`.
private final class NameCollector: SyntaxVisitor {
  var names: Set<String> = []
  var handsOnParameters = false
  var topLevelAwait: TokenSyntax?
  private var functionDepth = 0

  override func visit(_ token: TokenSyntax) -> SyntaxVisitorContinueKind {
    switch token.tokenKind {
    case .identifier, .dollarIdentifier:
      names.insert(token.identifierText)
      if token.identifierText == "Parameters" || token.identifierText == "params" && !token.isBaseOfMember {
        handsOnParameters = true
      }
    case .binaryOperator, .prefixOperator, .postfixOperator: names.insert(token.text)
    case .keyword(.await) where functionDepth == 0 && topLevelAwait == nil: topLevelAwait = token
    default: break
    }
    return .visitChildren
  }

  override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind { enter() }
  override func visitPost(_ node: FunctionDeclSyntax) { functionDepth -= 1 }
  override func visit(_ node: InitializerDeclSyntax) -> SyntaxVisitorContinueKind { enter() }
  override func visitPost(_ node: InitializerDeclSyntax) { functionDepth -= 1 }
  override func visit(_ node: AccessorDeclSyntax) -> SyntaxVisitorContinueKind { enter() }
  override func visitPost(_ node: AccessorDeclSyntax) { functionDepth -= 1 }
  override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind {
    functionDepth += 1
    return .visitChildren
  }
  override func visitPost(_ node: ClosureExprSyntax) { functionDepth -= 1 }

  private func enter() -> SyntaxVisitorContinueKind {
    functionDepth += 1
    return .visitChildren
  }
}

/// Finds the first use of one of some names as a value, outside closures (which run later and may name their parameters so).
private final class ReferenceFinder: SyntaxVisitor {
  private let names: Set<String>
  var found: TokenSyntax?

  init(names: Set<String>) {
    self.names = names
    super.init(viewMode: .sourceAccurate)
  }

  override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }

  override func visit(_ node: DeclReferenceExprSyntax) -> SyntaxVisitorContinueKind {
    let isMember = node.parent?.as(MemberAccessExprSyntax.self).map { $0.declName.id == node.id } ?? false
    // A call such as f(…) may mean a function of that name; only the plain value is surely the variable itself.
    let isCalled = node.parent?.as(FunctionCallExprSyntax.self).map { $0.calledExpression.id == node.id } ?? false
    if !isMember, !isCalled, found == nil, names.contains(node.baseName.identifierText) { found = node.baseName }
    return .visitChildren
  }
}
