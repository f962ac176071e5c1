internal import Tensors
internal import CFourier

extension Float: FourierScalar {
  /// Plans made so far, by length.
  public static let plans = PlanCache<Float>()

  /// One Stockham pass.
  public static func pass(
    radix: Int,
    from xr: Source,
    _ xi: Source,
    to yr: Target,
    _ yi: Target,
    m: Int,
    lanes: Int,
    wr: Source,
    wi: Source
  ) {
    let status = ofc_pass_f32(radix, xr, xi, yr, yi, m, lanes, wr, wi)
    precondition(status == 0, "no Fourier pass of radix \(radix)")
  }

  /// Spectrum of a packed real sequence.
  public static func unpackReal(
    from zr: Source,
    _ zi: Source,
    to yr: Target,
    _ yi: Target,
    half: Int,
    lanes: Int,
    wr: Source,
    wi: Source
  ) {
    ofc_unpack_real_f32(zr, zi, yr, yi, half, lanes, wr, wi)
  }

  /// Packed form of a Hermitian spectrum.
  public static func packReal(
    from xr: Source,
    _ xi: Source,
    to zr: Target,
    _ zi: Target,
    half: Int,
    lanes: Int,
    wr: Source,
    wi: Source
  ) {
    ofc_pack_real_f32(xr, xi, zr, zi, half, lanes, wr, wi)
  }

  /// Elementwise product, in place.
  public static func multiply(_ ar: Target, _ ai: Target, by br: Source, _ bi: Source, count: Int) {
    ofc_multiply_f32(ar, ai, br, bi, ar, ai, count)
  }

  /// Pairs to two arrays.
  public static func split(_ pairs: Source, to re: Target, _ im: Target, count: Int) {
    ofc_split_f32(pairs, re, im, count)
  }

  /// Two arrays to pairs.
  public static func join(_ re: Source, _ im: Source, to pairs: Target, count: Int, factor: Float) {
    ofc_join_f32(re, im, pairs, count, factor)
  }

  /// Rows to lanes.
  public static func gather(_ x: Source, stride: Int, rows: Int, to y: Target, lanes: Int, count: Int) {
    ofc_gather_f32(x, stride, rows, y, lanes, count)
  }

  /// Lanes to rows.
  public static func scatter(
    _ y: Source,
    lanes: Int,
    to x: Target,
    stride: Int,
    rows: Int,
    count: Int,
    factor: Float
  ) {
    ofc_scatter_f32(y, lanes, x, stride, rows, count, factor)
  }

  /// Rows of pairs to lanes.
  public static func gatherPairs(
    _ x: Source,
    stride: Int,
    rows: Int,
    to re: Target,
    _ im: Target,
    lanes: Int,
    count: Int
  ) {
    ofc_gather_pairs_f32(x, stride, rows, re, im, lanes, count)
  }

  /// Lanes to rows of pairs.
  public static func scatterPairs(
    _ re: Source,
    _ im: Source,
    lanes: Int,
    to x: Target,
    stride: Int,
    rows: Int,
    count: Int,
    factor: Float
  ) {
    ofc_scatter_pairs_f32(re, im, lanes, x, stride, rows, count, factor)
  }

  /// Frames times a window.
  public static func windowed(_ x: Source, stride: Int, by w: Source, to y: Target, rows: Int, count: Int) {
    ofc_windowed_f32(x, stride, w, y, rows, count)
  }

  /// Frames times a window, added up.
  public static func overlapAdd(_ y: Source, by w: Source, into x: Target, stride: Int, rows: Int, count: Int) {
    ofc_overlap_add_f32(y, w, x, stride, rows, count)
  }
}
