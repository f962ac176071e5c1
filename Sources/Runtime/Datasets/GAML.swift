/// Measured traces in the Generalized Analytical Markup Language, version 1.
public struct GAML: Sendable, Equatable {
  /// A peak that the instrument's own software found.
  public struct Peak: Sendable, Equatable {
    /// Name of the substance; empty where none was assigned.
    public var name: String
    /// Place of the top, in units of x.
    public var x: Double
    /// Signal at the top.
    public var y: Double

    /// Makes a peak.
    public init(name: String, x: Double, y: Double) {
      self.name = name
      self.x = x
      self.y = y
    }
  }

  /// One measured curve.
  public struct Trace: Sendable, Equatable {
    /// Name of the trace.
    public var name: String
    /// Units of x, as the file writes them.
    public var xUnits: String
    /// Abscissae, `[n]`.
    public var x: [Double]
    /// Signal, `[n]`.
    public var y: [Double]
    /// The vendor's peaks.
    public var peaks: [Peak]
  }

  /// The traces that hold values.
  public var traces: [Trace]

  /// Reads a file's bytes.
  ///
  /// - Throws: `DatasetError.malformed` for broken XML or base64, unknown formats, or counts that do not agree.
  public init(_ bytes: [UInt8]) throws(DatasetError) {
    let root = try XMLElement(parsing: bytes)
    guard root.name == "GAML" else {
      throw .malformed(format: "GAML", line: root.line, reason: "root element is <\(root.name)>")
    }
    traces = []
    for experiment in root.all("experiment") {
      for trace in experiment.all("trace") {
        for abscissa in trace.all("Xdata") { traces.append(try Self.trace(trace, abscissa)) }
      }
    }
    guard !traces.isEmpty else { throw .malformed(format: "GAML", line: root.line, reason: "no trace with values") }
  }

  private static func trace(_ trace: XMLElement, _ abscissa: XMLElement) throws(DatasetError) -> Trace {
    guard let ordinate = abscissa.first("Ydata"), let xValues = abscissa.first("values"),
      let yValues = ordinate.first("values")
    else { throw .malformed(format: "GAML", line: abscissa.line, reason: "a trace needs values of x and y") }
    let x = try numbers(xValues)
    let y = try numbers(yValues)
    guard x.count == y.count else {
      throw .malformed(format: "GAML", line: abscissa.line, reason: "\(x.count) values of x and \(y.count) of y")
    }
    var peaks: [Peak] = []
    for peak in ordinate.first("peaktable")?.all("peak") ?? [] {
      guard let place = number(peak, "peakXvalue"), let height = number(peak, "peakYvalue") else {
        throw .malformed(format: "GAML", line: peak.line, reason: "a peak needs numbers in peakXvalue and peakYvalue")
      }
      peaks.append(Peak(name: peak.attributes["name"] ?? "", x: place, y: height))
    }
    return Trace(
      name: trace.attributes["name"] ?? "",
      xUnits: abscissa.attributes["units"] ?? "",
      x: x,
      y: y,
      peaks: peaks
    )
  }

  private static func number(_ element: XMLElement, _ name: String) -> Double? {
    element.first(name).flatMap { Double($0.text) }
  }

  private static func numbers(_ element: XMLElement) throws(DatasetError) -> [Double] {
    let format = element.attributes["format"] ?? ""
    guard element.attributes["byteorder"] == "INTEL", let size = ["FLOAT32": 4, "FLOAT64": 8][format] else {
      throw .malformed(
        format: "GAML",
        line: element.line,
        reason: "values must be FLOAT32 or FLOAT64 in INTEL byte order"
      )
    }
    let bytes = try Base64.decode(element)
    guard bytes.count % size == 0, Int(element.attributes["numvalues"] ?? "") == bytes.count / size else {
      throw .malformed(
        format: "GAML",
        line: element.line,
        reason: "\(bytes.count) bytes for \(element.attributes["numvalues"] ?? "an unknown number of") \(format) values"
      )
    }
    return stride(from: 0, to: bytes.count, by: size).map { start in
      let bits = (0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
      return size == 4 ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits)
    }
  }
}

/// Base64 of RFC 4648, white space between characters allowed.
enum Base64 {
  static func decode(_ element: XMLElement) throws(DatasetError) -> [UInt8] {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for character in element.text.utf8 where character > 0x20 {
      if character == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(character) else {
        throw .malformed(format: "base64", line: element.line, reason: "a character that does not belong there")
      }
      bits = bits << 6 | value
      count += 1
      if count % 4 == 0 {
        for shift in [16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
      }
    }
    switch (count % 4, padding) {
    case (0, 0): break
    case (2, 2): bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
    case (3, 1):
      bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
    default:
      throw .malformed(format: "base64", line: element.line, reason: "\(count) characters, \(padding) of padding")
    }
    return bytes
  }

  private static func value(_ character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
