internal import CDNNL
internal import CKernels
internal import COpenBLAS

/// The C kernels for Float and Double under one name; the branch is decided when a function is specialised.
enum Kernels<Scalar: TensorScalar> {
  typealias Input = UnsafePointer<Scalar>
  typealias Output = UnsafeMutablePointer<Scalar>

  static var isFloat: Bool { Scalar.self == Float.self }

  static func f(_ pointer: Input) -> UnsafePointer<Float> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Float.self)
  }
  static func d(_ pointer: Input) -> UnsafePointer<Double> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Double.self)
  }
  static func f(_ pointer: Output) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Float.self)
  }
  static func d(_ pointer: Output) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Double.self)
  }
  static func f(_ value: Scalar) -> Float { unsafeBitCast(value, to: Float.self) }
  static func d(_ value: Scalar) -> Double { unsafeBitCast(value, to: Double.self) }

  static func map(_ function: Function, _ x: Input, _ y: Output, _ n: Int, _ p: Scalar, _ q: Scalar) {
    if isFloat {
      ofk_map_f32(function.rawValue, f(x), f(y), n, f(p), f(q))
    } else {
      ofk_map_f64(function.rawValue, d(x), d(y), n, d(p), d(q))
    }
  }

  static func mapGradient(
    _ function: Function,
    _ x: Input,
    _ y: Input,
    _ g: Input,
    _ out: Output,
    _ n: Int,
    _ p: Scalar,
    _ q: Scalar
  ) {
    if isFloat {
      ofk_map_gradient_f32(function.rawValue, f(x), f(y), f(g), f(out), n, f(p), f(q))
    } else {
      ofk_map_gradient_f64(function.rawValue, d(x), d(y), d(g), d(out), n, d(p), d(q))
    }
  }

  static func zip(_ operation: Pairing, _ a: Input, _ stepA: Int, _ b: Input, _ stepB: Int, _ out: Output, _ n: Int) {
    if isFloat {
      ofk_zip_f32(operation.rawValue, f(a), stepA, f(b), stepB, f(out), n)
    } else {
      ofk_zip_f64(operation.rawValue, d(a), stepA, d(b), stepB, d(out), n)
    }
  }

  static func axpy(_ a: Scalar, _ x: Input, _ y: Output, _ n: Int) {
    if isFloat { ofk_axpy_f32(f(a), f(x), f(y), n) } else { ofk_axpy_f64(d(a), d(x), d(y), n) }
  }

  static func reduce(_ reduction: Reduction, _ x: Input, _ y: Output, _ outer: Int, _ n: Int, _ inner: Int) {
    if isFloat {
      ofk_reduce_f32(reduction.rawValue, f(x), f(y), outer, n, inner)
    } else {
      ofk_reduce_f64(reduction.rawValue, d(x), d(y), outer, n, inner)
    }
  }

  static func sum(_ x: Input, _ n: Int) -> Double { isFloat ? ofk_sum_f32(f(x), n) : ofk_sum_f64(d(x), n) }

  static func dot(_ x: Input, _ y: Input, _ n: Int) -> Double {
    isFloat ? ofk_dot_f32(f(x), f(y), n) : ofk_dot_f64(d(x), d(y), n)
  }

  static func transpose(_ x: Input, _ y: Output, _ rows: Int, _ columns: Int) {
    if isFloat { ofk_transpose_f32(f(x), f(y), rows, columns) } else { ofk_transpose_f64(d(x), d(y), rows, columns) }
  }

  static func softmax(_ x: Input, _ y: Output, _ rows: Int, _ n: Int, logarithm: Bool) {
    if isFloat {
      ofk_softmax_f32(f(x), f(y), rows, n, logarithm ? 1 : 0)
    } else {
      ofk_softmax_f64(d(x), d(y), rows, n, logarithm ? 1 : 0)
    }
  }

  static func softmaxGradient(_ y: Input, _ g: Input, _ out: Output, _ rows: Int, _ n: Int, logarithm: Bool) {
    if isFloat {
      ofk_softmax_gradient_f32(f(y), f(g), f(out), rows, n, logarithm ? 1 : 0)
    } else {
      ofk_softmax_gradient_f64(d(y), d(g), d(out), rows, n, logarithm ? 1 : 0)
    }
  }

  static func gather(_ x: Input, _ rows: UnsafePointer<Int>, _ out: Output, _ n: Int, _ width: Int) {
    let rows = UnsafeRawPointer(rows).assumingMemoryBound(to: Int64.self)
    if isFloat { ofk_gather_f32(f(x), rows, f(out), n, width) } else { ofk_gather_f64(d(x), rows, d(out), n, width) }
  }

  static func scatter(_ x: Input, _ rows: UnsafePointer<Int>, _ out: Output, _ n: Int, _ width: Int) {
    let rows = UnsafeRawPointer(rows).assumingMemoryBound(to: Int64.self)
    if isFloat { ofk_scatter_f32(f(x), rows, f(out), n, width) } else { ofk_scatter_f64(d(x), rows, d(out), n, width) }
  }

  static func isFinite(_ x: Input, _ n: Int) -> Bool {
    isFloat ? ofk_finite_f32(f(x), n) != 0 : ofk_finite_f64(d(x), n) != 0
  }
}

/// One matrix product of row-major arrays: c = alpha op(a) op(b) + beta c.
struct MatrixProduct {
  var rows: Int
  var columns: Int
  var depth: Int
  var transposesLeft = false
  var transposesRight = false

  func run<Scalar: TensorScalar>(
    _ a: UnsafePointer<Scalar>,
    _ b: UnsafePointer<Scalar>,
    _ c: UnsafeMutablePointer<Scalar>,
    alpha: Double = 1,
    beta: Double = 0
  ) {
    guard rows > 0, columns > 0 else { return }
    let lda = max(1, transposesLeft ? rows : depth)
    let ldb = max(1, transposesRight ? depth : columns)
    guard depth > 0 else {
      if beta == 0 { c.update(repeating: 0, count: rows * columns) }
      return
    }
    typealias K = Kernels<Scalar>
    if K.isFloat, suitsOpenBLAS {
      runByOpenBLAS(K.f(a), K.f(b), K.f(c), lda: lda, ldb: ldb, alpha: Float(alpha), beta: Float(beta))
    } else if K.isFloat {
      let failed = ofd_gemm(
        transposesLeft ? 1 : 0,
        transposesRight ? 1 : 0,
        Int64(rows),
        Int64(columns),
        Int64(depth),
        Float(alpha),
        K.f(a),
        Int64(lda),
        K.f(b),
        Int64(ldb),
        Float(beta),
        K.f(c),
        Int64(columns)
      )
      precondition(failed == 0, "matmul: oneDNN refused a product of \(rows) x \(depth) x \(columns)")
    } else {
      cblas_dgemm(
        CblasRowMajor,
        transposesLeft ? CblasTrans : CblasNoTrans,
        transposesRight ? CblasTrans : CblasNoTrans,
        Int32(rows),
        Int32(columns),
        Int32(depth),
        alpha,
        K.d(a),
        Int32(lda),
        K.d(b),
        Int32(ldb),
        beta,
        K.d(c),
        Int32(columns)
      )
    }
  }
}

extension MatrixProduct {
  /// Whether OpenBLAS is faster than oneDNN, which copies left factors that are to be transposed badly.
  ///
  /// Measured with one thread: 1024 x 256 x 800 with a transposed left factor takes 4.8 ms in place of 10.4, the cube of 512
  /// 3.6 in place of 3.9; flat and small products are 5 to 30 % faster by oneDNN.
  private var suitsOpenBLAS: Bool {
    transposesLeft ? rows * columns * depth >= 1 << 20 : min(rows, columns, depth) >= 512
  }

  /// The product on our own threads, each with a part of the longer side: OpenBLAS's threads would fight with them.
  private func runByOpenBLAS(
    _ a: UnsafePointer<Float>,
    _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>,
    lda: Int,
    ldb: Int,
    alpha: Float,
    beta: Float
  ) {
    let cutsRows = rows >= columns
    let side = cutsRows ? rows : columns
    // Whole panels of the kernels; a product inside a parallel loop stays in one piece.
    let panels = (side + 47) / 48
    let parts = Threads.isInLoop ? 1 : min(Threads.count, panels)
    Threads.withSerialLibraries {
      Threads.run(parts) { part in
        let start = min(side, panels * part / parts * 48)
        let end = min(side, panels * (part + 1) / parts * 48)
        let firstA = cutsRows ? (transposesLeft ? start : start * lda) : 0
        let firstB = cutsRows ? 0 : (transposesRight ? start * ldb : start)
        cblas_sgemm(
          CblasRowMajor,
          transposesLeft ? CblasTrans : CblasNoTrans,
          transposesRight ? CblasTrans : CblasNoTrans,
          Int32(cutsRows ? end - start : rows),
          Int32(cutsRows ? columns : end - start),
          Int32(depth),
          alpha,
          a + firstA,
          Int32(lda),
          b + firstB,
          Int32(ldb),
          beta,
          c + (cutsRows ? start * columns : start),
          Int32(columns)
        )
      }
    }
  }
}

/// Element-wise functions that the kernels know.
enum Function: Int32 {
  case negate, abs, sign, square, sqrt, rsqrt, reciprocal, exp, expm1, log, log1p, sin, cos, tanh, sigmoid, relu, leaky
  case elu, gelu, geluTanh, silu, softplus, erf, floor, round, power, shift, scale, clamp, squaredReLU

  /// Whether the gradient needs the result and not the argument.
  var usesResultOnly: Bool {
    switch self {
    case .sqrt, .rsqrt, .reciprocal, .exp, .expm1, .tanh, .sigmoid: true
    default: false
    }
  }
}

/// Operations on pairs that the kernels know.
enum Pairing: Int32 {
  case add, subtract, multiply, divide, maximum, minimum, power, atan2
}

/// Reductions that the kernels know.
enum Reduction: Int32 {
  case sum, max, min, product
}

extension Tensor {
  /// Whether no value is NaN or infinite; always true for whole numbers and truth values.
  package var isFinite: Bool {
    withExtendedLifetime(storage) {
      if let floats = self as? Tensor<Float> { return Kernels<Float>.isFinite(floats.pointer, count) }
      if let doubles = self as? Tensor<Double> { return Kernels<Double>.isFinite(doubles.pointer, count) }
      return true
    }
  }
}
