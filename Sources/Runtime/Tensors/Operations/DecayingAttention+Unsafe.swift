internal import CKernels

/// One run of decaying attention and the way back: each head of each item on one thread.
struct DecayingAttentionRun<Scalar: TensorScalar>: Sendable {
  private typealias K = Kernels<Scalar>
  private let q: Tensor<Scalar>
  private let k: Tensor<Scalar>
  private let v: Tensor<Scalar>
  private let slopes: [Double]
  private let block: Int

  private var tasks: Int { q.shape[0] * q.shape[1] }
  private var positions: Int { q.shape[2] }
  private var size: Int { q.shape[3] }
  private var valueSize: Int { v.shape[3] }

  init(_ q: Tensor<Scalar>, _ k: Tensor<Scalar>, _ v: Tensor<Scalar>, slopes: [Double], block: Int) {
    precondition(
      q.rank == 4 && q.shape == k.shape && v.rank == 4 && Array(v.shape.prefix(3)) == Array(q.shape.prefix(3)),
      "decayingAttention: q \(q.shape), k \(k.shape), v \(v.shape); expected [batch, heads, positions, size], the same, and [batch, heads, positions, valueSize]"
    )
    precondition(
      slopes.count == q.shape[1] && slopes.allSatisfy { $0 >= 0 },
      "decayingAttention: slopes \(slopes) for \(q.shape[1]) heads; expected one a head, none negative"
    )
    precondition(block > 0, "decayingAttention: block must be at least 1, got \(block)")
    (self.q, self.k, self.v) = (q.withoutGradient(), k.withoutGradient(), v.withoutGradient())
    self.slopes = slopes
    // A block longer than the sequence would only cost memory.
    self.block = min(block, max(1, q.shape[2]))
  }

  func forward() -> Tensor<Scalar> {
    let result = Tensor<Scalar>(like: v)
    run(result.output, state: nil)
    return result
  }

  func forward(state: inout Tensor<Scalar>) -> Tensor<Scalar> {
    let result = Tensor<Scalar>(like: v)
    state.withMutablePointer { run(result.output, state: $0) }
    return result
  }

  private func run(_ to: UnsafeMutablePointer<Scalar>, state: UnsafeMutablePointer<Scalar>?) {
    let (n, d, e) = (positions, size, valueSize)
    forEachHead { task, slope, scratch in
      let (q, k, v) = (q.pointer + task * n * d, k.pointer + task * n * d, v.pointer + task * n * e)
      let (o, s) = (to + task * n * e, state.map { $0 + task * d * e })
      if K.isFloat {
        ofk_decaying_attention_f32(K.f(q), K.f(k), K.f(v), K.f(o), s.map(K.f), n, d, e, slope, block, K.f(scratch))
      } else {
        ofk_decaying_attention_f64(K.d(q), K.d(k), K.d(v), K.d(o), s.map(K.d), n, d, e, slope, block, K.d(scratch))
      }
    }
  }

  /// Gradients of q, k and v from that of the result.
  func backward(_ gradient: Tensor<Scalar>) -> [Tensor<Scalar>?] {
    let (dq, dk, dv) = (Tensor<Scalar>(like: q), Tensor<Scalar>(like: k), Tensor<Scalar>(like: v))
    let (n, d, e) = (positions, size, valueSize)
    withExtendedLifetime((gradient.storage, dq.storage, dk.storage, dv.storage)) {
      let (up, toQ, toK, toV) = (gradient.pointer, dq.output, dk.output, dv.output)
      forEachHead { task, slope, scratch in
        let (a, b) = (task * n * d, task * n * e)
        let (q, k, v, g) = (q.pointer + a, k.pointer + a, v.pointer + b, up + b)
        let (dq, dk, dv) = (toQ + a, toK + a, toV + b)
        if K.isFloat {
          ofk_decaying_attention_gradient_f32(
            K.f(q),
            K.f(k),
            K.f(v),
            K.f(g),
            K.f(dq),
            K.f(dk),
            K.f(dv),
            n,
            d,
            e,
            slope,
            block,
            K.f(scratch)
          )
        } else {
          ofk_decaying_attention_gradient_f64(
            K.d(q),
            K.d(k),
            K.d(v),
            K.d(g),
            K.d(dq),
            K.d(dk),
            K.d(dv),
            n,
            d,
            e,
            slope,
            block,
            K.d(scratch)
          )
        }
      }
    }
    return [dq, dk, dv]
  }

  /// Calls `body` for every head of every item, with its slope and memory of its own.
  private func forEachHead(_ body: (Int, Double, UnsafeMutablePointer<Scalar>) -> Void) {
    let needed =
      K.isFloat
      ? ofk_decaying_attention_scratch_f32(size, valueSize, block)
      : ofk_decaying_attention_scratch_f64(size, valueSize, block)
    // Work of a head in additions: scores of blocks and products with the state.
    let cost = positions * (block * (size + valueSize) + 2 * size * valueSize) / 8
    withExtendedLifetime((q.storage, k.storage, v.storage)) {
      Threads.split(tasks, cost: max(1, cost)) { range in
        let scratch = Tensor<Scalar>(uninitialized: [needed])
        withExtendedLifetime(scratch.storage) {
          for task in range { body(task, slopes[task % slopes.count], scratch.output) }
        }
      }
    }
  }
}
