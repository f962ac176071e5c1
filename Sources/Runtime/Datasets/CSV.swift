/// Comma-separated values, with a header line or without (RFC 4180): quoted fields, either kind of line end.
public struct CSV: Sendable, Equatable {
  /// Column names.
  public var header: [String]
  /// Fields row by row, as many as the header has.
  public var rows: [[String]]
  /// Line of the first row, for messages.
  private let firstLine: Int

  /// Reads a file's bytes.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - hasHeader: whether the first line names the columns; they are named "0", "1", … where it does not.
  /// - Throws: `DatasetError.malformed` for text that is not UTF-8, an open quote, or a row of another length.
  public init(_ bytes: [UInt8], hasHeader: Bool = true) throws(DatasetError) {
    // A byte order mark is no part of the first name.
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: content, as: UTF8.self) else {
      throw .malformed(format: "CSV", line: 1, reason: "text is not UTF-8")
    }
    var records = try Self.records(text)
    guard let first = records.first else { throw .malformed(format: "CSV", line: 1, reason: "no header line") }
    header = hasHeader ? first.fields : first.fields.indices.map(String.init)
    firstLine = hasHeader ? 2 : 1
    if hasHeader { records.removeFirst() }
    rows = []
    for record in records {
      guard record.fields.count == header.count else {
        throw .malformed(
          format: "CSV",
          line: record.line,
          reason: "\(record.fields.count) fields, the header has \(header.count)"
        )
      }
      rows.append(record.fields)
    }
  }

  /// Numbers of a column.
  ///
  /// - Throws: `DatasetError.malformed` for an unknown column or a field that is no number.
  public func numbers(_ column: String) throws(DatasetError) -> [Double] {
    guard let place = header.firstIndex(of: column) else {
      throw .malformed(
        format: "CSV",
        line: 1,
        reason: "no column '\(column)' (known: \(header.joined(separator: ", ")))"
      )
    }
    var values: [Double] = []
    for (index, row) in rows.enumerated() {
      values.append(try number(row[place], row: index, column: column))
    }
    return values
  }

  /// All fields as numbers, row by row.
  ///
  /// - Throws: `DatasetError.malformed` for a field that is no number.
  public func numbers() throws(DatasetError) -> [[Double]] {
    var table: [[Double]] = []
    for (index, row) in rows.enumerated() {
      var values: [Double] = []
      for (place, field) in row.enumerated() {
        values.append(try number(field, row: index, column: header[place]))
      }
      table.append(values)
    }
    return table
  }

  private func number(_ field: String, row: Int, column: String) throws(DatasetError) -> Double {
    guard let value = Double(field) else {
      throw .malformed(format: "CSV", line: row + firstLine, reason: "'\(field)' in column '\(column)' is no number")
    }
    return value
  }

  private static func records(_ text: String) throws(DatasetError) -> [(line: Int, fields: [String])] {
    var records: [(line: Int, fields: [String])] = []
    var fields: [String] = []
    var field = String.UnicodeScalarView()
    var line = 1
    var start = 1
    var isQuoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var pushed: Unicode.Scalar?
    func isBlank() -> Bool { fields.isEmpty && field.isEmpty }
    while let scalar = pushed ?? scalars.next() {
      pushed = nil
      if scalar == "\n" { line += 1 }
      if isQuoted {
        guard scalar == "\"" else {
          field.append(scalar)
          continue
        }
        let next = scalars.next()
        if next == "\"" { field.append("\"") } else { (isQuoted, pushed) = (false, next) }
        continue
      }
      switch scalar {
      case "\"" where field.isEmpty: isQuoted = true
      case ",":
        fields.append(String(field))
        field = .init()
      case "\r": continue
      case "\n":
        if !isBlank() { records.append((start, fields + [String(field)])) }
        (fields, field, start) = ([], .init(), line)
      default: field.append(scalar)
      }
    }
    guard !isQuoted else { throw .malformed(format: "CSV", line: start, reason: "a quote is not closed") }
    if !isBlank() { records.append((start, fields + [String(field)])) }
    return records
  }
}
