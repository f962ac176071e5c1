internal import CKernels

/// A matrix packed for many products with a few rows, as the steps of a recurrence need them.
struct PackedMatrix<Scalar: TensorScalar> {
  private typealias K = Kernels<Scalar>
  private let panels: Storage
  private let depth: Int
  private let columns: Int

  /// Packs a matrix `[depth, columns]`, or `[columns, depth]` where it is to be transposed.
  init(_ matrix: Tensor<Scalar>, transposed: Bool) {
    depth = matrix.shape[transposed ? 1 : 0]
    columns = matrix.shape[transposed ? 0 : 1]
    let panel = Int(OFK_PANEL)
    let wide = (columns + panel - 1) / panel * panel
    panels = Storage(bytes: depth * wide * MemoryLayout<Scalar>.stride)
    let to = panels.base.assumingMemoryBound(to: Scalar.self)
    withExtendedLifetime(matrix.storage) {
      if K.isFloat {
        ofk_pack_f32(K.f(matrix.pointer), depth, columns, transposed ? 1 : 0, K.f(to))
      } else {
        ofk_pack_f64(K.d(matrix.pointer), depth, columns, transposed ? 1 : 0, K.d(to))
      }
    }
  }

  /// c = beta c + a · matrix for `rows` rows.
  func multiply(_ a: UnsafePointer<Scalar>, _ rows: Int, into c: UnsafeMutablePointer<Scalar>, beta: Scalar = 0) {
    let from = UnsafePointer(panels.base.assumingMemoryBound(to: Scalar.self))
    if K.isFloat {
      ofk_few_rows_f32(K.f(a), K.f(from), K.f(c), rows, depth, columns, K.f(beta))
    } else {
      ofk_few_rows_f64(K.d(a), K.d(from), K.d(c), rows, depth, columns, K.d(beta))
    }
  }
}
