internal import Glibc
public import Tensors

/// Small grey pictures with given labels, some of which show something else entirely.
public struct NoisyImages: Sendable, Equatable {
  /// Width and height of a picture.
  public let side: Int
  /// Grey values, picture after picture, `[count × side²]`.
  public let pixels: [Float]
  /// Labels as given, in 0..<classes.
  public let labels: [Int]
  /// Whether a picture belongs to none of the classes; for judging, and for the oracle.
  public let isForeign: [Bool]
  /// Number of classes.
  public let classes: Int

  /// Brings pictures and labels together.
  ///
  /// - Throws: `LabelNoiseError.wrongCount` or `.badLabel`.
  public init(
    side: Int,
    pixels: [Float],
    labels: [Int],
    isForeign: [Bool],
    classes: Int
  ) throws(LabelNoiseError) {
    guard pixels.count == labels.count * side * side else {
      throw .wrongCount(
        what: "pixels of \(labels.count) pictures",
        expected: labels.count * side * side,
        got: pixels.count
      )
    }
    guard isForeign.count == labels.count else {
      throw .wrongCount(what: "marks of foreign pictures", expected: labels.count, got: isForeign.count)
    }
    if let index = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
      throw .badLabel(index: index, got: labels[index], classes: classes)
    }
    (self.side, self.pixels, self.labels, self.isForeign, self.classes) = (side, pixels, labels, isForeign, classes)
  }

  /// Number of pictures.
  public var count: Int { labels.count }

  /// All pictures as a batch, `[count, 1, side, side]`.
  public var batch: Tensor<Float> { Tensor(pixels, shape: [count, 1, side, side]) }

  /// Replaces a share of the pictures by foreign ones, whose labels are drawn from all classes.
  ///
  /// - Parameters:
  ///   - share: of the pictures, in 0…1.
  ///   - foreign: pictures of no class, `[foreign × side²]`, enough of them.
  ///   - random: source of random numbers.
  /// - Returns: the pictures with the foreign ones among them.
  /// - Throws: `LabelNoiseError.badSetting` for a share outside 0…1, or `.wrongCount` where foreign pictures are too few.
  public func polluted(
    share: Double,
    by foreign: [Float],
    random: inout RandomStream
  ) throws(LabelNoiseError) -> NoisyImages {
    guard (0...1).contains(share) else {
      throw .badSetting(setting: "the share of foreign pictures", expected: "in 0...1", got: share)
    }
    let (area, wanted) = (side * side, Int((share * Double(count)).rounded()))
    guard foreign.count / area >= wanted else {
      throw .wrongCount(what: "foreign pictures", expected: wanted, got: foreign.count / area)
    }
    var (pixels, labels, isForeign) = (pixels, labels, isForeign)
    let chosen = random.permutation(foreign.count / area)
    for (number, place) in random.permutation(count).prefix(wanted).enumerated() {
      let first = chosen[number] * area
      pixels.replaceSubrange(place * area..<(place + 1) * area, with: foreign[first..<first + area])
      labels[place] = random.integer(in: 0..<classes)
      isForeign[place] = true
    }
    return try NoisyImages(side: side, pixels: pixels, labels: labels, isForeign: isForeign, classes: classes)
  }

  /// Pictures without any meaning whose power falls with frequency as that of photographs, scaled to 0…1.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - side: width and height.
  ///   - random: source of random numbers.
  /// - Returns: pixels, `[count × side²]`.
  public static func textures(_ count: Int, side: Int, random: inout RandomStream) -> [Float] {
    var result: [Float] = []
    for _ in 0..<count {
      // A part of a larger field, at a chance scale as photographs are cut at a chance distance.
      let scale = 1 + 3 * random.uniform()
      var field = [Double](repeating: 0, count: side * side)
      for vertical in -3...3 {
        for horizontal in 0...3 where horizontal > 0 || vertical > 0 {
          let frequency = Double(vertical * vertical + horizontal * horizontal).squareRoot()
          let amplitude = random.normal() / frequency
          let phase = 2 * Double.pi * random.uniform()
          for place in field.indices {
            let x = Double(place % side) / Double(side) * scale / 2
            let y = Double(place / side) / Double(side) * scale / 2
            field[place] += amplitude * cos(2 * .pi * (Double(horizontal) * x + Double(vertical) * y) + phase)
          }
        }
      }
      result += LossMixture.unitScaled(field).map { Float($0) }
    }
    return result
  }
}

/// How far a view of a picture may differ from it.
public struct ViewAugmentation: Sendable, Equatable {
  /// Largest turn, rad.
  public var rotation: Double
  /// Largest change of size, as a share.
  public var scale: Double
  /// Largest shift, in half-widths.
  public var shift: Double
  /// Largest change of brightness, as a share.
  public var gain: Double
  /// Standard deviation of added noise.
  public var noise: Double

  /// Small changes.
  public static let weak = ViewAugmentation(rotation: 0.1, scale: 0.05, shift: 0.15, gain: 0, noise: 0)
  /// Large changes, which leave a digit readable.
  public static let strong = ViewAugmentation(rotation: 0.3, scale: 0.2, shift: 0.3, gain: 0.3, noise: 0.08)

  /// Names the largest changes.
  public init(rotation: Double, scale: Double, shift: Double, gain: Double, noise: Double) {
    (self.rotation, self.scale, self.shift, self.gain, self.noise) = (rotation, scale, shift, gain, noise)
  }

  /// Views of some pictures, each with changes of its own, `[places, 1, side, side]`.
  public func views(_ images: NoisyImages, _ places: [Int], random: inout RandomStream) -> Tensor<Float> {
    let (side, area) = (images.side, images.side * images.side)
    let draws = random.uniform([max(places.count, 1), 5], in: -1..<1, of: Double.self).values
    var result = [Float](repeating: 0, count: places.count * area)
    for (row, place) in places.enumerated() {
      let own = Array(draws[row * 5..<row * 5 + 5])
      let (angle, size) = (rotation * own[0], 1 + scale * own[1])
      let (a, b) = (cos(angle) / size, sin(angle) / size)
      let half = Double(side) / 2
      let brightness = Float(1 + gain * own[4])
      for pixel in 0..<area {
        let x = (Double(pixel % side) + 0.5) / half - 1 - shift * own[2]
        let y = (Double(pixel / side) + 0.5) / half - 1 - shift * own[3]
        let value = Self.sample(
          images.pixels,
          place * area,
          side,
          (a * x + b * y + 1) * half - 0.5,
          (a * y - b * x + 1) * half - 0.5
        )
        result[row * area + pixel] = brightness * value
      }
    }
    let views = Tensor(result, shape: [places.count, 1, side, side])
    return noise > 0 ? views + random.normal(views.shape, deviation: noise) : views
  }

  /// Bilinear value between pixels, zero outside.
  private static func sample(_ pixels: [Float], _ first: Int, _ side: Int, _ x: Double, _ y: Double) -> Float {
    let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (dx, dy) = (Float(x - Double(left)), Float(y - Double(top)))
    var sum: Float = 0
    for (row, weightY) in [(top, 1 - dy), (top + 1, dy)] where row >= 0 && row < side {
      for (column, weightX) in [(left, 1 - dx), (left + 1, dx)] where column >= 0 && column < side {
        sum += weightX * weightY * pixels[first + row * side + column]
      }
    }
    return sum
  }
}
