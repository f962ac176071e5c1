internal import CKernels

extension Kernels {
  static func multiplyAdd(_ x: Input, _ factor: Input, _ s: Input, _ step: Int, _ y: Output, _ rows: Int, _ n: Int) {
    if isFloat {
      ofk_multiply_add_f32(f(x), f(factor), f(s), step, f(y), rows, n)
    } else {
      ofk_multiply_add_f64(d(x), d(factor), d(s), step, d(y), rows, n)
    }
  }

  static func multiplyAddGradient(
    _ x: Input,
    _ factor: Input,
    _ g: Input,
    _ dx: Output,
    _ df: Output,
    _ ds: Output?,
    _ rows: Int,
    _ n: Int
  ) {
    if isFloat {
      ofk_multiply_add_gradient_f32(f(x), f(factor), f(g), f(dx), f(df), ds.map(f), rows, n)
    } else {
      ofk_multiply_add_gradient_f64(d(x), d(factor), d(g), d(dx), d(df), ds.map(d), rows, n)
    }
  }

  static func addRows(_ y: Output, _ b: Input, _ rows: Int, _ n: Int) {
    if isFloat { ofk_add_rows_f32(f(y), f(b), rows, n) } else { ofk_add_rows_f64(d(y), d(b), rows, n) }
  }
}

/// x ⊙ factor + summand over items of equally many rows, and the way back.
struct RowMap<Scalar: TensorScalar>: Sendable {
  private typealias K = Kernels<Scalar>
  let x: Tensor<Scalar>
  let factor: Tensor<Scalar>
  /// Whether one summand serves all rows of an item, or each has its own.
  let repeatsSummand: Bool
  let items: Int
  let rows: Int
  let width: Int

  func forward(_ summand: Tensor<Scalar>) -> Tensor<Scalar> {
    let result = Tensor<Scalar>(like: x)
    let size = rows * width
    withExtendedLifetime((x.storage, factor.storage, summand.storage)) {
      let (from, by, plus, to) = (x.pointer, factor.pointer, summand.pointer, result.output)
      Threads.split(items, cost: size) { range in
        for item in range {
          let (at, row) = (item * size, item * width)
          let (start, step) = repeatsSummand ? (row, 0) : (at, width)
          K.multiplyAdd(from + at, by + row, plus + start, step, to + at, rows, width)
        }
      }
    }
    return result
  }

  /// Gradients of x, factor and summand.
  func backward(_ gradient: Tensor<Scalar>) -> [Tensor<Scalar>?] {
    let dx = Tensor<Scalar>(like: x)
    let df = Tensor<Scalar>.zeros(factor.shape)
    let ds = repeatsSummand ? Tensor<Scalar>.zeros(factor.shape) : gradient
    let size = rows * width
    withExtendedLifetime((x.storage, factor.storage, gradient.storage)) {
      let (from, by, up) = (x.pointer, factor.pointer, gradient.pointer)
      let (toX, toF, toS) = (dx.output, df.output, repeatsSummand ? ds.output : nil)
      Threads.split(items, cost: 2 * size) { range in
        for item in range {
          let (at, row) = (item * size, item * width)
          K.multiplyAddGradient(from + at, by + row, up + at, toX + at, toF + row, toS.map { $0 + row }, rows, width)
        }
      }
    }
    return [dx, df, ds]
  }
}

extension Tensor where Scalar: TensorScalar {
  /// Adds a row to every row, in place, of a tensor that nobody else has.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func addRow(_ row: Tensor) {
    let width = row.count
    guard width > 0 else { return }
    let to = output
    withExtendedLifetime((storage, row.storage)) {
      let from = row.pointer
      Threads.split(count / width, cost: width) { rows in
        Kernels.addRows(to + rows.lowerBound * width, from, rows.count, width)
      }
    }
  }
}
