internal import CDNNL
internal import CKernels
internal import Synchronization

extension ConvolutionPlan {
  typealias Source<Scalar> = UnsafePointer<Scalar>
  typealias Target<Scalar> = UnsafeMutablePointer<Scalar>

  /// Primitives by shape, and by the number of threads that they divide their work for.
  ///
  /// They are kept for good: a program meets few shapes.
  private struct Key: Hashable {
    var plan: ConvolutionPlan
    var kind: UInt32
    var bias: Bool
    var threads: Int
  }
  private struct Primitive: @unchecked Sendable {
    // Immutable once made; oneDNN allows runs from several threads as each brings its own working memory.
    let handle: OpaquePointer?
  }
  private static let primitives = Mutex<[Key: Primitive]>([:])

  private func shape(bias: Bool) -> ofd_shape {
    var shape = ofd_shape()
    shape.axes = Int32(axes)
    shape.bias = bias ? 1 : 0
    shape.batch = Int64(batch)
    shape.input_channels = Int64(inputChannels)
    shape.output_channels = Int64(outputChannels)
    shape.groups = Int64(groups)
    func fill(_ path: WritableKeyPath<ofd_shape, (Int64, Int64, Int64)>, _ values: [Int]) {
      let padded = values + [0, 0]
      shape[keyPath: path] = (Int64(padded[0]), Int64(padded[1]), Int64(padded[2]))
    }
    fill(\.input, input)
    fill(\.output, output)
    fill(\.kernel, kernel)
    fill(\.stride, options.stride)
    fill(\.dilation, options.dilation)
    fill(\.low, options.padding.map(\.before))
    fill(\.high, options.padding.map(\.after))
    return shape
  }

  private func primitive(_ kind: UInt32, bias: Bool) -> OpaquePointer? {
    let key = Key(plan: self, kind: kind, bias: bias, threads: Threads.count)
    return Self.primitives.withLock { known in
      if let found = known[key] { return found }
      var shape = shape(bias: bias)
      let made = Primitive(handle: ofd_convolution_make(&shape, Int32(kind)))
      known[key] = made
      return made
    }.handle
  }

  /// Runs a convolution by oneDNN; false where it cannot.
  private func runPrimitive(
    _ kind: UInt32,
    _ first: Source<Float>,
    _ second: Source<Float>,
    _ bias: Source<Float>?,
    _ result: Target<Float>,
    _ biasResult: Target<Float>?
  ) -> Bool {
    guard let handle = primitive(kind, bias: bias != nil || biasResult != nil) else { return false }
    let workspace = Storage(bytes: ofd_convolution_workspace(handle))
    return withExtendedLifetime(workspace) {
      ofd_convolution_run(handle, first, second, bias, result, biasResult, workspace.base) == 0
    }
  }

  func forward<Scalar: TensorScalar>(_ x: Tensor<Scalar>, _ w: Tensor<Scalar>, _ bias: Tensor<Scalar>?) -> Tensor<
    Scalar
  > {
    let result = Tensor<Scalar>(uninitialized: outputShape)
    guard result.count > 0 else { return result }
    withExtendedLifetime((x.storage, w.storage, bias)) {
      typealias K = Kernels<Scalar>
      if isDepthwiseOverTime { return forwardOverTime(x.pointer, w.pointer, bias?.pointer, result.output) }
      if K.isFloat,
        runPrimitive(0, K.f(x.pointer), K.f(w.pointer), bias.map { K.f($0.pointer) }, K.f(result.output), nil)
      {
        return
      }
      forwardByColumns(x.pointer, w.pointer, result.output)
      if let bias { addBias(bias.pointer, to: result.output) }
    }
    return result
  }

  func inputGradient<Scalar: TensorScalar>(_ g: Tensor<Scalar>, _ w: Tensor<Scalar>) -> Tensor<Scalar> {
    let result = Tensor<Scalar>(uninitialized: inputShape)
    guard g.count > 0 else { return .zeros(inputShape) }
    withExtendedLifetime((g.storage, w.storage)) {
      typealias K = Kernels<Scalar>
      if isDepthwiseOverTime { return inputGradientOverTime(g.pointer, w.pointer, result.output) }
      if K.isFloat, runPrimitive(1, K.f(g.pointer), K.f(w.pointer), nil, K.f(result.output), nil) { return }
      inputGradientByColumns(g.pointer, w.pointer, result.output)
    }
    return result
  }

  func weightGradient<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>,
    _ g: Tensor<Scalar>,
    bias: Bool
  ) -> (weights: Tensor<Scalar>, bias: Tensor<Scalar>?) {
    let result = Tensor<Scalar>(uninitialized: weightShape)
    guard g.count > 0 else { return (.zeros(weightShape), bias ? .zeros([outputChannels]) : nil) }
    let sums = bias ? Tensor<Scalar>(uninitialized: [outputChannels]) : nil
    let done = withExtendedLifetime((x.storage, g.storage, sums?.storage)) { () -> Bool in
      typealias K = Kernels<Scalar>
      if isDepthwiseOverTime {
        weightGradientOverTime(x.pointer, g.pointer, result.output)
        return false
      }
      // Over time alone, gathered columns and one product beat oneDNN's kernels by a factor of two.
      if K.isFloat, axes > 1 || groups > 1 || inputChannels < 8,
        runPrimitive(
          2,
          K.f(x.pointer),
          K.f(g.pointer),
          nil,
          K.f(result.output),
          sums.map { K.f($0.output) }
        )
      {
        return true
      }
      weightGradientByColumns(x.pointer, g.pointer, result.output)
      return false
    }
    if done || !bias { return (result, sums) }
    return (result, g.withShape([batch, outputChannels, outputLength]).reducedRaw(.sum, axes: [0, 2]))
  }

  func addBias<Scalar: TensorScalar>(_ bias: Source<Scalar>, to y: Target<Scalar>) {
    let length = outputLength
    Threads.split(batch * outputChannels, cost: length) { rows in
      for row in rows {
        Kernels.zip(.add, y + row * length, 1, bias + row % outputChannels, 0, y + row * length, length)
      }
    }
  }
}

// MARK: - Few channels over time, by our own kernels

extension ConvolutionPlan {
  private var left: Int { options.padding[0].before }
  private var reach: Int { (kernel[0] - 1) * options.dilation[0] }
  private var inputsPerGroup: Int { inputChannels / groups }
  private var outputsPerGroup: Int { outputChannels / groups }

  private func forwardOverTime<Scalar: TensorScalar>(
    _ x: Source<Scalar>,
    _ w: Source<Scalar>,
    _ bias: Source<Scalar>?,
    _ y: Target<Scalar>
  ) {
    let (n, m, taps) = (input[0], output[0], kernel[0])
    Threads.split(batch * outputChannels, cost: m * taps / 4 + 1) { rows in
      for row in rows {
        let (item, channel) = (row / outputChannels, row % outputChannels)
        let to = y + row * m
        to.update(repeating: bias?[channel] ?? 0, count: m)
        let first = item * inputChannels + channel / outputsPerGroup * inputsPerGroup
        for index in 0..<inputsPerGroup {
          let weights = w + (channel * inputsPerGroup + index) * taps
          depthwise(x + (first + index) * n, n, weights, left, to, m)
        }
      }
    }
  }

  private func inputGradientOverTime<Scalar: TensorScalar>(
    _ g: Source<Scalar>,
    _ w: Source<Scalar>,
    _ y: Target<Scalar>
  ) {
    let (n, m, taps) = (input[0], output[0], kernel[0])
    var turned = [Scalar](repeating: 0, count: outputChannels * inputsPerGroup * taps)
    for row in 0..<outputChannels * inputsPerGroup {
      for tap in 0..<taps { turned[row * taps + tap] = w[row * taps + taps - 1 - tap] }
    }
    turned.withUnsafeBufferPointer { turned in
      guard let turned = turned.baseAddress else { return }
      Threads.split(batch * inputChannels, cost: n * taps / 4 + 1) { rows in
        for row in rows {
          let (item, channel) = (row / inputChannels, row % inputChannels)
          let to = y + row * n
          to.update(repeating: 0, count: n)
          for index in 0..<outputsPerGroup {
            let out = channel / inputsPerGroup * outputsPerGroup + index
            let weights = turned + (out * inputsPerGroup + channel % inputsPerGroup) * taps
            depthwise(g + (item * outputChannels + out) * m, m, weights, reach - left, to, n)
          }
        }
      }
    }
  }

  private func weightGradientOverTime<Scalar: TensorScalar>(
    _ x: Source<Scalar>,
    _ g: Source<Scalar>,
    _ result: Target<Scalar>
  ) {
    typealias K = Kernels<Scalar>
    let (n, m, taps, dilation) = (input[0], output[0], kernel[0], options.dilation[0])
    Threads.split(outputChannels, cost: batch * m * taps / 4 + 1) { channels in
      for channel in channels {
        for index in 0..<inputsPerGroup {
          let to = result + (channel * inputsPerGroup + index) * taps
          to.update(repeating: 0, count: taps)
          let place = channel / outputsPerGroup * inputsPerGroup + index
          for item in 0..<batch {
            let from = x + (item * inputChannels + place) * n
            let up = g + (item * outputChannels + channel) * m
            if K.isFloat {
              ofk_depthwise_weights_f32(K.f(from), n, K.f(up), m, taps, dilation, left, K.f(to))
            } else {
              ofk_depthwise_weights_f64(K.d(from), n, K.d(up), m, taps, dilation, left, K.d(to))
            }
          }
        }
      }
    }
  }

  private func depthwise<Scalar: TensorScalar>(
    _ x: Source<Scalar>,
    _ n: Int,
    _ w: Source<Scalar>,
    _ left: Int,
    _ y: Target<Scalar>,
    _ m: Int
  ) {
    typealias K = Kernels<Scalar>
    if K.isFloat {
      ofk_depthwise_f32(K.f(x), n, K.f(w), kernel[0], options.dilation[0], left, K.f(y), m)
    } else {
      ofk_depthwise_f64(K.d(x), n, K.d(w), kernel[0], options.dilation[0], left, K.d(y), m)
    }
  }
}
