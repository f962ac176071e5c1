extension WireWriter {
  /// Writes an output with its tag.
  public mutating func write(_ output: Output) {
    switch output {
    case .text(let text):
      write(UInt8(0))
      write(text)
    case .figure(let figure):
      write(UInt8(1))
      write(figure)
    case .table(let table):
      write(UInt8(2))
      write(table)
    case .picture(let picture):
      write(UInt8(3))
      write(picture.png)
      write(picture.width)
      write(picture.height)
      write(picture.altText)
      write(picture.isPixelated)
    case .audio(let audio):
      write(UInt8(4))
      write(audio)
    case .math(let tex):
      write(UInt8(5))
      write(tex)
    case .markdown(let source):
      write(UInt8(6))
      write(source)
    case .html(let source):
      write(UInt8(7))
      write(source)
    case .claim(let claim):
      write(UInt8(8))
      write(claim)
    case .group(let outputs):
      write(UInt8(9))
      write(list: outputs) { $0.write($1) }
    }
  }

  mutating func write(_ text: String?) { write(text) { $0.write($1) } }

  mutating func write(_ figure: FigureOutput) {
    write(figure.svg)
    write(figure.png)
    write(figure.darkPNG)
    write(figure.width)
    write(figure.height)
    write(figure.altText)
    write(figure.title)
    write(list: figure.data) { $0.write($1) }
    write(list: figure.unnamedAxes) { $0.write($1) }
  }

  mutating func write(_ table: TableOutput) {
    write(table.title)
    write(table.showsAllRows)
    write(list: table.columns) { $0.write($1) }
  }

  mutating func write(_ column: TableColumn) {
    write(column.name)
    write(column.unit)
    write(column.best?.rawValue)
    write(column.isRowLabel)
    switch column.format {
    case .automatic: write(UInt8(0))
    case .decimals(let digits):
      write(UInt8(1))
      write(digits)
    case .significant(let digits):
      write(UInt8(2))
      write(digits)
    case .scientific(let digits):
      write(UInt8(3))
      write(digits)
    case .percent(let digits):
      write(UInt8(4))
      write(digits)
    }
    switch column.values {
    case .numbers(let values):
      write(UInt8(0))
      write(list: values) { $0.write($1) }
    case .integers(let values):
      write(UInt8(1))
      write(list: values) { $0.write($1) }
    case .texts(let values):
      write(UInt8(2))
      write(list: values) { $0.write($1) }
    case .flags(let values):
      write(UInt8(3))
      write(list: values) { $0.write($1) }
    }
  }

  mutating func write(_ audio: AudioOutput) {
    write(audio.wav)
    write(audio.flac)
    write(audio.sampleRate)
    write(audio.channels)
    write(audio.duration)
    write(audio.title)
    write(audio.description)
    write(list: audio.views) { $0.write($1) }
    write(audio.loudness) { $0.write($1) }
  }

  mutating func write(_ claim: ClaimOutput) {
    write(claim.id)
    write(claim.statement)
    for text in [claim.source, claim.paper, claim.measured, claim.unit, claim.condition, claim.reason] { write(text) }
    write(claim.value) { $0.write($1) }
    write(claim.spread) { $0.write($1) }
    write(claim.count) { $0.write($1) }
    write(claim.verdict.rawValue)
    write(claim.line)
  }
}

extension WireReader {
  /// Reads an output.
  ///
  /// - Throws: `WireError` when the bytes are not an output.
  public mutating func readOutput() throws(WireError) -> Output {
    switch try readByte() {
    case 0: .text(try readString())
    case 1: .figure(try readFigure())
    case 2: .table(try readTable())
    case 3:
      .picture(
        PictureOutput(
          png: try readBytes(),
          width: try readInt(),
          height: try readInt(),
          altText: try readString(),
          isPixelated: try readBool()
        )
      )
    case 4: .audio(try readAudio())
    case 5: .math(try readString())
    case 6: .markdown(try readString())
    case 7: .html(try readString())
    case 8: .claim(try readClaim())
    case 9: .group(try readList { (reader) throws(WireError) in try reader.readOutput() })
    case let tag: throw .unknownTag(tag, of: "output")
    }
  }

  mutating func readOptionalString() throws(WireError) -> String? {
    try readOptional { (reader) throws(WireError) in try reader.readString() }
  }

  mutating func readFigure() throws(WireError) -> FigureOutput {
    FigureOutput(
      svg: try readString(),
      png: try readBytes(),
      darkPNG: try readBytes(),
      width: try readInt(),
      height: try readInt(),
      altText: try readString(),
      title: try readOptionalString(),
      data: try readList { (reader) throws(WireError) in try reader.readTable() },
      unnamedAxes: try readList { (reader) throws(WireError) in try reader.readString() }
    )
  }

  mutating func readTable() throws(WireError) -> TableOutput {
    let title = try readOptionalString()
    let showsAllRows = try readBool()
    let columns = try readList { (reader) throws(WireError) in try reader.readColumn() }
    return TableOutput(columns: columns, title: title, showsAllRows: showsAllRows)
  }

  mutating func readColumn() throws(WireError) -> TableColumn {
    let name = try readString()
    let unit = try readOptionalString()
    let best = try readOptionalString().map { (word) throws(WireError) -> TableColumn.Best in
      guard let best = TableColumn.Best(rawValue: word) else { throw .unknownWord(word, of: "best mark") }
      return best
    }
    let isRowLabel = try readBool()
    let format: NumberFormat
    switch try readByte() {
    case 0: format = .automatic
    case 1: format = .decimals(try readInt())
    case 2: format = .significant(try readInt())
    case 3: format = .scientific(try readInt())
    case 4: format = .percent(try readInt())
    case let tag: throw .unknownTag(tag, of: "number format")
    }
    let values: TableColumn.Values
    switch try readByte() {
    case 0: values = .numbers(try readList { (reader) throws(WireError) in try reader.readDouble() })
    case 1: values = .integers(try readList { (reader) throws(WireError) in try reader.readInt() })
    case 2: values = .texts(try readList { (reader) throws(WireError) in try reader.readOptionalString() })
    case 3: values = .flags(try readList { (reader) throws(WireError) in try reader.readBool() })
    case let tag: throw .unknownTag(tag, of: "column values")
    }
    return TableColumn(name, unit: unit, values: values, format: format, best: best, isRowLabel: isRowLabel)
  }

  mutating func readAudio() throws(WireError) -> AudioOutput {
    AudioOutput(
      wav: try readBytes(),
      flac: try readBytes(),
      sampleRate: try readInt(),
      channels: try readInt(),
      duration: try readDouble(),
      title: try readString(),
      description: try readString(),
      views: try readList { (reader) throws(WireError) in try reader.readFigure() },
      loudness: try readOptional { (reader) throws(WireError) in try reader.readDouble() }
    )
  }

  mutating func readClaim() throws(WireError) -> ClaimOutput {
    var claim = ClaimOutput(id: try readString(), statement: try readString(), verdict: .notAttempted)
    claim.source = try readOptionalString()
    claim.paper = try readOptionalString()
    claim.measured = try readOptionalString()
    claim.unit = try readOptionalString()
    claim.condition = try readOptionalString()
    claim.reason = try readOptionalString()
    claim.value = try readOptional { (reader) throws(WireError) in try reader.readDouble() }
    claim.spread = try readOptional { (reader) throws(WireError) in try reader.readDouble() }
    claim.count = try readOptional { (reader) throws(WireError) in try reader.readInt() }
    let verdict = try readString()
    guard let known = ClaimOutput.Verdict(rawValue: verdict) else { throw .unknownWord(verdict, of: "verdict") }
    claim.verdict = known
    claim.line = try readInt()
    return claim
  }
}
