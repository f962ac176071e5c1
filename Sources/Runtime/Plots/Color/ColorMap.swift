/// Turns numbers into colors, in 256 steps.
///
/// The sequential maps are perceptually uniform, so that equal differences of the data look equal, and safe for
/// color-blind readers. Sources: viridis and magma, S. van der Walt and N. Smith, 2015 (CC0); cividis, J. Nuñez,
/// C. Anderton and R. Renslow, 2018.
public struct ColorMap: Sendable, Equatable {
  /// The colors from the lowest to the highest value.
  public let colors: [Color]
  /// Whether the middle is a neutral color that stands for a reference value.
  public let isDiverging: Bool

  /// Makes a map that runs evenly through some colors.
  ///
  /// - Parameters:
  ///   - stops: at least one color, at equal distances.
  ///   - isDiverging: whether the middle stands for a reference value.
  public init(_ stops: [Color], isDiverging: Bool = false) {
    precondition(!stops.isEmpty, "ColorMap needs at least one color")
    let points = stops.map { OKLab($0) }
    colors = (0..<256).map { step in
      let position = Double(step) / 255 * Double(points.count - 1)
      let index = min(Int(position), max(points.count - 2, 0))
      let next = min(index + 1, points.count - 1)
      return OKLab(points[index], points[next], at: position - Double(index)).color
    }
    self.isDiverging = isDiverging
  }

  /// Purple over green to yellow.
  public static let viridis = ColorMap(
    table: "440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e"
      + "21918c1f978b1f9f8821a68527ad8131b57b3dbc744cc26c5cc8636ece5881d34d95d840aadc32c0df25d5e21aeae51afde725"
  )
  /// Black over purple to pale yellow.
  public static let magma = ColorMap(
    table: "0000040303120a0822130d341d114729115a36106b440f7651127c5d177f6a1c81762181832681902a819c2e7faa337d"
      + "b73779c23b75cf4070db476ae55064ee5b5ef4695cf9785dfb8761fd9668fea571feb47bfec287fed194fde0a1fceeb0fcfdbf"
  )
  /// Blue to yellow, the same for readers with and without color vision deficiency.
  public static let cividis = ColorMap(
    table: "00224e00285b002e6a0533711a386f273e6e32436d3b496c434e6c4b546c535a6d5a5f6e61656f686a716f7073767676"
      + "7d7c788381798b8778928d789a9376a29975aaa073b3a670bbad6dc3b369ccba64d4c15fddc858e6d051efd748f8df3cfee838"
  )
  /// White to black, for samples of pictures.
  public static let greys = ColorMap([Color(0xffffff), Color(0x000000)])
  /// Blue over near-white to brown, for signed values: the middle is zero.
  public static let diverging = ColorMap(
    [
      Color(0x0a2f55), Color(0x1d5f99), Color(0x5b9bca), Color(0xb5d3e7), Color(0xf6f6f4), Color(0xf2c6a5),
      Color(0xdc8a4e), Color(0xae4d0e), Color(0x5c2400),
    ],
    isDiverging: true
  )

  /// The same map from high to low.
  public var reversed: ColorMap { ColorMap(exact: colors.reversed(), isDiverging: isDiverging) }

  /// The color of a share 0…1; shares outside are cut, NaN is the color of the page.
  public func callAsFunction(_ share: Double) -> Color {
    guard !share.isNaN else { return .background }
    return colors[Int((min(max(share, 0), 1) * 255).rounded())]
  }

  private init(exact colors: [Color], isDiverging: Bool) {
    self.colors = colors
    self.isDiverging = isDiverging
  }

  /// Published maps are given as evenly spaced sRGB points, near enough to each other for straight lines between them.
  private init(table: String) {
    let digits = table.compactMap(\.hexDigitValue)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { Double(16 * digits[$0] + digits[$0 + 1]) }
    let points = stride(from: 0, to: bytes.count - 2, by: 3).map { Array(bytes[$0..<$0 + 3]) }
    let steps = (0..<256).map { step -> Color in
      let position = Double(step) / 255 * Double(points.count - 1)
      let index = min(Int(position), points.count - 2)
      let parts = (0..<3).map { channel -> UInt8 in
        let low = points[index][channel]
        return UInt8((low + (position - Double(index)) * (points[index + 1][channel] - low)).rounded())
      }
      return Color(red: parts[0], green: parts[1], blue: parts[2])
    }
    self.init(exact: steps, isDiverging: false)
  }
}
