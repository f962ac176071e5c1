internal import Display

/// Something that does not follow the protocol between kernel and runner.
struct WireFault: Error, Sendable {
  var reason: String
}

/// What the kernel sends; the layout is that of Sources/Runner/Kernel.
enum KernelFrame: Sendable {
  case ready(missingProtections: [String])
  case message(Message)
  case standardOutput([UInt8])
  case standardError([UInt8])
  /// Bytes of output beyond the limit that were dropped.
  case cut(Int)
  case done(KernelReport)
  case fatal(String)

  /// Largest payload that is believed.
  private static let largestPayload = 1 << 30

  /// Takes the first complete frame off a buffer; nil when there is none yet.
  static func take(from buffer: inout [UInt8]) throws(WireFault) -> KernelFrame? {
    guard buffer.count >= 5 else { return nil }
    let size = (1...4).reduce(0) { $0 | Int(buffer[$1]) << (8 * ($1 - 1)) }
    guard size <= largestPayload else { throw WireFault(reason: "a payload of \(size) bytes") }
    guard buffer.count >= 5 + size else { return nil }
    let kind = buffer[0]
    let payload = Array(buffer[5..<5 + size])
    buffer.removeFirst(5 + size)
    return try KernelFrame(kind: kind, payload: payload)
  }

  private init(kind: UInt8, payload: [UInt8]) throws(WireFault) {
    switch kind {
    case UInt8(ascii: "R"):
      let names = String(decoding: payload, as: UTF8.self).split(separator: ",").map(String.init)
      self = .ready(missingProtections: names)
    case UInt8(ascii: "M"):
      do {
        self = .message(try Message(decoding: payload))
      } catch {
        throw WireFault(reason: error.description)
      }
    case UInt8(ascii: "O"): self = .standardOutput(payload)
    case UInt8(ascii: "E"): self = .standardError(payload)
    case UInt8(ascii: "C"): self = .cut(payload.reversed().reduce(0) { $0 << 8 | Int($1) })
    case UInt8(ascii: "D"): self = .done(try KernelReport(payload))
    case UInt8(ascii: "F"): self = .fatal(String(decoding: payload, as: UTF8.self))
    default: throw WireFault(reason: "a frame of kind \(kind)")
    }
  }
}

/// How a cell ended.
struct KernelReport: Sendable {
  enum Outcome: UInt8, Sendable {
    case success
    case error
    case trap
    case exit
    case interrupt
    case load
  }

  struct Frame: Sendable {
    var offset: Int
    var library: String
  }

  var outcome: Outcome
  /// Number of the signal, or exit code.
  var detail: Int32
  var wall: Double
  var processor: Double
  /// The most memory that the kernel held up to then, in bytes.
  var peakMemory: Int
  /// Innermost first.
  var frames: [Frame]

  init(_ payload: [UInt8]) throws(WireFault) {
    var position = 0
    func number(_ size: Int) throws(WireFault) -> UInt64 {
      guard position + size <= payload.count else { throw WireFault(reason: "a report that ends early") }
      defer { position += size }
      return (0..<size).reduce(0) { $0 | UInt64(payload[position + $1]) << UInt64(8 * $1) }
    }
    guard let outcome = Outcome(rawValue: UInt8(try number(1))) else { throw WireFault(reason: "an unknown outcome") }
    self.outcome = outcome
    detail = Int32(truncatingIfNeeded: try number(4))
    wall = Double(try number(8)) / 1e9
    processor = Double(try number(8)) / 1e9
    peakMemory = Int(clamping: try number(8))
    frames = []
    for _ in 0..<min(try number(4), 64) {
      let offset = Int(truncatingIfNeeded: try number(8))
      let size = Int(try number(4))
      guard size <= payload.count - position else { throw WireFault(reason: "a report that ends early") }
      frames.append(
        Frame(offset: offset, library: String(decoding: payload[position..<position + size], as: UTF8.self))
      )
      position += size
    }
  }
}
