internal import CKernels

/// One affine map for each item and channel of `[batch, channels, …]`, and a leaky ReLU: y = bend(k x + s).
struct ChannelRows<Scalar: TensorScalar>: Sendable {
  /// k, one a row of places.
  var factors: Tensor<Scalar>
  /// s, one a row of places.
  var summands: Tensor<Scalar>
  /// Slope of the leaky ReLU where its argument is negative; 1 leaves the values.
  var slope: Scalar

  private typealias K = Kernels<Scalar>
  private var rows: Int { factors.count }

  func bent(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let result = Tensor<Scalar>(like: x)
    let n = x.count / rows
    let (from, to, k, s) = (x.pointer, result.output, factors.pointer, summands.pointer)
    withExtendedLifetime((x.storage, factors.storage, summands.storage)) {
      Threads.split(rows, cost: n) { range in
        let (first, start) = (range.lowerBound, range.lowerBound * n)
        if K.isFloat {
          ofk_bend_rows_f32(
            K.f(from + start),
            K.f(to + start),
            range.count,
            n,
            K.f(k + first),
            K.f(s + first),
            K.f(slope)
          )
        } else {
          ofk_bend_rows_f64(
            K.d(from + start),
            K.d(to + start),
            range.count,
            n,
            K.d(k + first),
            K.d(s + first),
            K.d(slope)
          )
        }
      }
    }
    return result
  }

  /// Sums over the places of v and of v x for each row, in turn; v is the gradient before the leaky ReLU.
  func sums(_ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>) -> [Double] {
    let n = x.count / rows
    let (from, up, k, s) = (x.pointer, gradient.pointer, factors.pointer, summands.pointer)
    return [Double](unsafeUninitializedCapacity: 2 * rows) { buffer, count in
      // Every row is written by the thread that has it.
      nonisolated(unsafe) let sums = buffer.baseAddress
      withExtendedLifetime((x.storage, gradient.storage, factors.storage, summands.storage)) {
        Threads.split(rows, cost: n) { range in
          guard let sums else { return }
          let (first, start) = (range.lowerBound, range.lowerBound * n)
          if K.isFloat {
            ofk_bend_rows_sums_f32(
              K.f(from + start),
              K.f(up + start),
              range.count,
              n,
              K.f(k + first),
              K.f(s + first),
              K.f(slope),
              sums + 2 * first
            )
          } else {
            ofk_bend_rows_sums_f64(
              K.d(from + start),
              K.d(up + start),
              range.count,
              n,
              K.d(k + first),
              K.d(s + first),
              K.d(slope),
              sums + 2 * first
            )
          }
        }
      }
      count = 2 * rows
    }
  }

  /// slopes v + along x + constants with one number a row each; v is the gradient before the leaky ReLU.
  func pulledBack(
    _ x: Tensor<Scalar>,
    _ gradient: Tensor<Scalar>,
    slopes: Tensor<Scalar>,
    along: Tensor<Scalar>,
    constants: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let result = Tensor<Scalar>(like: x)
    let n = x.count / rows
    let (from, up, to, k, s) = (x.pointer, gradient.pointer, result.output, factors.pointer, summands.pointer)
    let (u, w, c) = (slopes.pointer, along.pointer, constants.pointer)
    let held = (x.storage, gradient.storage, factors.storage, summands.storage)
    withExtendedLifetime((held, slopes.storage, along.storage, constants.storage)) {
      Threads.split(rows, cost: 2 * n) { range in
        let (first, start) = (range.lowerBound, range.lowerBound * n)
        if K.isFloat {
          ofk_bend_rows_gradient_f32(
            K.f(from + start),
            K.f(up + start),
            K.f(to + start),
            range.count,
            n,
            K.f(k + first),
            K.f(s + first),
            K.f(slope),
            K.f(u + first),
            K.f(w + first),
            K.f(c + first)
          )
        } else {
          ofk_bend_rows_gradient_f64(
            K.d(from + start),
            K.d(up + start),
            K.d(to + start),
            range.count,
            n,
            K.d(k + first),
            K.d(s + first),
            K.d(slope),
            K.d(u + first),
            K.d(w + first),
            K.d(c + first)
          )
        }
      }
    }
    return result
  }
}
