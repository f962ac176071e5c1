import Tensors
import Testing

@Suite("Copies in another order")
struct CopyingTests {
  /// All orders of four axes.
  static let orders: [[Int]] = {
    var found: [[Int]] = []
    for a in 0..<4 {
      for b in 0..<4 where b != a {
        for c in 0..<4 where c != a && c != b { found.append([a, b, c, 6 - a - b - c]) }
      }
    }
    return found
  }()

  @Test("a permutation of axes moves each value to its place, on several threads too", arguments: orders)
  func permutations(_ order: [Int]) {
    let shape = [6, 33, 5, 64]
    let x = Tensor<Int>(Array(0..<shape.reduce(1, *)), shape: shape)
    let y = x.permuted(order)
    var wrong = 0
    for (index, value) in y.values.enumerated() {
      var rest = index
      var place = [0, 0, 0, 0]
      for axis in (0..<4).reversed() {
        place[order[axis]] = rest % y.shape[axis]
        rest /= y.shape[axis]
      }
      if value != ((place[0] * 33 + place[1]) * 5 + place[2]) * 64 + place[3] { wrong += 1 }
    }
    #expect(y.shape == order.map { shape[$0] })
    #expect(wrong == 0)
  }

  @Test("a slice with a step takes each position, in the middle of other axes")
  func slices() {
    let x = Tensor<Int>(Array(0..<40 * 50 * 30), shape: [40, 50, 30])
    let y = x.sliced(3..<50, axis: 1, step: 7)
    var expected: [Int] = []
    for a in 0..<40 {
      for b in stride(from: 3, to: 50, by: 7) { expected += (0..<30).map { (a * 50 + b) * 30 + $0 } }
    }
    #expect(y.values == expected)
  }

  @Test("normalising zeros leaves zeros and passes a finite gradient")
  func zeros() {
    let x = Tensor<Double>([3, 4, 0, 0], shape: [2, 2])
    #expect(x.normalized([1]).isClose(to: Tensor([0.6, 0.8, 0, 0], shape: [2, 2])))
    let gradient = gradient(at: x) { $0.normalized([1]).sum() }
    #expect(gradient.values.allSatisfy { $0.isFinite })
  }
}
