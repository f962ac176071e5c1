/// Numbers of an SVG file: hundredths of a pixel, written as short as they can be.
enum SVGNumber {
  static func hundredths(_ value: Double) -> Int {
    // Far outside the picture nothing is seen; the limit keeps the conversion defined.
    Int((min(max(value, -1e9), 1e9) * 100).rounded())
  }

  static func text(_ value: Double) -> String { text(hundredths: hundredths(value)) }

  static func text(hundredths value: Int) -> String {
    let (whole, part) = value.magnitude.quotientAndRemainder(dividingBy: 100)
    let sign = value < 0 ? "-" : ""
    guard part != 0 else { return sign + String(whole) }
    let tail = part % 10 == 0 ? String(part / 10) : (part < 10 ? "0" : "") + String(part)
    return sign + (whole == 0 ? "" : String(whole)) + "." + tail
  }

  /// Path data through points: relative steps between rounded places, so that errors do not add up.
  static func path(_ points: [Point], isClosed: Bool) -> String {
    guard let first = points.first else { return "" }
    var (x, y) = (hundredths(first.x), hundredths(first.y))
    var data = "M" + text(hundredths: x) + separated(y)
    var isFirstStep = true
    for point in points.dropFirst() {
      let (nextX, nextY) = (hundredths(point.x), hundredths(point.y))
      guard nextX != x || nextY != y else { continue }
      data += isFirstStep ? "l" + text(hundredths: nextX - x) : separated(nextX - x)
      data += separated(nextY - y)
      (x, y) = (nextX, nextY)
      isFirstStep = false
    }
    return data + (isClosed ? "Z" : "")
  }

  /// A number after another one: a minus sign separates by itself.
  static func separated(_ hundredths: Int) -> String {
    (hundredths < 0 ? "" : " ") + text(hundredths: hundredths)
  }
}
