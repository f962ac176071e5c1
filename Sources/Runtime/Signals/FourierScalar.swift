/// A scalar that the Fourier transforms work on: `Float` or `Double`.
///
/// The requirements are the kernels of the module CFourier for that scalar; nothing outside this module needs them.
public protocol FourierScalar: BinaryFloatingPoint, Sendable {
  /// Pointer to values that are read.
  typealias Source = UnsafePointer<Self>
  /// Pointer to values that are written.
  typealias Target = UnsafeMutablePointer<Self>
  /// Plans made so far, by length.
  static var plans: PlanCache<Self> { get }
  /// One Stockham pass.
  static func pass(
    radix: Int,
    from xr: Source,
    _ xi: Source,
    to yr: Target,
    _ yi: Target,
    m: Int,
    lanes: Int,
    wr: Source,
    wi: Source
  )
  /// Spectrum of a packed real sequence.
  static func unpackReal(
    from zr: Source,
    _ zi: Source,
    to yr: Target,
    _ yi: Target,
    half: Int,
    lanes: Int,
    wr: Source,
    wi: Source
  )
  /// Packed form of a Hermitian spectrum.
  static func packReal(
    from xr: Source,
    _ xi: Source,
    to zr: Target,
    _ zi: Target,
    half: Int,
    lanes: Int,
    wr: Source,
    wi: Source
  )
  /// Elementwise product, in place.
  static func multiply(_ ar: Target, _ ai: Target, by br: Source, _ bi: Source, count: Int)
  /// Pairs to two arrays.
  static func split(_ pairs: Source, to re: Target, _ im: Target, count: Int)
  /// Two arrays to pairs.
  static func join(_ re: Source, _ im: Source, to pairs: Target, count: Int, factor: Self)
  /// Rows to lanes.
  static func gather(_ x: Source, stride: Int, rows: Int, to y: Target, lanes: Int, count: Int)
  /// Lanes to rows.
  static func scatter(_ y: Source, lanes: Int, to x: Target, stride: Int, rows: Int, count: Int, factor: Self)
  /// Rows of pairs to lanes.
  static func gatherPairs(_ x: Source, stride: Int, rows: Int, to re: Target, _ im: Target, lanes: Int, count: Int)
  /// Lanes to rows of pairs.
  static func scatterPairs(
    _ re: Source,
    _ im: Source,
    lanes: Int,
    to x: Target,
    stride: Int,
    rows: Int,
    count: Int,
    factor: Self
  )
  /// Frames of a signal at a distance, times a window.
  static func windowed(_ x: Source, stride: Int, by w: Source, to y: Target, rows: Int, count: Int)
  /// Frames times a window, added into a signal at a distance.
  static func overlapAdd(_ y: Source, by w: Source, into x: Target, stride: Int, rows: Int, count: Int)
}
