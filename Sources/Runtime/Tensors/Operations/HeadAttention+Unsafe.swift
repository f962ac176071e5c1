internal import CKernels

/// Where the heads of queries, keys, values and results lie.
///
/// Either `[…, positions, size]`, each head a matrix of its own, or `[batch, positions, heads · size]`, heads side by side.
struct HeadLayout: Sendable {
  let items: Int
  let heads: Int
  let queries: Int
  let keys: Int
  let size: Int
  let valueSize: Int
  let areSideBySide: Bool

  init<Scalar>(_ q: Tensor<Scalar>, _ k: Tensor<Scalar>, _ v: Tensor<Scalar>, heads: Int?, _ name: StaticString) {
    let wide = heads ?? 1
    let leading = q.shape.dropLast(2)
    precondition(
      q.rank >= (heads == nil ? 2 : 3) && k.shape.dropLast(2) == leading && v.shape.dropLast(2) == leading
        && k.shape[k.rank - 1] == q.shape[q.rank - 1] && k.shape[k.rank - 2] == v.shape[v.rank - 2]
        && wide > 0 && q.shape[q.rank - 1] % wide == 0 && v.shape[v.rank - 1] % wide == 0,
      "\(name): q \(q.shape), k \(k.shape), v \(v.shape) with \(wide) heads side by side; expected […, positions, size] with equal leading axes, and sizes that the heads divide"
    )
    items = leading.reduce(1, *)
    self.heads = wide
    areSideBySide = heads != nil
    (queries, keys) = (q.shape[q.rank - 2], k.shape[k.rank - 2])
    (size, valueSize) = (q.shape[q.rank - 1] / wide, v.shape[v.rank - 1] / wide)
  }

  /// Distance of rows of queries and keys, and of values and results.
  var stride: Int { heads * size }
  var valueStride: Int { heads * valueSize }
  var tasks: Int { items * heads }

  /// Where a head's queries, keys, values and results begin.
  func starts(_ task: Int) -> (q: Int, k: Int, v: Int, o: Int) {
    let (item, head) = (task / heads, task % heads)
    return (
      item * queries * stride + head * size, item * keys * stride + head * size,
      item * keys * valueStride + head * valueSize, item * queries * valueStride + head * valueSize
    )
  }

  /// Calls `body` for every head of every item with memory of its own.
  func forEachHead<Scalar: TensorScalar>(
    scratch: Int,
    cost: Int,
    of type: Scalar.Type,
    _ body: (_ task: Int, _ scratch: UnsafeMutablePointer<Scalar>) -> Void
  ) {
    Threads.split(tasks, cost: max(1, cost)) { range in
      let memory = Tensor<Scalar>(uninitialized: [scratch])
      withExtendedLifetime(memory.storage) { for task in range { body(task, memory.output) } }
    }
  }
}

/// Softmax attention and the way back: each head of each item on one thread.
struct SoftmaxAttentionRun<Scalar: TensorScalar>: Sendable {
  private typealias K = Kernels<Scalar>
  let q: Tensor<Scalar>
  let k: Tensor<Scalar>
  let v: Tensor<Scalar>
  let layout: HeadLayout
  let scale: Double
  let isCausal: Bool

  private var scratch: Int {
    K.isFloat
      ? ofk_softmax_attention_scratch_f32(layout.keys, layout.size, layout.valueSize)
      : ofk_softmax_attention_scratch_f64(layout.keys, layout.size, layout.valueSize)
  }
  /// Work of a head in additions.
  private var cost: Int { layout.queries * layout.keys * (layout.size + layout.valueSize + 8) / 8 }

  /// The result, and the logarithm of each query's sum of exponentials.
  func forward() -> (result: Tensor<Scalar>, sums: Tensor<Scalar>) {
    let (l, causal) = (layout, Int32(isCausal ? 1 : 0))
    let result = Tensor<Scalar>(uninitialized: q.shape.dropLast() + [l.valueStride])
    let sums = Tensor<Scalar>(uninitialized: [l.tasks, l.queries])
    withExtendedLifetime((q.storage, k.storage, v.storage)) {
      let (q, k, v, o, kept) = (q.pointer, k.pointer, v.pointer, result.output, sums.output)
      l.forEachHead(scratch: scratch, cost: cost, of: Scalar.self) { task, memory in
        let at = l.starts(task)
        let sum = kept + task * l.queries
        if K.isFloat {
          ofk_softmax_attention_f32(
            K.f(q + at.q),
            K.f(k + at.k),
            K.f(v + at.v),
            K.f(o + at.o),
            K.f(sum),
            l.queries,
            l.keys,
            l.size,
            l.valueSize,
            l.stride,
            l.valueStride,
            Float(scale),
            causal,
            K.f(memory)
          )
        } else {
          ofk_softmax_attention_f64(
            K.d(q + at.q),
            K.d(k + at.k),
            K.d(v + at.v),
            K.d(o + at.o),
            K.d(sum),
            l.queries,
            l.keys,
            l.size,
            l.valueSize,
            l.stride,
            l.valueStride,
            scale,
            causal,
            K.d(memory)
          )
        }
      }
    }
    return (result, sums)
  }

  /// Gradients of queries, keys and values.
  func backward(_ gradient: Tensor<Scalar>, _ sums: Tensor<Scalar>) -> [Tensor<Scalar>?] {
    let (l, causal) = (layout, Int32(isCausal ? 1 : 0))
    let (dq, dk, dv) = (Tensor<Scalar>(like: q), Tensor<Scalar>(like: k), Tensor<Scalar>(like: v))
    withExtendedLifetime((q.storage, k.storage, v.storage, gradient.storage, sums.storage)) {
      let (q, k, v, g, kept) = (q.pointer, k.pointer, v.pointer, gradient.pointer, sums.pointer)
      let (toQ, toK, toV) = (dq.output, dk.output, dv.output)
      l.forEachHead(scratch: scratch, cost: 3 * cost, of: Scalar.self) { task, memory in
        let at = l.starts(task)
        let sum = kept + task * l.queries
        if K.isFloat {
          ofk_softmax_attention_gradient_f32(
            K.f(q + at.q),
            K.f(k + at.k),
            K.f(v + at.v),
            K.f(g + at.o),
            K.f(sum),
            K.f(toQ + at.q),
            K.f(toK + at.k),
            K.f(toV + at.v),
            l.queries,
            l.keys,
            l.size,
            l.valueSize,
            l.stride,
            l.valueStride,
            Float(scale),
            causal,
            K.f(memory)
          )
        } else {
          ofk_softmax_attention_gradient_f64(
            K.d(q + at.q),
            K.d(k + at.k),
            K.d(v + at.v),
            K.d(g + at.o),
            K.d(sum),
            K.d(toQ + at.q),
            K.d(toK + at.k),
            K.d(toV + at.v),
            l.queries,
            l.keys,
            l.size,
            l.valueSize,
            l.stride,
            l.valueStride,
            scale,
            causal,
            K.d(memory)
          )
        }
      }
    }
    return [dq, dk, dv]
  }
}

/// Rectified linear attention and the way back: each head of each item on one thread.
struct RectifiedAttentionRun<Scalar: TensorScalar>: Sendable {
  private typealias K = Kernels<Scalar>
  let q: Tensor<Scalar>
  let k: Tensor<Scalar>
  let v: Tensor<Scalar>
  let layout: HeadLayout
  let epsilon: Double

  private var scratch: Int {
    K.isFloat
      ? ofk_rectified_attention_scratch_f32(layout.size, layout.valueSize)
      : ofk_rectified_attention_scratch_f64(layout.size, layout.valueSize)
  }
  /// Work of a head in additions.
  private var cost: Int { layout.queries * layout.size * layout.valueSize / 4 }

  func forward() -> Tensor<Scalar> {
    let l = layout
    let result = Tensor<Scalar>(like: v)
    withExtendedLifetime((q.storage, k.storage, v.storage)) {
      let (q, k, v, o) = (q.pointer, k.pointer, v.pointer, result.output)
      l.forEachHead(scratch: scratch, cost: cost, of: Scalar.self) { task, memory in
        let at = l.starts(task)
        if K.isFloat {
          ofk_rectified_attention_f32(
            K.f(q + at.q),
            K.f(k + at.k),
            K.f(v + at.v),
            K.f(o + at.o),
            l.keys,
            l.size,
            l.valueSize,
            l.stride,
            l.valueStride,
            Float(epsilon),
            K.f(memory)
          )
        } else {
          ofk_rectified_attention_f64(
            K.d(q + at.q),
            K.d(k + at.k),
            K.d(v + at.v),
            K.d(o + at.o),
            l.keys,
            l.size,
            l.valueSize,
            l.stride,
            l.valueStride,
            epsilon,
            K.d(memory)
          )
        }
      }
    }
    return result
  }

  /// Gradients of queries, keys and values.
  func backward(_ gradient: Tensor<Scalar>) -> [Tensor<Scalar>?] {
    let l = layout
    let (dq, dk, dv) = (Tensor<Scalar>(like: q), Tensor<Scalar>(like: k), Tensor<Scalar>(like: v))
    withExtendedLifetime((q.storage, k.storage, v.storage, gradient.storage)) {
      let (q, k, v, g) = (q.pointer, k.pointer, v.pointer, gradient.pointer)
      let (toQ, toK, toV) = (dq.output, dk.output, dv.output)
      l.forEachHead(scratch: scratch, cost: 3 * cost, of: Scalar.self) { task, memory in
        let at = l.starts(task)
        if K.isFloat {
          ofk_rectified_attention_gradient_f32(
            K.f(q + at.q),
            K.f(k + at.k),
            K.f(v + at.v),
            K.f(g + at.o),
            K.f(toQ + at.q),
            K.f(toK + at.k),
            K.f(toV + at.v),
            l.keys,
            l.size,
            l.valueSize,
            l.stride,
            l.valueStride,
            Float(epsilon),
            K.f(memory)
          )
        } else {
          ofk_rectified_attention_gradient_f64(
            K.d(q + at.q),
            K.d(k + at.k),
            K.d(v + at.v),
            K.d(g + at.o),
            K.d(toQ + at.q),
            K.d(toK + at.k),
            K.d(toV + at.v),
            l.keys,
            l.size,
            l.valueSize,
            l.stride,
            l.valueStride,
            epsilon,
            K.d(memory)
          )
        }
      }
    }
    return [dq, dk, dv]
  }
}
