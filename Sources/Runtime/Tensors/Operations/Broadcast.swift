/// How two shapes meet, with neighbouring axes joined where both walk them alike.
struct Broadcast {
  var shape: [Int]
  /// Joined axes, outermost first: length, and the steps of both arrays (0 where one repeats).
  var lengths: [Int] = []
  var stepsA: [Int] = []
  var stepsB: [Int] = []

  init(_ a: [Int], _ b: [Int], _ name: StaticString) {
    shape = broadcastShape(a, b, name)
    let rank = shape.count
    var strideA = 1
    var strideB = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      let lengthA = axis - (rank - a.count) >= 0 ? a[axis - (rank - a.count)] : 1
      let lengthB = axis - (rank - b.count) >= 0 ? b[axis - (rank - b.count)] : 1
      let length = shape[axis]
      defer {
        strideA *= lengthA
        strideB *= lengthB
      }
      if length == 1 { continue }
      let stepA = lengthA == 1 ? 0 : strideA
      let stepB = lengthB == 1 ? 0 : strideB
      if let last = lengths.last, let lastA = stepsA.last, let lastB = stepsB.last, stepA == lastA * last,
        stepB == lastB * last
      {
        lengths[lengths.count - 1] *= length
      } else {
        lengths.append(length)
        stepsA.append(stepA)
        stepsB.append(stepB)
      }
    }
    lengths.reverse()
    stepsA.reverse()
    stepsB.reverse()
  }

  /// Calls `body` for each innermost run with the offsets of the result and of both arrays.
  func forEachRun(_ rows: Range<Int>, _ body: (_ result: Int, _ a: Int, _ b: Int) -> Void) {
    let outer = lengths.count - 1
    let inner = lengths[outer]
    for row in rows {
      var rest = row
      var a = 0
      var b = 0
      var axis = outer - 1
      while axis >= 0 {
        let place = rest % lengths[axis]
        rest /= lengths[axis]
        a += place * stepsA[axis]
        b += place * stepsB[axis]
        axis -= 1
      }
      body(row * inner, a, b)
    }
  }
}

/// The shape that two shapes have together, where axes of length 1 or missing ones in front repeat.
func broadcastShape(_ a: [Int], _ b: [Int], _ name: StaticString) -> [Int] {
  if a == b { return a }
  let rank = max(a.count, b.count)
  var shape = [Int](repeating: 1, count: rank)
  for axis in 0..<rank {
    let left = axis - (rank - a.count) >= 0 ? a[axis - (rank - a.count)] : 1
    let right = axis - (rank - b.count) >= 0 ? b[axis - (rank - b.count)] : 1
    precondition(
      left == right || left == 1 || right == 1,
      "\(name): shapes \(a) and \(b) do not fit; on axis \(axis) lengths must be equal or 1, got \(left) and \(right)"
    )
    shape[axis] = left == 1 ? right : left
  }
  return shape
}

extension Tensor where Scalar: TensorScalar {
  /// One value for each pair, without a gradient.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func paired(_ operation: Pairing, _ other: Tensor, _ name: StaticString) -> Tensor {
    withExtendedLifetime((storage, other.storage)) {
      if shape == other.shape { return pairedRun(operation, 1, other, 1, shape) }
      if other.count == 1, other.rank <= rank { return pairedRun(operation, 1, other, 0, shape) }
      if count == 1, rank <= other.rank { return pairedRun(operation, 0, other, 1, other.shape) }
      let plan = Broadcast(shape, other.shape, name)
      let result = Tensor(uninitialized: plan.shape)
      if result.count == 0 { return result }
      guard let inner = plan.lengths.last, let stepA = plan.stepsA.last, let stepB = plan.stepsB.last else {
        return pairedRun(operation, 1, other, 1, plan.shape)
      }
      let (a, b, to) = (pointer, other.pointer, result.output)
      let rows = result.count / inner
      Threads.split(rows, cost: inner) { rows in
        plan.forEachRun(rows) { Kernels.zip(operation, a + $1, stepA, b + $2, stepB, to + $0, inner) }
      }
      return result
    }
  }

  private func pairedRun(_ operation: Pairing, _ step: Int, _ other: Tensor, _ otherStep: Int, _ shape: [Int]) -> Tensor
  {
    let result = Tensor(uninitialized: shape)
    let (a, b, to) = (pointer, other.pointer, result.output)
    Threads.split(result.count, cost: operation.cost) { range in
      Kernels.zip(
        operation,
        a + step * range.lowerBound,
        step,
        b + otherStep * range.lowerBound,
        otherStep,
        to + range.lowerBound,
        range.count
      )
    }
    return result
  }

  /// The sum over the axes that broadcasting from a shape had repeated.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func reduced(to target: [Int]) -> Tensor {
    if shape == target { return self }
    let extra = rank - target.count
    var axes = Array(0..<extra)
    for axis in 0..<target.count where target[axis] == 1 && shape[extra + axis] != 1 { axes.append(extra + axis) }
    return reducedRaw(.sum, axes: axes).withShape(target)
  }

  /// Adds in place; the other has the same shape.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  mutating func formSum(with other: Tensor) {
    precondition(shape == other.shape, "gradients: shape \(other.shape) arrived where \(shape) was expected")
    guard isKnownUniquelyReferenced(&storage) else {
      self = paired(.add, other, "gradients")
      return
    }
    let count = count
    let to = output
    withExtendedLifetime((storage, other.storage)) {
      let from = other.pointer
      Threads.split(count) { Kernels.axpy(1, from + $0.lowerBound, to + $0.lowerBound, $0.count) }
    }
  }
}

extension Pairing {
  /// Work of one pair, where an addition is 1.
  var cost: Int {
    switch self {
    case .power, .atan2: 32
    default: 1
    }
  }
}
