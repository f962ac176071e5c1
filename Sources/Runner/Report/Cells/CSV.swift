package import Display

/// Tables as comma-separated values (RFC 4180, line feeds), with numbers in full.
package enum CSV {
  package static func bytes(_ table: TableOutput) -> [UInt8] {
    var bytes: [UInt8] = []
    let rows = table.rowCount
    bytes.reserveCapacity(rows * table.columns.count * 12)
    appendRow(table.columns.map { column in column.unit.map { "\(column.name) (\($0))" } ?? column.name }, to: &bytes)
    for row in 0..<rows {
      for (index, column) in table.columns.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(column.values, row, to: &bytes)
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  private static func append(_ values: TableColumn.Values, _ row: Int, to bytes: inout [UInt8]) {
    guard row < values.count else { return }
    switch values {
    case .numbers(let numbers):
      let number = numbers[row]
      // A whole number needs no ".0"; a missing one is an empty field.
      if number.isNaN { return }
      if number == number.rounded(), number.magnitude < 1e15 {
        bytes.append(contentsOf: String(Int(number)).utf8)
      } else {
        bytes.append(contentsOf: number.description.utf8)
      }
    case .integers(let numbers): bytes.append(contentsOf: String(numbers[row]).utf8)
    case .texts(let texts): append(texts[row] ?? "", to: &bytes)
    case .flags(let flags): bytes.append(contentsOf: (flags[row] ? "true" : "false").utf8)
    }
  }

  private static func appendRow(_ fields: [String], to bytes: inout [UInt8]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(field, to: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private static func append(_ field: String, to bytes: inout [UInt8]) {
    guard field.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else {
      bytes.append(contentsOf: field.utf8)
      return
    }
    bytes.append(0x22)
    for byte in field.utf8 {
      if byte == 0x22 { bytes.append(0x22) }
      bytes.append(byte)
    }
    bytes.append(0x22)
  }
}
