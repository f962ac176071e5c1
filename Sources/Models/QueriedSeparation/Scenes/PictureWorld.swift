public import Tensors

/// Small pictures and captions of the classes that can be asked for; no sound is in them.
///
/// A class is a fixed binary glyph of 6 × 6 in one colour; a picture shows it somewhere within 8 × 8, in noise.
public struct PictureWorld: Sendable {
  /// Words for each class, in the order of `SceneClasses.onScreen`.
  public static let names = [
    ["organ", "harmonium", "accordion"], ["flute", "piccolo", "recorder"], ["guitar", "harp", "banjo"],
    ["bird", "songbird", "sparrow"], ["cricket", "grasshopper", "cicada"], ["frog", "toad", "bullfrog"],
    ["engine", "motor", "tractor"], ["alarm", "siren", "smoke detector"],
  ]
  /// Values of a picture: 3 channels of 8 × 8.
  public static let pixels = 192
  static let templates = [
    "a photo of a", "a picture of a", "an image showing a", "this is a", "a close view of one",
  ]
  static let adjectives = ["small", "large", "old", "new", "bright", "dark", "clean", "dirty"]

  private let glyphs: [[Bool]]
  private let colors: [[Double]]

  /// Draws the glyphs and colours.
  public init(seed: UInt64) {
    var random = RandomStream(seed: seed)
    glyphs = Self.names.map { _ in (0..<36).map { _ in random.uniform() < 0.45 } }
    colors = Self.names.map { _ in (0..<3).map { _ in 0.2 + 0.8 * random.uniform() } }
  }

  /// A picture of a class.
  ///
  /// - Parameters:
  ///   - index: number of the class.
  ///   - random: place, colour and noise.
  /// - Returns: `[3 · 8 · 8]`: channels, rows, columns.
  public func picture(_ index: Int, _ random: inout RandomStream) -> [Float] {
    let (top, left) = (random.integer(in: 0..<3), random.integer(in: 0..<3))
    let color = colors[index].map { $0 * (0.75 + 0.5 * random.uniform()) }
    var values = random.normal([Self.pixels], deviation: 0.25).values
    for place in 0..<36 where glyphs[index][place] {
      let pixel = (top + place / 6) * 8 + left + place % 6
      for channel in 0..<3 { values[channel * 64 + pixel] += Float(color[channel]) }
    }
    return values
  }

  /// A caption of a class: one of five templates with one of three names, an adjective before it half the time.
  public func caption(_ index: Int, _ random: inout RandomStream) -> String {
    let names = Self.names[index]
    var name = names[random.integer(in: 0..<names.count)]
    if random.uniform() < 0.5 { name = Self.adjectives[random.integer(in: 0..<Self.adjectives.count)] + " " + name }
    return Self.templates[random.integer(in: 0..<Self.templates.count)] + " " + name
  }

  /// All words of all captions in alphabetical order.
  public static var vocabulary: [String] {
    let texts = templates + adjectives + names.flatMap { $0 }
    return Set(texts.flatMap { $0.split(separator: " ").map(String.init) }).sorted()
  }
}
