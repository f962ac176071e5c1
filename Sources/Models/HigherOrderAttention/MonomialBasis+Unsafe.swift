internal import Tensors

/// All monomials of some coordinates up to a degree, each as an earlier one times one coordinate.
///
/// Building them so takes one multiplication each, and the powers of all rows lie side by side.
struct MonomialBasis: Sendable {
  /// More than this would need a quarter of a gigabyte for a block of rows.
  static let limit = 1 << 15

  /// Number of coordinates.
  let dimension: Int
  /// Number of the monomial that each one is a multiple of; -1 for the constant.
  private(set) var parents: [Int] = [-1]
  /// The coordinate that it has besides.
  private(set) var coordinates: [Int] = [0]
  /// Total degree of each.
  private(set) var degrees: [Int] = [0]
  /// |α|! / α! of each: in how many orders its factors can stand.
  private(set) var orders: [Double] = [1]

  /// Number of monomials, C(dimension + degree, degree).
  var count: Int { parents.count }

  init(dimension: Int, degree: Int) throws(KroneckerError) {
    self.dimension = dimension
    let expected = Self.count(dimension: dimension, degree: degree)
    guard expected <= Self.limit else {
      throw .tooManyMonomials(dimension: dimension, degree: degree, count: expected, limit: Self.limit)
    }
    // How often each monomial has its last coordinate: the new factor divides by one more.
    var repeats = [0]
    var level = 0..<1
    for total in stride(from: 1, through: degree, by: 1) {
      let start = count
      for parent in level {
        for coordinate in coordinates[parent]..<dimension {
          let isRepeat = total > 1 && coordinate == coordinates[parent]
          let times = isRepeat ? repeats[parent] + 1 : 1
          parents.append(parent)
          coordinates.append(coordinate)
          degrees.append(total)
          repeats.append(times)
          orders.append(orders[parent] * Double(total) / Double(times))
        }
      }
      level = start..<count
    }
  }

  /// C(dimension + degree, degree), or the largest integer where it is beyond.
  static func count(dimension: Int, degree: Int) -> Int {
    var count = 1.0
    for step in stride(from: 1, through: degree, by: 1) { count = count * Double(dimension + step) / Double(step) }
    return count < Double(Int.max) ? Int(count.rounded()) : .max
  }

  /// The monomials of some rows of a matrix `[n, dimension]`, as `[count, rows]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func features<Scalar: TensorScalar>(_ x: Tensor<Scalar>, rows: Range<Int>) -> Tensor<Scalar> {
    let width = rows.count
    let values = x.withUnsafeValues { x in
      [Scalar](unsafeUninitializedCapacity: count * width) { out, made in
        for row in 0..<width { out[row] = 1 }
        for index in 1..<max(1, count) {
          let (from, to, coordinate) = (parents[index] * width, index * width, coordinates[index])
          for row in 0..<width {
            out[to + row] = out[from + row] * x[(rows.lowerBound + row) * dimension + coordinate]
          }
        }
        made = count * width
      }
    }
    return Tensor(values, shape: [count, width])
  }
}
