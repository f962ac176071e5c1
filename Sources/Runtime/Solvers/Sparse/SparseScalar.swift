internal import CSparseKernels

/// A scalar that sparse products work on: `Float` or `Double`.
///
/// The requirements are the kernels of CSparseKernels for that scalar; nothing outside this module needs them.
public protocol SparseScalar: BinaryFloatingPoint, Sendable {
  /// Pointer to values that are read.
  typealias Source = UnsafePointer<Self>
  /// Product of some rows with vectors of `width` side by side.
  static func multiply(
    _ starts: UnsafePointer<Int64>,
    _ columns: UnsafePointer<Int32>,
    _ values: Source,
    _ x: Source,
    _ y: UnsafeMutablePointer<Self>,
    width: Int,
    rows: Range<Int>
  )
}

extension Double: SparseScalar {
  /// Product of some rows with vectors of `width` side by side.
  public static func multiply(
    _ starts: UnsafePointer<Int64>,
    _ columns: UnsafePointer<Int32>,
    _ values: Source,
    _ x: Source,
    _ y: UnsafeMutablePointer<Double>,
    width: Int,
    rows: Range<Int>
  ) {
    if width == 1 {
      ock_spmv_f64(starts, columns, values, x, y, rows.lowerBound, rows.upperBound)
    } else {
      ock_spmm_f64(starts, columns, values, x, y, width, rows.lowerBound, rows.upperBound)
    }
  }
}

extension Float: SparseScalar {
  /// Product of some rows with vectors of `width` side by side.
  public static func multiply(
    _ starts: UnsafePointer<Int64>,
    _ columns: UnsafePointer<Int32>,
    _ values: Source,
    _ x: Source,
    _ y: UnsafeMutablePointer<Float>,
    width: Int,
    rows: Range<Int>
  ) {
    if width == 1 {
      ock_spmv_f32(starts, columns, values, x, y, rows.lowerBound, rows.upperBound)
    } else {
      ock_spmm_f32(starts, columns, values, x, y, width, rows.lowerBound, rows.upperBound)
    }
  }
}
