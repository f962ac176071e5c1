package import Display
internal import Notebook

/// The stored form of a record: the wire format of the outputs, with a version in front.
extension RunRecord {
  private static let version: UInt8 = 3

  /// The record as bytes.
  package func encoded() -> [UInt8] {
    var writer = WireWriter()
    writer.write(Self.version)
    writer.write(list: cells) { $0.write($1) }
    writer.write(list: expressions) { $0.write($1) }
    writer.write(list: parameters) { writer, parameter in
      writer.write(parameter.name)
      writer.write(parameter.value)
      writer.writeOptional(parameter.defaultValue)
    }
    writer.writeOptional(profile)
    writer.write(environment)
    return writer.bytes
  }

  /// Reads a stored record.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    var reader = WireReader(bytes)
    let version = try reader.readByte()
    guard version == Self.version else { throw .unknownTag(version, of: "record version") }
    self.init()
    cells = try reader.readList { (reader) throws(WireError) in try reader.readCell() }
    expressions = try reader.readList { (reader) throws(WireError) in try reader.readExpression() }
    parameters = try reader.readList { (reader) throws(WireError) in
      ParameterRecord(
        name: try reader.readString(),
        value: try reader.readString(),
        defaultValue: try reader.readText()
      )
    }
    profile = try reader.readText()
    environment = try reader.readEnvironment()
    try reader.expectEnd()
  }
}

extension CellResult {
  /// SHA-256 of all that the cell left, so that two runs can be compared cell by cell.
  package var outputsHash: String {
    var writer = WireWriter()
    writer.write(list: items) { $0.write($1) }
    return ContentHash(writer.bytes).description
  }
}

extension WireWriter {
  fileprivate mutating func writeOptional(_ text: String?) { write(text) { $0.write($1) } }

  fileprivate mutating func write(_ cell: CellResult) {
    switch cell.status {
    case .succeeded: write(UInt8(0))
    case .failed(let failure):
      write(UInt8(1))
      write(failure.kind.rawValue)
      write(list: failure.diagnostics) { $0.write($1) }
      write(list: failure.backtrace) { $0.write($1) }
    case .skipped(let reason):
      write(UInt8(2))
      write(reason)
    case .disabled: write(UInt8(3))
    }
    write(list: cell.items) { $0.write($1) }
    write(list: cell.diagnostics) { $0.write($1) }
    write(cell.key)
    for seconds in [cell.times.compileWall, cell.times.runWall, cell.times.runProcessor] { write(seconds) }
    write(cell.times.peakMemory)
  }

  fileprivate mutating func write(_ item: CellResult.Item) {
    switch item {
    case .output(let output):
      write(UInt8(0))
      write(output)
    case .standardOutput(let text):
      write(UInt8(1))
      write(text)
    case .standardError(let text):
      write(UInt8(2))
      write(text)
    }
  }

  fileprivate mutating func write(_ result: ExpressionResult) {
    switch result {
    case .value(let text, let machine):
      write(UInt8(0))
      write(text)
      write(machine)
    case .failed(let diagnostic):
      write(UInt8(1))
      write(diagnostic)
    case .skipped(let reason):
      write(UInt8(2))
      write(reason)
    }
  }

  fileprivate mutating func write(_ diagnostic: Diagnostic) {
    write(diagnostic.severity.rawValue)
    write(diagnostic.file)
    write(diagnostic.range) { writer, range in
      for number in [range.start.line, range.start.column, range.end.line, range.end.column] { writer.write(number) }
    }
    write(diagnostic.message)
    writeOptional(diagnostic.remedy)
    write(list: diagnostic.notes) { $0.write($1) }
  }

  fileprivate mutating func write(_ environment: EnvironmentRecord) {
    let texts = [
      environment.offprintVersion, environment.swiftVersion, environment.operatingSystem, environment.processor,
      environment.linearAlgebra, environment.notebookHash,
    ]
    for text in texts { write(text) }
    write(environment.cores)
    write(environment.threads)
    write(list: environment.data) { writer, data in
      for text in [data.name, data.hash, data.note] { writer.write(text) }
    }
  }
}

extension WireReader {
  fileprivate mutating func readText() throws(WireError) -> String? {
    try readOptional { (reader) throws(WireError) in try reader.readString() }
  }

  fileprivate mutating func readStrings() throws(WireError) -> [String] {
    try readList { (reader) throws(WireError) in try reader.readString() }
  }

  fileprivate mutating func readDiagnostics() throws(WireError) -> [Diagnostic] {
    try readList { (reader) throws(WireError) in try reader.readDiagnostic() }
  }

  fileprivate mutating func readCell() throws(WireError) -> CellResult {
    let status: CellResult.Status
    switch try readByte() {
    case 0: status = .succeeded
    case 1:
      let word = try readString()
      guard let kind = Failure.Kind(rawValue: word) else { throw .unknownWord(word, of: "kind of failure") }
      status = .failed(
        Failure(kind: kind, diagnostics: try readDiagnostics(), backtrace: try readStrings())
      )
    case 2: status = .skipped(reason: try readString())
    case 3: status = .disabled
    case let tag: throw .unknownTag(tag, of: "status")
    }
    return CellResult(
      status: status,
      items: try readList { (reader) throws(WireError) in try reader.readItem() },
      diagnostics: try readDiagnostics(),
      key: try readString(),
      times: CellResult.Times(
        compileWall: try readDouble(),
        runWall: try readDouble(),
        runProcessor: try readDouble(),
        peakMemory: try readInt()
      )
    )
  }

  fileprivate mutating func readItem() throws(WireError) -> CellResult.Item {
    switch try readByte() {
    case 0: .output(try readOutput())
    case 1: .standardOutput(try readString())
    case 2: .standardError(try readString())
    case let tag: throw .unknownTag(tag, of: "item")
    }
  }

  fileprivate mutating func readExpression() throws(WireError) -> ExpressionResult {
    switch try readByte() {
    case 0: .value(text: try readString(), machine: try readString())
    case 1: .failed(try readDiagnostic())
    case 2: .skipped(reason: try readString())
    case let tag: throw .unknownTag(tag, of: "expression")
    }
  }

  fileprivate mutating func readDiagnostic() throws(WireError) -> Diagnostic {
    let word = try readString()
    guard let severity = Diagnostic.Severity(rawValue: word) else { throw .unknownWord(word, of: "severity") }
    let file = try readString()
    let range = try readOptional { (reader) throws(WireError) -> SourceRange in
      let start = SourceLocation(line: try reader.readInt(), column: try reader.readInt())
      return SourceRange(start, SourceLocation(line: try reader.readInt(), column: try reader.readInt()))
    }
    return Diagnostic(
      severity,
      file: file,
      range: range,
      try readString(),
      remedy: try readText(),
      notes: try readStrings()
    )
  }

  fileprivate mutating func readEnvironment() throws(WireError) -> EnvironmentRecord {
    var environment = EnvironmentRecord()
    environment.offprintVersion = try readString()
    environment.swiftVersion = try readString()
    environment.operatingSystem = try readString()
    environment.processor = try readString()
    environment.linearAlgebra = try readString()
    environment.notebookHash = try readString()
    environment.cores = try readInt()
    environment.threads = try readInt()
    environment.data = try readList { (reader) throws(WireError) in
      DataRecord(name: try reader.readString(), hash: try reader.readString(), note: try reader.readString())
    }
    return environment
  }
}
