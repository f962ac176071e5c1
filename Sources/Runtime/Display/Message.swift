/// What the runtime tells the runner while a cell runs; one framed message each.
public enum Message: Sendable, Equatable {
  /// The cell shows something.
  case output(Output)
  /// Something that should be shown could not be drawn.
  case displayFailure(message: String, line: Int)
  /// A long computation has come this far, 0…1.
  case progress(fraction: Double, label: String)
  /// The value of an inline expression: how it reads, and the full value for machines.
  case inlineValue(index: Int, text: String, value: String)
  /// The cell threw this error, described in words.
  case thrownError(description: String, typeName: String)
}

extension Message {
  /// The message as bytes, without the frame around it.
  public func encoded() -> [UInt8] {
    var writer = WireWriter()
    switch self {
    case .output(let output):
      writer.write(UInt8(0))
      writer.write(output)
    case .displayFailure(let message, let line):
      writer.write(UInt8(1))
      writer.write(message)
      writer.write(line)
    case .progress(let fraction, let label):
      writer.write(UInt8(2))
      writer.write(fraction)
      writer.write(label)
    case .inlineValue(let index, let text, let value):
      writer.write(UInt8(3))
      writer.write(index)
      writer.write(text)
      writer.write(value)
    case .thrownError(let description, let typeName):
      writer.write(UInt8(4))
      writer.write(description)
      writer.write(typeName)
    }
    return writer.bytes
  }

  /// Reads a message back.
  ///
  /// - Throws: `WireError` when the bytes are not a message of this version.
  public init(decoding bytes: [UInt8]) throws(WireError) {
    var reader = WireReader(bytes)
    switch try reader.readByte() {
    case 0: self = .output(try reader.readOutput())
    case 1: self = .displayFailure(message: try reader.readString(), line: try reader.readInt())
    case 2: self = .progress(fraction: try reader.readDouble(), label: try reader.readString())
    case 3:
      self = .inlineValue(
        index: try reader.readInt(),
        text: try reader.readString(),
        value: try reader.readString()
      )
    case 4: self = .thrownError(description: try reader.readString(), typeName: try reader.readString())
    case let tag: throw .unknownTag(tag, of: "message")
    }
    try reader.expectEnd()
  }
}
