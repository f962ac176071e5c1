import TestSupport
import Tensors
import Testing

@Suite("What operations refuse")
struct RefusalTests {
  static let x = Tensor<Float>([1, 2, 3, 4, 5, 6], shape: [2, 3])
  static let empty = Tensor<Float>.zeros([2, 0])

  static let shapes: [Refusal] = [
    Refusal("+: shapes [2, 3] and [2] do not fit") { _ = x + Tensor<Float>([1, 2]) },
    Refusal("Tensor: 2 values do not fill shape [3], which holds 3") { _ = Tensor<Float>([1, 2], shape: [3]) },
    Refusal("Tensor: shape [2, -1] has a negative length") { _ = Tensor<Float>.zeros([2, -1]) },
    Refusal("holds more values than can be counted") { _ = Tensor<Float>.zeros([1 << 40, 1 << 40]) },
    Refusal("Tensor(rows:): rows have lengths [1, 2]") { _ = Tensor<Float>(rows: [[1], [1, 2]]) },
    Refusal("Tensor.value: shape [2, 3] holds 6 values; take one of them") { _ = x.value },
    Refusal("Tensor: position 2 on axis 0 of shape [2, 3]") { _ = x[2, 0] },
    Refusal("Tensor: 1 positions for shape [2, 3]") { _ = x[1] },
    Refusal("reshaped:") { _ = x.reshaped([4]) },
    Refusal("reshaped: 6 values of shape [2, 3] do not fill [-1, -1] with any length for -1") {
      _ = x.reshaped([-1, -1])
    },
    Refusal("permuted:") { _ = x.permuted([0, 0]) },
    Refusal("squeezed:") { _ = x.squeezed(1) },
    Refusal("broadcast") { _ = x.broadcast(to: [2, 4]) },
    Refusal("sliced: 1..<4 leaves axis 1 of shape [2, 3]") { _ = x.sliced(1..<4, axis: 1) },
    Refusal("sliced: step 0 must be positive") { _ = x.sliced(0..<1, step: 0) },
    Refusal("sliced: axis 2 of shape [2, 3], which has 2 axes") { _ = x.sliced(0..<1, axis: 2) },
    Refusal("selected: position 3 on axis 1 of shape [2, 3]") { _ = x.selected(3, axis: 1) },
    Refusal("concatenated: there is nothing to join") { _ = Tensor<Float>.concatenated([]) },
    Refusal("concatenated: shapes [2, 3] and [2] may differ on axis 0 only") {
      _ = Tensor<Float>.concatenated([x, Tensor<Float>([1, 2])])
    },
    Refusal("split:") { _ = x.split([1, 1], axis: 1) },
    Refusal("split:") { _ = x.split(into: 2, axis: 1) },
    Refusal("padded:") { _ = x.padded(before: 3, axis: 1, mode: .reflected) },
    Refusal("padded:") { _ = empty.padded(before: 1, axis: 1, mode: .replicated) },
  ]

  static let calculations: [Refusal] = [
    Refusal("indexSelected: index 2, entry 1, leaves 0..<2, axis 0 of shape [2, 3]") {
      _ = x.indexSelected(Tensor([0, 2]))
    },
    Refusal("indexSelected: index -1, entry 0, leaves 0..<2") { _ = x.indexSelected(Tensor([-1])) },
    Refusal("scatterAddedRows:") { _ = x.scatterAddedRows(Tensor([0, 5]), count: 4) },
    Refusal("scatterAddedRows:") { _ = x.scatterAddedRows(Tensor([0]), count: 4) },
    Refusal("gathered: index 3, entry 0, leaves 0..<3") { _ = x.gathered(Tensor([3, 0], shape: [2, 1])) },
    Refusal("gathered: indices of shape [1, 1] and values of shape [2, 3] may differ on axis 1 only") {
      _ = x.gathered(Tensor([0], shape: [1, 1]))
    },
    Refusal("oneHot: index 4, entry 0, leaves 0..<3") { _ = Tensor<Float>.oneHot(Tensor([4]), classes: 3) },
    Refusal("matmul: inner lengths of shapes [2, 3] and [2, 3] must be equal, got 3 and 2") { _ = x.matmul(x) },
    Refusal("matmul: shapes [2, 3] and [3] must have two axes at least; reshape vectors to matrices") {
      _ = x.matmul(Tensor<Float>([1, 2, 3]))
    },
    Refusal("softmaxAttention: q [2, 3], k [2, 3], v [2, 3] with 2 heads side by side") {
      _ = Tensor.softmaxAttention(x, x, x, heads: 2)
    },
    Refusal("softmaxAttention: 2 queries and 3 keys; causal attention wants as many of both") {
      let wide = Tensor<Float>.zeros([3, 3])
      _ = Tensor.softmaxAttention(x, wide, wide, isCausal: true)
    },
    Refusal("rectifiedAttention: 2 queries and 3 keys; expected as many of both") {
      let wide = Tensor<Float>.zeros([3, 3])
      _ = Tensor.rectifiedAttention(x, wide, wide)
    },
    Refusal("multiplyAdd: shape [2, 3] with factors [3] and summands [3]") {
      _ = x.multiplyAdd(Tensor<Float>([1, 2, 3]), Tensor<Float>([1, 2, 3]))
    },
    Refusal("linear: shape [2, 3] with weight [2, 3] and bias [3]") {
      _ = x.linear(x, bias: Tensor<Float>([1, 2, 3]))
    },
    Refusal("einsum: 'i' of 'ij,ik->jk' has lengths 2 and 3") {
      _ = Tensor.einsum("ij,ik->jk", x, Tensor<Float>.zeros([3, 1]))
    },
    Refusal("einsum: 'ij' must read like 'ij,jk->ik'") { _ = Tensor.einsum("ij", x, x) },
    Refusal("max") { _ = empty.max([1]) },
    Refusal("argMax: axis 1 of shape [2, 0] is empty") { _ = empty.argMax(axis: 1) },
    Refusal("top: 4 values of axis 1 of shape [2, 3]") { _ = x.top(4) },
    Refusal("softmax: axis 2 of shape [2, 3], which has 2 axes") { _ = x.softmax(axis: 2) },
    Refusal("convolved: input [2, 3] and weights [1, 3, 2] must have 3 axes") {
      _ = x.convolved(Tensor<Float>.zeros([1, 3, 2]), ConvolutionOptions(axes: 1))
    },
    Refusal("convolved: input [1, 2, 3] has 2 channels; weights [1, 3, 2] in 1 groups need 3") {
      _ = x.reshaped([1, 2, 3]).convolved(Tensor<Float>.zeros([1, 3, 2]), ConvolutionOptions(axes: 1))
    },
    Refusal("axis 2 of input [1, 2, 3] with padding 0 + 0 is shorter than the kernel [1, 2, 4]") {
      _ = x.reshaped([1, 2, 3]).convolved(Tensor<Float>.zeros([1, 2, 4]), ConvolutionOptions(axes: 1))
    },
    Refusal("lstm: input has shape [2, 3], expected [time, batch, features]") {
      let weights = RecurrentWeights<Float>(
        input: .zeros([8, 3]),
        hidden: .zeros([8, 2]),
        inputBias: .zeros([8]),
        hiddenBias: .zeros([8])
      )
      _ = x.lstm(weights)
    },
    Refusal("gru: weights [8, 3], [8, 2] and biases [8], [8] do not fit input [2, 1, 3]") {
      let weights = RecurrentWeights<Float>(
        input: .zeros([8, 3]),
        hidden: .zeros([8, 2]),
        inputBias: .zeros([8]),
        hiddenBias: .zeros([8])
      )
      _ = x.reshaped([2, 1, 3]).gru(weights)
    },
    Refusal("categorical: weight -1.0 is negative or not a number") {
      var random = RandomStream(seed: 0)
      _ = random.categorical(1, weights: [1, -1])
    },
    Refusal("categorical: weights add up to 0.0, must be positive and finite") {
      var random = RandomStream(seed: 0)
      _ = random.categorical(1, weights: [0, 0])
    },
    Refusal("Threads.count: must be at least 1, got 0") { Threads.count = 0 },
    Refusal("gradients of gradients are not supported") {
      _ = gradient(at: Tensor<Float>([1])) { x in gradient(at: x) { $0 * x } }
    },
  ]

  static let all = shapes + calculations

  @Test("wrong shapes, positions and empty axes are refused in words", arguments: all.indices)
  func refusals(index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [index = index as Int] in
      Self.all[index].call()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(Self.all[index].message), "expected '\(Self.all[index].message)', got '\(text.prefix(300))'")
  }
}
