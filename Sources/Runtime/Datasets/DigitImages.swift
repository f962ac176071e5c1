#if canImport(Glibc)
  internal import Glibc
#endif

/// Small grey pictures of single digits with their classes.
public struct DigitImages: Sendable, Equatable {
  /// Width and height of a picture.
  public static let side = 8
  /// Grey values in 0…1, picture after picture and row after row, `[count × 64]`.
  public let pixels: [Double]
  /// The digit on each picture, in 0…9.
  public let labels: [Int]

  /// Number of pictures.
  public var count: Int { labels.count }

  private init(pixels: [Double], labels: [Int]) { (self.pixels, self.labels) = (pixels, labels) }

  /// Reads lines of 64 whole numbers in 0…16 and the digit, separated by commas, without a header.
  ///
  /// - Throws: `DatasetError.malformed`.
  public init(csv bytes: [UInt8]) throws(DatasetError) {
    let area = Self.side * Self.side
    var (pixels, labels): ([Double], [Int]) = ([], [])
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        .map { Int(String(decoding: $0, as: UTF8.self)) }
      let values = fields.compactMap { $0 }
      guard fields.count == area + 1, values.count == area + 1, values[..<area].allSatisfy({ (0...16).contains($0) }),
        (0...9).contains(values[area])
      else {
        let reason = "expected 64 whole numbers in 0…16 and a digit"
        throw .malformed(format: "table of digits", line: number + 1, reason: reason)
      }
      pixels += values[..<area].map { Double($0) / 16 }
      labels.append(values[area])
    }
    self.init(pixels: pixels, labels: labels)
  }

  /// The handwritten digits of `Dataset.smallTables`, from the table as unpacked by the caller.
  ///
  /// - Parameter unpack: gives the bytes of a gzip file.
  /// - Returns: the pictures.
  /// - Throws: what finding, unpacking or reading the table throws.
  public static func handwritten(unpack: ([UInt8]) throws -> [UInt8]) throws -> DigitImages {
    try DigitImages(csv: unpack(Dataset.smallTables.locate().bytes("digits.csv.gz")))
  }

  /// Pictures made by a stroke model, for where the handwritten ones are not at hand.
  ///
  /// Each digit is a line drawing that is turned, slanted, stretched, shifted and bent at its corners by chance, and drawn with a pen of chance
  /// width. The digits come in turn, so that all are about equally many.
  ///
  /// - Parameters:
  ///   - count: how many pictures.
  ///   - random: source of random numbers.
  /// - Returns: the pictures.
  public static func drawn(_ count: Int, using random: inout some RandomNumberGenerator) -> DigitImages {
    var pixels: [Double] = []
    for index in 0..<count { pixels += StrokeDigit(index % 10, &random).picture(side: side) }
    return DigitImages(pixels: pixels, labels: (0..<count).map { $0 % 10 })
  }
}

/// A line drawing of a digit in a box of -1…1.
private struct StrokeDigit {
  private var strokes: [[(x: Double, y: Double)]]
  private let pen: Double

  /// Corners of each digit's strokes, as pairs of tenths; y points down.
  private static let forms: [[[(Int, Int)]]] = [
    [[(0, -8), (5, -4), (5, 4), (0, 8), (-5, 4), (-5, -4), (0, -8)]],
    [[(-3, -5), (1, -8), (1, 8)]],
    [[(-5, -5), (0, -8), (5, -5), (3, 0), (-5, 8), (5, 8)]],
    [[(-4, -8), (4, -7), (4, -2), (0, 0), (5, 3), (3, 8), (-4, 7)]],
    [[(2, 8), (2, -8), (-5, 3), (5, 3)]],
    [[(5, -8), (-4, -8), (-4, -1), (2, -2), (5, 3), (2, 8), (-5, 7)]],
    [[(3, -8), (-3, -3), (-5, 4), (0, 8), (5, 4), (2, 0), (-4, 3)]],
    [[(-5, -8), (5, -8), (-1, 8)], [(-3, 0), (4, 0)]],
    [[(0, 0), (-5, -4), (0, -8), (5, -4), (0, 0), (-5, 4), (0, 8), (5, 4), (0, 0)]],
    [[(4, -3), (0, 0), (-4, -4), (0, -8), (4, -5), (4, 0), (1, 8)]],
  ]

  init(_ digit: Int, _ random: inout some RandomNumberGenerator) {
    func draw(_ width: Double, _ random: inout some RandomNumberGenerator) -> Double {
      Double.random(in: -width...width, using: &random)
    }
    let (angle, slant) = (draw(0.2, &random), draw(0.25, &random))
    let (width, height) = (1 + draw(0.2, &random), 1 + draw(0.12, &random))
    let (right, down) = (draw(0.15, &random), draw(0.1, &random))
    strokes = []
    for form in Self.forms[digit] {
      var stroke: [(x: Double, y: Double)] = []
      for corner in form {
        let x = (Double(corner.0) / 10 + draw(0.09, &random)) * width
        let y = (Double(corner.1) / 10 + draw(0.09, &random)) * height
        let leaning = x - slant * y
        stroke.append((cos(angle) * leaning - sin(angle) * y + right, sin(angle) * leaning + cos(angle) * y + down))
      }
      strokes.append(stroke)
    }
    pen = 0.17 + draw(0.06, &random)
  }

  /// Coverage of each pixel, row by row.
  func picture(side: Int) -> [Double] {
    let pixel = 2 / Double(side)
    return (0..<side * side).map { place in
      let x = -1 + (Double(place % side) + 0.5) * pixel
      let y = -1 + (Double(place / side) + 0.5) * pixel
      // A pixel fades out over its own width at the edge of the pen.
      let shade = min(max((pen + pixel / 2 - distance(x, y)) / pixel, 0), 1)
      return (16 * shade).rounded() / 16
    }
  }

  private func distance(_ x: Double, _ y: Double) -> Double {
    var least = Double.infinity
    for stroke in strokes {
      for (a, b) in zip(stroke, stroke.dropFirst()) {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let share = min(max(((x - a.x) * dx + (y - a.y) * dy) / max(dx * dx + dy * dy, 1e-12), 0), 1)
        least = min(least, hypot(x - a.x - share * dx, y - a.y - share * dy))
      }
    }
    return least
  }
}
