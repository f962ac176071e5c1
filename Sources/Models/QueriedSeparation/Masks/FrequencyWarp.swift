internal import Glibc
public import Tensors

/// The change between rows of equal width and rows that widen with frequency, by linear interpolation.
///
/// Source: Dong and others, "CLIPSep", 2023; the reference samples a grid with aligned corners, here it is one matrix product.
public struct FrequencyWarp: Sendable {
  /// Rows of equal width.
  public let bins: Int
  /// Rows that widen with frequency.
  public let rows: Int
  private let forward: Tensor<Float>
  private let backward: Tensor<Float>

  /// Prepares both matrices.
  ///
  /// - Parameters:
  ///   - bins: rows of equal width, 2 or more.
  ///   - rows: warped rows, 2 or more.
  public init(bins: Int, rows: Int) {
    precondition(bins > 1 && rows > 1, "FrequencyWarp: \(bins) bins and \(rows) rows must be 2 or more")
    (self.bins, self.rows) = (bins, rows)
    forward = Self.matrix(Self.sources(rows: rows), of: bins)
    backward = Self.matrix(Self.inverseSources(bins: bins), of: rows)
  }

  /// Where each warped row looks, from -1 (lowest bin) to 1: (21^((y + 1) / 2) - 11) / 10.
  public static func sources(rows: Int) -> [Double] { line(rows).map { (pow(21, ($0 + 1) / 2) - 11) / 10 } }

  /// Where each bin looks on the way back: 2 ln(10 y + 11) / ln 21 - 1.
  public static func inverseSources(bins: Int) -> [Double] { line(bins).map { 2 * log(10 * $0 + 11) / log(21) - 1 } }

  /// Warped rows, `[…, bins, frames]` to `[…, rows, frames]`.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { forward.matmul(x) }

  /// Rows of equal width again, `[…, rows, frames]` to `[…, bins, frames]`.
  public func inverse(_ x: Tensor<Float>) -> Tensor<Float> { backward.matmul(x) }

  private static func line(_ count: Int) -> [Double] { (0..<count).map { 2 * Double($0) / Double(count - 1) - 1 } }

  /// The matrix that reads `count` rows at places from -1 to 1, `[places, count]`.
  private static func matrix(_ places: [Double], of count: Int) -> Tensor<Float> {
    var values = [Float](repeating: 0, count: places.count * count)
    for (row, place) in places.enumerated() {
      let position = min(max((place + 1) / 2 * Double(count - 1), 0), Double(count - 1))
      let low = min(Int(position), count - 2)
      let share = Float(position - Double(low))
      values[row * count + low] = 1 - share
      values[row * count + low + 1] = share
    }
    return Tensor(values, shape: [places.count, count])
  }
}
