internal import Display

/// Writes a display list as SVG with real text: no script, no external reference, equal lists give equal bytes.
package struct SVGWriter {
  private let list: DisplayList
  private var body = ""
  private var clipCount = 0
  private var usedRoles: Set<Usage> = []
  /// Stands for the prefix of ids until the content, and so the prefix, is known.
  private static let prefixMark = "\u{1}"

  private struct Usage: Hashable {
    var role: Color.Role
    var isStroke: Bool

    var className: String { (isStroke ? "s-" : "f-") + role.rawValue }
    var rule: String {
      ".offprint-figure .\(className){\(isStroke ? "stroke" : "fill"):var(--figure-\(role.rawValue))}"
    }
  }

  /// The SVG source of a list.
  ///
  /// - Parameters:
  ///   - list: what is drawn.
  ///   - title: short name, shown when the pointer rests on the figure.
  ///   - description: the text for readers who cannot see it.
  /// - Returns: a whole SVG file.
  package static func write(_ list: DisplayList, title: String, description: String) -> String {
    var writer = SVGWriter(list: list)
    for command in list.commands { writer.write(command) }
    return writer.document(title: title, description: description)
  }

  private init(list: DisplayList) { self.list = list }

  private func document(title: String, description: String) -> String {
    let size = SVGNumber.text(list.width) + " " + SVGNumber.text(list.height)
    let prefix = "f" + Self.fingerprint(body + title + description)
    let rules = usedRoles.map(\.rule).sorted().joined()
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"offprint-figure\" width=\"\(SVGNumber.text(list.width))\" "
      + "height=\"\(SVGNumber.text(list.height))\" viewBox=\"0 0 \(size)\" role=\"img\" "
      + "aria-labelledby=\"\(prefix)t \(prefix)d\" font-family=\"system-ui,-apple-system,'Segoe UI',Inter,Roboto,"
      + "'DejaVu Sans',sans-serif\">\n"
      + "<title id=\"\(prefix)t\">\(Self.escape(title))</title>\n"
      + "<desc id=\"\(prefix)d\">\(Self.escape(description))</desc>\n"
      + "<style>\(FigurePalette.light.css)\(rules)</style>\n"
    return head + body.replacing(Self.prefixMark, with: prefix) + "</svg>\n"
  }

  private mutating func write(_ command: DisplayList.Command) {
    switch command {
    case .path(let path, let fill, let stroke): write(path, fill: fill, stroke: stroke)
    case .markers(let marker, let points, let radius, let fill): write(marker, at: points, radius: radius, fill: fill)
    case .text(let item): write(item)
    case .image(let raster, let rect, let smooth): write(raster, in: rect, smooth: smooth)
    case .beginClip(let rect):
      let id = "\(Self.prefixMark)c\(clipCount)"
      clipCount += 1
      body += "<clipPath id=\"\(id)\"><rect \(Self.box(rect))/></clipPath><g clip-path=\"url(#\(id))\">\n"
    case .endClip: body += "</g>\n"
    }
  }

  private mutating func write(_ path: Path, fill: Color?, stroke: Stroke?) {
    let data = path.subpaths.map { SVGNumber.path($0, isClosed: path.isClosed) }.joined()
    guard !data.isEmpty else { return }
    body += "<path d=\"\(data)\"" + paint(fill: fill, stroke: stroke?.color)
    if let stroke {
      if stroke.width != 1 { body += " stroke-width=\"\(SVGNumber.text(stroke.width))\"" }
      if !stroke.dash.isEmpty {
        body += " stroke-dasharray=\"\(stroke.dash.map(SVGNumber.text).joined(separator: " "))\""
      }
      body += " stroke-linejoin=\"round\""
    }
    body += "/>\n"
  }

  /// All markers of one look are one path: a few bytes for each point and no reference to follow.
  private mutating func write(_ marker: Marker, at points: [Point], radius: Double, fill: Color) {
    guard !points.isEmpty else { return }
    let r = SVGNumber.text(radius)
    let data = points.map { point -> String in
      guard !marker.corners.isEmpty else {
        let start = SVGNumber.text(point.x - radius) + " " + SVGNumber.text(point.y)
        let across = SVGNumber.text(2 * radius)
        return "M\(start)a\(r) \(r) 0 1 0 \(across) 0a\(r) \(r) 0 1 0-\(across) 0"
      }
      let corners = marker.corners.map { Point(point.x + radius * $0.x, point.y + radius * $0.y) }
      return SVGNumber.path(corners, isClosed: true)
    }
    body += "<path d=\"\(data.joined())\"" + paint(fill: fill, stroke: nil) + "/>\n"
  }

  private mutating func write(_ item: TextItem) {
    let (x, y) = (SVGNumber.text(item.position.x), SVGNumber.text(item.position.y))
    body += "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(SVGNumber.text(item.size))\""
    if item.anchor != .start { body += " text-anchor=\"\(item.anchor.rawValue)\"" }
    if item.weight == .semibold { body += " font-weight=\"600\"" }
    if item.angle != 0 { body += " transform=\"rotate(\(SVGNumber.text(item.angle)) \(x) \(y))\"" }
    body += paint(fill: item.color, stroke: item.hasHalo ? .background : nil)
    if item.hasHalo { body += " stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\"" }
    body += ">\(Self.escape(item.text))</text>\n"
  }

  private mutating func write(_ raster: Raster, in rect: Rect, smooth: Bool) {
    guard let png = try? PNG.encode(raster) else { return }
    body += "<image \(Self.box(rect)) preserveAspectRatio=\"none\""
    if !smooth { body += " style=\"image-rendering:pixelated\"" }
    body += " href=\"data:image/png;base64,\(Base64.encode(png))\"/>\n"
  }

  /// The attributes of fill and stroke.
  ///
  /// Colors of the page's mode are given twice: as a class for browsers, and as the
  /// light color for programs that know no custom properties.
  private mutating func paint(fill: Color?, stroke: Color?) -> String {
    var classes: [String] = []
    var text = fill == nil ? " fill=\"none\"" : ""
    for (color, isStroke) in [(fill, false), (stroke, true)] {
      guard let color else { continue }
      let name = isStroke ? "stroke" : "fill"
      text += " \(name)=\"\(color.hex)\""
      if color.opacity < 1 { text += " \(name)-opacity=\"\(SVGNumber.text(color.opacity))\"" }
      if let role = color.role {
        let usage = Usage(role: role, isStroke: isStroke)
        usedRoles.insert(usage)
        classes.append(usage.className)
      }
    }
    return (classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\"") + text
  }

  private static func box(_ rect: Rect) -> String {
    "x=\"\(SVGNumber.text(rect.x))\" y=\"\(SVGNumber.text(rect.y))\" width=\"\(SVGNumber.text(rect.width))\" "
      + "height=\"\(SVGNumber.text(rect.height))\""
  }

  /// Text as XML content; control characters, which XML forbids, are left out.
  package static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n": result += " "
      case "\u{0}"..<"\u{20}", "\u{fffe}", "\u{ffff}": break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Eight hexadecimal digits of the FNV-1a hash: ids of two figures on one page differ.
  private static func fingerprint(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String((hash >> 32) ^ (hash & 0xffff_ffff), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
