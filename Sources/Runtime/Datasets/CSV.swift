/// Comma-separated values with a header line (RFC 4180): quoted fields, either kind of line end.
public struct CSV: Sendable, Equatable {
  /// Column names.
  public var header: [String]
  /// Fields row by row, as many as the header has.
  public var rows: [[String]]

  /// Reads a file's bytes.
  ///
  /// - Throws: `DatasetError.malformed` for text that is not UTF-8, an open quote, or a row of another length.
  public init(_ bytes: [UInt8]) throws(DatasetError) {
    // A byte order mark is no part of the first name.
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: content, as: UTF8.self) else {
      throw .malformed(format: "CSV", line: 1, reason: "text is not UTF-8")
    }
    var records = try Self.records(text)
    guard !records.isEmpty else { throw .malformed(format: "CSV", line: 1, reason: "no header line") }
    header = records.removeFirst().fields
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
      guard let value = Double(row[place]) else {
        throw .malformed(format: "CSV", line: index + 2, reason: "'\(row[place])' in column '\(column)' is no number")
      }
      values.append(value)
    }
    return values
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
