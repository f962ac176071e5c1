internal import Tensors

/// A tensor `[…, rows, columns]` as matrices of doubles, one after the other, and back.
struct MatrixBatch<Scalar: TensorScalar> {
  let shape: [Int]
  let rows: Int
  let columns: Int
  /// Converted as a whole, so that what is done with single matrices is not generic.
  private let tensor: Tensor<Double>

  init(_ tensor: Tensor<Scalar>, _ name: StaticString, isSquare: Bool = false) {
    precondition(
      tensor.rank >= 2 && (!isSquare || tensor.shape[tensor.rank - 1] == tensor.shape[tensor.rank - 2]),
      "\(name): shape \(tensor.shape) must be \(isSquare ? "[…, n, n]" : "[…, rows, columns]")"
    )
    self.tensor = tensor.withoutGradient().converted()
    shape = Array(tensor.shape.dropLast(2))
    (rows, columns) = (tensor.shape[tensor.rank - 2], tensor.shape[tensor.rank - 1])
  }

  /// Number of matrices.
  var count: Int { shape.reduce(1, *) }

  /// One of the matrices.
  subscript(index: Int) -> Matrix<Double> {
    tensor.withUnsafeValues { values in
      Matrix(
        Array(values[index * rows * columns..<(index + 1) * rows * columns]),
        rows: rows,
        columns: columns
      )
    }
  }

  /// Factors every matrix, on all threads; the first error in order is thrown, with the place of its matrix.
  func map<Result: Sendable>(
    _ body: (Matrix<Double>) throws(SolverError) -> Result
  ) throws(SolverError) -> [Result] {
    let outcomes = Self.concurrently(count, cost: rows * columns * (min(rows, columns) + 16)) { index in
      Swift.Result { () throws(SolverError) in try body(self[index]) }
    }
    var results: [Result] = []
    results.reserveCapacity(count)
    for outcome in outcomes { results.append(try outcome.get()) }
    return results
  }

  /// Results of a body for 0..<count, in order.
  static func concurrently<Result>(_ count: Int, cost: Int, _ body: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { buffer, made in
      if let base = buffer.baseAddress {
        Threads.split(count, cost: cost) { range in
          for index in range { (base + index).initialize(to: body(index)) }
        }
      }
      made = count
    }
  }

  /// Matrices of one shape as a tensor `[…, rows, columns]`.
  func gather(_ matrices: [Matrix<Double>], _ rows: Int, _ columns: Int) -> Tensor<Scalar> {
    gather(matrices.map(\.values), [rows, columns])
  }

  /// Arrays of one length as a tensor `[…] + tail`.
  func gather(_ rows: [[Double]], _ tail: [Int]) -> Tensor<Scalar> {
    Tensor<Double>(Array(rows.joined()), shape: shape + tail).converted()
  }
}
