extension Tensor where Scalar: TensorScalar {
  /// The matrix product over the last two axes; axes before them are batches, which repeat where they have length 1.
  ///
  /// - Parameters:
  ///   - other: right factor, `[…, inner, columns]`, or `[…, columns, inner]` where it is to be transposed.
  ///   - transposesLeft: whether this tensor is `[…, inner, rows]` and to be transposed; costs no copy.
  ///   - transposesRight: whether the other is to be transposed; costs no copy.
  /// - Returns: the products, `[…, rows, columns]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func matmul(_ other: Tensor, transposesLeft: Bool = false, transposesRight: Bool = false) -> Tensor {
    checkMatmul(other, transposesLeft, transposesRight)
    if other.rank == 2, rank > 2, !transposesLeft {
      // One product over all rows.
      let flat = reshaped([-1, shape[rank - 1]]).matmul(other, transposesRight: transposesRight)
      return flat.reshaped(Array(shape.dropLast()) + [flat.shape[1]])
    }
    let (a, b) = (withoutGradient(), other.withoutGradient())
    let result = Self.product(a, b, transposesLeft, transposesRight)
    return result.recorded(
      "matmul",
      from: self,
      { gradient in
        transposesLeft
          ? Self.product(b, gradient, transposesRight, true, summedTo: a.shape)
          : Self.product(gradient, b, false, !transposesRight, summedTo: a.shape)
      },
      from: other,
      { gradient in
        transposesRight
          ? Self.product(gradient, a, true, transposesLeft, summedTo: b.shape)
          : Self.product(a, gradient, !transposesLeft, false, summedTo: b.shape)
      }
    )
  }

  private func checkMatmul(_ other: Tensor, _ transposesLeft: Bool, _ transposesRight: Bool) {
    precondition(
      rank >= 2 && other.rank >= 2,
      "matmul: shapes \(shape) and \(other.shape) must have two axes at least; reshape vectors to matrices"
    )
    let left = shape[transposesLeft ? rank - 2 : rank - 1]
    let right = other.shape[transposesRight ? other.rank - 1 : other.rank - 2]
    precondition(
      left == right,
      "matmul: inner lengths of shapes \(shape) and \(other.shape) must be equal, got \(left) and \(right)"
    )
  }

  /// Products without a gradient; summed over batches that the target shape does not have.
  static func product(
    _ a: Tensor,
    _ b: Tensor,
    _ transposesLeft: Bool,
    _ transposesRight: Bool,
    summedTo target: [Int]? = nil
  ) -> Tensor {
    let m = a.shape[transposesLeft ? a.rank - 1 : a.rank - 2]
    let k = a.shape[transposesLeft ? a.rank - 2 : a.rank - 1]
    let n = b.shape[transposesRight ? b.rank - 2 : b.rank - 1]
    let task = MatrixProduct(
      rows: m,
      columns: n,
      depth: k,
      transposesLeft: transposesLeft,
      transposesRight: transposesRight
    )
    let batchA = Array(a.shape.dropLast(2))
    let batchB = Array(b.shape.dropLast(2))
    let batch = broadcastShape(batchA, batchB, "matmul")
    let count = batch.reduce(1, *)
    // Where all batches share one result, products add up in place.
    if let target, target.dropLast(2).reduce(1, *) == 1, count > 1 {
      return summedProduct(a, b, task, count).withShape(target)
    }
    let wideA = elementCount(batchA) == 1 || batchA == batch ? a : a.broadcastRaw(to: batch + a.shape.suffix(2))
    let wideB = elementCount(batchB) == 1 || batchB == batch ? b : b.broadcastRaw(to: batch + b.shape.suffix(2))
    let result = Tensor(uninitialized: batch + [m, n])
    let stepA = wideA.count == m * k ? 0 : m * k
    let stepB = wideB.count == k * n ? 0 : k * n
    withExtendedLifetime((wideA.storage, wideB.storage)) {
      let (from, by, to) = (wideA.pointer, wideB.pointer, result.output)
      if count == 1 {
        task.run(from, by, to)
      } else {
        Threads.split(count, cost: m * n * k / 8 + 1) { range in
          for index in range { task.run(from + index * stepA, by + index * stepB, to + index * m * n) }
        }
      }
    }
    guard let target else { return result }
    return result.reduced(to: target)
  }

  private static func summedProduct(_ a: Tensor, _ b: Tensor, _ task: MatrixProduct, _ count: Int) -> Tensor {
    let result = Tensor(uninitialized: [task.rows, task.columns])
    let stepA = a.count == task.rows * task.depth ? 0 : task.rows * task.depth
    let stepB = b.count == task.columns * task.depth ? 0 : task.columns * task.depth
    withExtendedLifetime((a.storage, b.storage)) {
      for index in 0..<count {
        task.run(a.pointer + index * stepA, b.pointer + index * stepB, result.output, beta: index == 0 ? 0 : 1)
      }
    }
    return result
  }

  /// A contraction in Einstein's notation, such as `"bhid,bhjd->bhij"`.
  ///
  /// Each letter is an axis; letters that the result lacks are summed over. A letter may stand once in each operand.
  ///
  /// - Parameters:
  ///   - formula: letters of both operands, separated by a comma, then `->` and those of the result.
  ///   - a: first operand.
  ///   - b: second operand.
  /// - Returns: the contraction.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func einsum(_ formula: String, _ a: Tensor, _ b: Tensor) -> Tensor {
    let plan = Contraction(formula, a.shape, b.shape)
    let left = a.sum(plan.onlySummed(plan.left, plan.right)).permutedIfNeeded(plan.leftOrder)
    let right = b.sum(plan.onlySummed(plan.right, plan.left)).permutedIfNeeded(plan.rightOrder)
    let batch = plan.lengths(plan.batch)
    let rows = plan.lengths(plan.rows)
    let columns = plan.lengths(plan.columns)
    let inner = plan.lengths(plan.inner).reduce(1, *)
    let product = left.reshaped([batch.reduce(1, *), rows.reduce(1, *), inner])
      .matmul(right.reshaped([batch.reduce(1, *), columns.reduce(1, *), inner]), transposesRight: true)
    return product.reshaped(batch + rows + columns).permutedIfNeeded(plan.resultOrder)
  }

  private func permutedIfNeeded(_ order: [Int]) -> Tensor {
    order == Array(0..<rank) ? self : permuted(order)
  }
}

/// What the letters of a contraction say.
private struct Contraction {
  let left: [Character]
  let right: [Character]
  let result: [Character]
  private var sizes: [Character: Int] = [:]

  init(_ formula: String, _ a: [Int], _ b: [Int]) {
    let sides = formula.filter { $0 != " " }.split(separator: ">", omittingEmptySubsequences: false)
    let operands = (sides.first ?? "").dropLast().split(separator: ",", omittingEmptySubsequences: false).map(
      Array.init
    )
    precondition(
      sides.count == 2 && sides[0].last == "-" && operands.count == 2,
      "einsum: '\(formula)' must read like 'ij,jk->ik'"
    )
    (left, right, result) = (operands[0], operands[1], Array(sides[1]))
    for (letters, shape) in [(left, a), (right, b)] {
      precondition(
        letters.count == shape.count && Set(letters).count == letters.count,
        "einsum: '\(String(letters))' of '\(formula)' must name each axis of shape \(shape) once"
      )
      for (letter, length) in zip(letters, shape) {
        precondition(
          sizes[letter] ?? length == length,
          "einsum: '\(letter)' of '\(formula)' has lengths \(sizes[letter] ?? 0) and \(length)"
        )
        sizes[letter] = length
      }
    }
    let letters = result
    let known = sizes
    precondition(
      Set(letters).count == letters.count && letters.allSatisfy { known[$0] != nil },
      "einsum: the result of '\(formula)' must name axes of the operands, each once"
    )
  }

  /// Positions of letters that neither the other operand nor the result has.
  func onlySummed(_ letters: [Character], _ other: [Character]) -> [Int] {
    letters.indices.filter { !other.contains(letters[$0]) && !result.contains(letters[$0]) }
  }

  var batch: [Character] { result.filter { left.contains($0) && right.contains($0) } }
  var rows: [Character] { result.filter { left.contains($0) && !right.contains($0) } }
  var columns: [Character] { result.filter { !left.contains($0) && right.contains($0) } }
  var inner: [Character] { left.filter { right.contains($0) && !result.contains($0) } }

  var leftOrder: [Int] { order(of: batch + rows + inner, in: left) }
  var rightOrder: [Int] { order(of: batch + columns + inner, in: right) }
  var resultOrder: [Int] { order(of: result, in: batch + rows + columns) }

  private func order(of wanted: [Character], in letters: [Character]) -> [Int] {
    let present = letters.filter(wanted.contains)
    return wanted.compactMap(present.firstIndex(of:))
  }

  func lengths(_ letters: [Character]) -> [Int] { letters.map { sizes[$0] ?? 1 } }
}
