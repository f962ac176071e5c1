/// A table built column by column.
///
/// ```swift
/// Table("Errors by method") {
///   TableColumn("method", ["Talbot", "FFT"])
///   TableColumn("error", [3.1e-9, 2.0e-11], format: .scientific(1), best: .lowest)
/// }
/// ```
public struct Table: Displayable, Sendable, Equatable {
  /// The table as data.
  public var content: TableOutput

  /// Makes a table from columns of one length.
  public init(_ title: String? = nil, allRows: Bool = false, @TableBuilder columns: () -> [TableColumn]) {
    content = TableOutput(columns: columns(), title: title, showsAllRows: allRows)
  }

  /// Makes a table from columns of one length.
  public init(_ title: String? = nil, allRows: Bool = false, columns: [TableColumn]) {
    content = TableOutput(columns: columns, title: title, showsAllRows: allRows)
  }

  /// The table, after a check that all columns have one length.
  ///
  /// - Throws: `TableError` when columns differ in length.
  public func output() throws -> Output {
    let count = content.rowCount
    if let short = content.columns.first(where: { $0.values.count != count }) {
      throw TableError.unevenColumns(column: short.name, count: short.values.count, expected: count)
    }
    return .table(content)
  }
}

/// Why a table cannot be shown.
public enum TableError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One column is shorter than the longest.
  case unevenColumns(column: String, count: Int, expected: Int)

  /// What is wrong, with expected and found numbers.
  public var description: String {
    switch self {
    case .unevenColumns(let column, let count, let expected):
      "table column '\(column)' has \(count) entries; expected \(expected), the length of the longest column"
    }
  }
}

/// Collects the columns of a table.
@resultBuilder
public enum TableBuilder {
  /// One column.
  public static func buildExpression(_ column: TableColumn) -> [TableColumn] { [column] }
  /// Columns made elsewhere.
  public static func buildExpression(_ columns: [TableColumn]) -> [TableColumn] { columns }
  /// Columns in order.
  public static func buildBlock(_ parts: [TableColumn]...) -> [TableColumn] { parts.flatMap { $0 } }
  /// Columns shown only under a condition.
  public static func buildOptional(_ part: [TableColumn]?) -> [TableColumn] { part ?? [] }
  /// The first branch of a choice.
  public static func buildEither(first part: [TableColumn]) -> [TableColumn] { part }
  /// The second branch of a choice.
  public static func buildEither(second part: [TableColumn]) -> [TableColumn] { part }
  /// Columns made in a loop.
  public static func buildArray(_ parts: [[TableColumn]]) -> [TableColumn] { parts.flatMap { $0 } }
}

extension TableColumn {
  /// A column of numbers.
  public init(
    _ name: String,
    _ values: [Double],
    unit: String? = nil,
    format: NumberFormat = .automatic,
    best: Best? = nil
  ) {
    self.init(name, unit: unit, values: .numbers(values), format: format, best: best)
  }

  /// A column of single-precision numbers.
  public init(
    _ name: String,
    _ values: [Float],
    unit: String? = nil,
    format: NumberFormat = .automatic,
    best: Best? = nil
  ) {
    self.init(name, unit: unit, values: .numbers(values.map(Double.init)), format: format, best: best)
  }

  /// A column of whole numbers.
  public init(_ name: String, _ values: [Int], unit: String? = nil, best: Best? = nil) {
    self.init(name, unit: unit, values: .integers(values), best: best)
  }

  /// A column of texts; the first such column names the rows unless told otherwise.
  public init(_ name: String, _ values: [String], labelsRows: Bool = false) {
    self.init(name, values: .texts(values), isRowLabel: labelsRows)
  }

  /// A column of yes and no.
  public init(_ name: String, _ values: [Bool]) {
    self.init(name, values: .flags(values))
  }
}
