import Tensors
import Testing

/// One operation on doubles, as the gradient table runs it.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [[Int]]
  /// Where values may lie, so that the operation is smooth there.
  let range: ClosedRange<Double>
  let run: @Sendable ([Tensor<Double>]) -> Tensor<Double>
  var testDescription: String { name }

  init(
    _ name: String,
    _ shapes: [[Int]],
    in range: ClosedRange<Double> = -2...2,
    _ run: @escaping @Sendable ([Tensor<Double>]) -> Tensor<Double>
  ) {
    (self.name, self.shapes, self.range, self.run) = (name, shapes, range, run)
  }

  static let elementwise: [OperationCase] = [
    OperationCase("+ with rows", [[3, 4], [4]]) { $0[0] + $0[1] },
    OperationCase("+ with columns", [[3, 1], [2, 3, 4]]) { $0[0] + $0[1] },
    OperationCase("-", [[2, 3], [2, 1]]) { $0[0] - $0[1] },
    OperationCase("*", [[2, 1, 3], [4, 1]]) { $0[0] * $0[1] },
    OperationCase("* with itself", [[5]]) { $0[0] * $0[0] },
    OperationCase("/", [[2, 3], [3]], in: 0.5...2) { $0[0] / $0[1] },
    OperationCase("maximum", [[7], [7]]) { .maximum($0[0], $0[1]) },
    OperationCase("minimum", [[3, 7], [7]]) { .minimum($0[0], $0[1]) },
    OperationCase("power of tensors", [[5], [5]], in: 0.5...2) { $0[0].power($0[1]) },
    OperationCase("atan2", [[5], [5]], in: 0.5...2) { $0[0].atan2($0[1]) },
    OperationCase("numbers on the right", [[5]]) { (($0[0] + 2) * 3 - 1) / 7 },
    OperationCase("numbers on the left", [[5]], in: 0.5...2) { 3 / (2 + (1 - 4 * $0[0]).squared()) },
    OperationCase("negative", [[3]]) { -$0[0] },
    OperationCase("abs", [[6]]) { $0[0].abs() },
    OperationCase("sign", [[6]]) { $0[0].sign() * $0[0] },
    OperationCase("squared", [[6]]) { $0[0].squared() },
    OperationCase("sqrt", [[6]], in: 0.5...3) { $0[0].sqrt() },
    OperationCase("reciprocalSqrt", [[6]], in: 0.5...3) { $0[0].reciprocalSqrt() },
    OperationCase("reciprocal", [[6]], in: 0.5...3) { $0[0].reciprocal() },
    OperationCase("exp", [[6]]) { $0[0].exp() },
    OperationCase("expMinusOne", [[6]]) { $0[0].expMinusOne() },
    OperationCase("log", [[6]], in: 0.5...3) { $0[0].log() },
    OperationCase("logOnePlus", [[6]], in: -0.5...3) { $0[0].logOnePlus() },
    OperationCase("sin", [[6]]) { $0[0].sin() },
    OperationCase("cos", [[6]]) { $0[0].cos() },
    OperationCase("tanh", [[6]]) { $0[0].tanh() },
    OperationCase("sigmoid", [[6]]) { $0[0].sigmoid() },
    OperationCase("relu", [[6]]) { $0[0].relu() },
    OperationCase("squaredReLU", [[6]]) { $0[0].squaredReLU() },
    OperationCase("leakyReLU", [[6]]) { $0[0].leakyReLU(slope: 0.2) },
    OperationCase("elu", [[6]]) { $0[0].elu(scale: 1.5) },
    OperationCase("gelu", [[6]]) { $0[0].gelu() },
    OperationCase("geluTanh", [[6]]) { $0[0].geluTanh() },
    OperationCase("silu", [[6]]) { $0[0].silu() },
    OperationCase("softplus", [[6]]) { $0[0].softplus() },
    OperationCase("erf", [[6]]) { $0[0].erf() },
    OperationCase("floor", [[6]]) { $0[0].floor() * $0[0] },
    OperationCase("rounded", [[6]]) { $0[0].rounded() * $0[0] },
    OperationCase("power", [[6]], in: 0.5...2) { $0[0].power(2.5) },
    OperationCase("power 2", [[6]]) { $0[0].power(2) },
    OperationCase("clamped", [[9]]) { $0[0].clamped(to: -1...1) },
    OperationCase("selecting", [[2, 3], [3]]) {
      $0[0].selecting(where: Tensor([true, false, true]), otherwise: $0[1])
    },
    OperationCase("replacing", [[4]]) { $0[0].replacing(where: Tensor([true, false, true, false]), with: 3) },
  ]

  static let reductions: [OperationCase] = [
    OperationCase("sum", [[2, 3, 4]]) { $0[0].sum() },
    OperationCase("sum of axes 0 and 2", [[2, 3, 4]]) { $0[0].sum([0, 2]) },
    OperationCase("sum kept", [[2, 3, 4]]) { $0[0].sum(1, keepsAxes: true) },
    OperationCase("mean", [[2, 3, 4]]) { $0[0].mean(-1) },
    OperationCase("variance", [[2, 5]]) { $0[0].variance([1], correction: 1) },
    OperationCase("max", [[3, 5]]) { $0[0].max([1]) },
    OperationCase("max of first axis", [[3, 5]]) { $0[0].max([0], keepsAxes: true) },
    OperationCase("min", [[3, 5]]) { $0[0].min() },
    OperationCase("product", [[2, 4]], in: 0.5...2) { $0[0].product([1]) },
    OperationCase("product of first axis", [[2, 4]], in: 0.5...2) { $0[0].product([0], keepsAxes: true) },
    OperationCase("norm", [[3, 4]]) { $0[0].norm([1]) },
    OperationCase("normalized", [[3, 4]]) { $0[0].normalized([0]) },
    OperationCase("softmax", [[3, 5]]) { $0[0].softmax() },
    OperationCase("softmax of first axis", [[3, 5]]) { $0[0].softmax(axis: 0) },
    OperationCase("logSoftmax", [[3, 5]]) { $0[0].logSoftmax() },
    OperationCase("logSumExp", [[2, 3, 5]]) { $0[0].logSumExp([0, 2]) },
    OperationCase("logSumExp kept", [[2, 3]]) { $0[0].logSumExp(keepsAxes: true) },
    OperationCase("cumulativeSum", [[3, 4, 2]]) { $0[0].cumulativeSum(axis: 1) },
    OperationCase("sorted", [[3, 6]]) { $0[0].sorted() },
    OperationCase("sorted down the first axis", [[6, 2]]) { $0[0].sorted(axis: 0, descending: true) },
    OperationCase("top", [[3, 6]]) { $0[0].top(2).values },
  ]

  static let arrangements: [OperationCase] = [
    OperationCase("reshaped", [[2, 6]]) { $0[0].reshaped([3, -1]) },
    OperationCase("flattened", [[2, 3, 4]]) { $0[0].flattened(from: 1) },
    OperationCase("expanded, squeezed", [[2, 3]]) { $0[0].expanded(at: 1).expanded(at: -1).squeezed(1) },
    OperationCase("permuted", [[2, 3, 4]]) { $0[0].permuted([2, 0, 1]) },
    OperationCase("transposed", [[2, 3, 4]]) { $0[0].transposed() },
    OperationCase("broadcast", [[3, 1]]) { $0[0].broadcast(to: [2, 3, 4]) },
    OperationCase("repeated", [[2, 3]]) { $0[0].repeated(3, axis: 1) },
    OperationCase("sliced", [[5, 4]]) { $0[0].sliced(1..<4) },
    OperationCase("sliced with step", [[3, 7]]) { $0[0].sliced(1..<6, axis: 1, step: 2) },
    OperationCase("selected", [[3, 4]]) { $0[0].selected(-1, axis: 1) },
    OperationCase("concatenated", [[2, 3], [2, 1]]) { .concatenated($0, axis: 1) },
    OperationCase("stacked", [[2, 3], [2, 3]]) { .stacked($0, axis: -1) },
    OperationCase("split", [[2, 6]]) { x in
      let parts = x[0].split([1, 3, 2], axis: 1)
      return parts[0] * 2 + parts[1].sum(1, keepsAxes: true) * parts[2].sum(1, keepsAxes: true)
    },
    OperationCase("split into", [[4, 2]]) { $0[0].split(into: 2)[1] },
    OperationCase("reversed", [[2, 3, 2]]) { $0[0].reversed(axis: 1) },
    OperationCase("padded", [[2, 3]]) { $0[0].padded(before: 1, after: 2, axis: 1) },
    OperationCase("padded and cut", [[2, 5]]) { $0[0].padded(before: -1, after: 2, axis: 1) },
    OperationCase("padded, replicated", [[2, 3]]) { $0[0].padded(before: 2, after: 1, axis: 1, mode: .replicated) },
    OperationCase("padded, reflected", [[2, 3]]) { $0[0].padded(before: 2, after: 1, axis: 1, mode: .reflected) },
    OperationCase("padded, circular", [[4, 2]]) { $0[0].padded(before: 2, after: 5, axis: 0, mode: .circular) },
    OperationCase("indexSelected", [[4, 3]]) { $0[0].indexSelected(Tensor([2, 0, 2])) },
    OperationCase("indexSelected on axis 1", [[2, 4, 2]]) {
      $0[0].indexSelected(Tensor([3, 3, 0, 1], shape: [2, 2]), axis: 1)
    },
    OperationCase("gatheredRows", [[4, 3]]) { $0[0].gatheredRows(Tensor([1, 1, 3])) },
    OperationCase("scatterAddedRows", [[4, 3]]) { $0[0].scatterAddedRows(Tensor([1, 1, 3, 0]), count: 5) },
    OperationCase("gathered", [[2, 4]]) { $0[0].gathered(Tensor([1, 1, 3, 0], shape: [2, 2])) },
  ]

  static let products: [OperationCase] = [
    OperationCase("matmul", [[3, 4], [4, 2]]) { $0[0].matmul($0[1]) },
    OperationCase("matmul, left transposed", [[4, 3], [4, 2]]) { $0[0].matmul($0[1], transposesLeft: true) },
    OperationCase("matmul, right transposed", [[3, 4], [2, 4]]) { $0[0].matmul($0[1], transposesRight: true) },
    OperationCase("matmul, both transposed", [[4, 3], [2, 4]]) {
      $0[0].matmul($0[1], transposesLeft: true, transposesRight: true)
    },
    OperationCase("matmul of a batch with a matrix", [[2, 3, 4], [4, 2]]) { $0[0].matmul($0[1]) },
    OperationCase("matmul of a matrix with a batch", [[3, 4], [2, 4, 2]]) { $0[0].matmul($0[1]) },
    OperationCase("matmul of batches", [[2, 3, 4], [2, 5, 4]]) { $0[0].matmul($0[1], transposesRight: true) },
    OperationCase("matmul of crossing batches", [[2, 1, 3, 4], [1, 3, 4, 2]]) { $0[0].matmul($0[1]) },
    OperationCase("matmul of a transposed batch with a matrix", [[2, 4, 3], [4, 2]]) {
      $0[0].matmul($0[1], transposesLeft: true)
    },
    OperationCase("einsum", [[2, 3, 4], [3, 2, 4, 5]]) { .einsum("abc,bacd->dab", $0[0], $0[1]) },
    OperationCase("einsum with sums", [[2, 3], [4, 2]]) { .einsum("ij,ki->i", $0[0], $0[1]) },
    OperationCase("convolved", [[2, 3, 9], [4, 3, 3], [4]]) {
      $0[0].convolved($0[1], bias: $0[2], ConvolutionOptions(axes: 1, stride: 2, padding: 1, dilation: 2))
    },
    OperationCase("convolved by one tap", [[2, 3, 5], [4, 3, 1], [4]]) {
      $0[0].convolved($0[1], bias: $0[2], ConvolutionOptions(axes: 1))
    },
    OperationCase("convolved depthwise", [[2, 4, 9], [4, 1, 3], [4]]) {
      var options = ConvolutionOptions(axes: 1, dilation: 2, groups: 4)
      options.keepLength(kernel: [3], causal: true)
      return $0[0].convolved($0[1], bias: $0[2], options)
    },
    OperationCase("convolved in narrow groups", [[2, 4, 9], [6, 2, 5]]) {
      $0[0].convolved($0[1], ConvolutionOptions(axes: 1, padding: 1, groups: 2))
    },
    OperationCase("convolved 2-d in groups", [[2, 4, 5, 4], [6, 2, 3, 2]]) {
      $0[0].convolved($0[1], ConvolutionOptions(axes: 2, stride: 2, padding: 1, groups: 2))
    },
    OperationCase("convolved 3-d", [[1, 2, 3, 4, 3], [2, 2, 2, 3, 2], [2]]) {
      $0[0].convolved($0[1], bias: $0[2], ConvolutionOptions(axes: 3, padding: 1))
    },
    OperationCase("convolvedTransposed", [[2, 3, 5], [3, 2, 4], [2]]) {
      $0[0].convolvedTransposed(
        $0[1],
        bias: $0[2],
        ConvolutionOptions(axes: 1, stride: 3, padding: 1),
        outputPadding: [1]
      )
    },
    OperationCase("convolvedTransposed 2-d", [[1, 4, 3, 2], [4, 1, 2, 2]]) {
      $0[0].convolvedTransposed($0[1], ConvolutionOptions(axes: 2, stride: 2, groups: 2))
    },
  ]

  static let all = elementwise + reductions + arrangements + products + LayerOperationCases.all
}
