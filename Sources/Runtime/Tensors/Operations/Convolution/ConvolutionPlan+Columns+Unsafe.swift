// Convolutions as matrix products of gathered columns: for Double, and for what oneDNN refuses.
extension ConvolutionPlan {
  private var groupInputs: Int { inputChannels / groups }
  private var groupOutputs: Int { outputChannels / groups }

  /// Calls a body for each tap and output place that meets the input, with flat positions of both.
  private func forEachMeeting(_ body: (_ tap: Int, _ place: Int, _ source: Int) -> Void) {
    let (input, output, kernel) = (three(input), three(output), three(kernel))
    let (stride, dilation) = (three(options.stride), three(options.dilation))
    let before = [Int](repeating: 0, count: 3 - axes) + options.padding.map(\.before)
    for tap in 0..<taps {
      let k = [tap / (kernel[1] * kernel[2]), tap / kernel[2] % kernel[1], tap % kernel[2]]
      for a in 0..<output[0] {
        let i = a * stride[0] + k[0] * dilation[0] - before[0]
        if i < 0 || i >= input[0] { continue }
        for b in 0..<output[1] {
          let j = b * stride[1] + k[1] * dilation[1] - before[1]
          if j < 0 || j >= input[1] { continue }
          for c in 0..<output[2] {
            let l = c * stride[2] + k[2] * dilation[2] - before[2]
            if l < 0 || l >= input[2] { continue }
            body(tap, (a * output[1] + b) * output[2] + c, (i * input[1] + j) * input[2] + l)
          }
        }
      }
    }
  }

  private func three(_ values: [Int]) -> [Int] { [Int](repeating: 1, count: 3 - axes) + values }

  /// Gathers `[inputs of a group, taps, output places]`.
  private func gather<Scalar: TensorScalar>(_ x: Source<Scalar>, _ columns: Target<Scalar>) {
    let (places, length, taps) = (outputLength, inputLength, taps)
    if axes == 1 { return gatherOverTime(x, columns) }
    columns.update(repeating: 0, count: groupInputs * taps * places)
    forEachMeeting { tap, place, source in
      for channel in 0..<groupInputs {
        columns[(channel * taps + tap) * places + place] = x[channel * length + source]
      }
    }
  }

  private func gatherOverTime<Scalar: TensorScalar>(_ x: Source<Scalar>, _ columns: Target<Scalar>) {
    let (places, length, taps, step) = (outputLength, inputLength, taps, options.stride[0])
    Threads.split(groupInputs, cost: taps * places) { channels in
      for row in channels.lowerBound * taps..<channels.upperBound * taps {
        let to = columns + row * places
        let shift = row % taps * options.dilation[0] - options.padding[0].before
        let from = x + row / taps * length
        // Places low..<high meet the input.
        let low = min(places, max(0, (step - 1 - shift) / step))
        let high = max(low, min(places, (length - 1 - shift) / step + 1))
        to.update(repeating: 0, count: low)
        if step == 1 {
          (to + low).update(from: from + low + shift, count: high - low)
        } else {
          for place in low..<high { to[place] = from[place * step + shift] }
        }
        (to + high).update(repeating: 0, count: places - high)
      }
    }
  }

  func forwardByColumns<Scalar: TensorScalar>(_ x: Source<Scalar>, _ w: Source<Scalar>, _ y: Target<Scalar>) {
    let depth = groupInputs * taps
    let columns = Tensor<Scalar>(uninitialized: [depth, outputLength])
    let task = MatrixProduct(rows: groupOutputs, columns: outputLength, depth: depth)
    forEachGroup { item, group in
      gather(x + (item * inputChannels + group * groupInputs) * inputLength, columns.output)
      let to = y + (item * outputChannels + group * groupOutputs) * outputLength
      task.run(w + group * groupOutputs * depth, columns.pointer, to)
    }
  }

  func inputGradientByColumns<Scalar: TensorScalar>(_ g: Source<Scalar>, _ w: Source<Scalar>, _ y: Target<Scalar>) {
    let depth = groupInputs * taps
    let (places, length, taps) = (outputLength, inputLength, taps)
    let columns = Tensor<Scalar>(uninitialized: [depth, places])
    let task = MatrixProduct(rows: depth, columns: places, depth: groupOutputs, transposesLeft: true)
    y.update(repeating: 0, count: batch * inputChannels * length)
    forEachGroup { item, group in
      let from = g + (item * outputChannels + group * groupOutputs) * places
      task.run(w + group * groupOutputs * depth, from, columns.output)
      let to = y + (item * inputChannels + group * groupInputs) * length
      let parts = columns.pointer
      forEachMeeting { tap, place, source in
        for channel in 0..<groupInputs {
          to[channel * length + source] += parts[(channel * taps + tap) * places + place]
        }
      }
    }
  }

  func weightGradientByColumns<Scalar: TensorScalar>(_ x: Source<Scalar>, _ g: Source<Scalar>, _ y: Target<Scalar>) {
    let depth = groupInputs * taps
    let columns = Tensor<Scalar>(uninitialized: [depth, outputLength])
    let task = MatrixProduct(rows: groupOutputs, columns: depth, depth: outputLength, transposesRight: true)
    forEachGroup { item, group in
      gather(x + (item * inputChannels + group * groupInputs) * inputLength, columns.output)
      let from = g + (item * outputChannels + group * groupOutputs) * outputLength
      task.run(from, columns.pointer, y + group * groupOutputs * depth, beta: item == 0 ? 0 : 1)
    }
  }

  private func forEachGroup(_ body: (_ item: Int, _ group: Int) -> Void) {
    for item in 0..<batch {
      for group in 0..<groups { body(item, group) }
    }
  }
}
