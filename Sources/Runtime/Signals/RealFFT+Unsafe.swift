internal import Tensors

extension RealFFT {
  /// Half spectrum of an even number of values by a complex transform of half the length.
  func forwardEven(_ values: [Scalar]) -> [Complex<Scalar>] {
    let half = length / 2
    return [Complex<Scalar>](unsafeUninitializedCapacity: half + 1) { output, count in
      count = half + 1
      SplitBuffer<Scalar>.with(half + 1) { work in
        SplitBuffer<Scalar>.with(half + 1) { scratch in
          values.withUnsafeBufferPointer { input in
            guard let input = input.baseAddress else { return }
            Scalar.split(input, to: work.real, work.imaginary, count: half)
          }
          let packed = plan.run(work, scratch: scratch, lanes: 1)
          let free = packed.real == work.real ? scratch : work
          withHalfTurn { wr, wi in
            Scalar.unpackReal(
              from: packed.real,
              packed.imaginary,
              to: free.real,
              free.imaginary,
              half: half,
              lanes: 1,
              wr: wr,
              wi: wi
            )
          }
          FourierPlan.withScalars(output) {
            Scalar.join(free.real, free.imaginary, to: $0, count: half + 1, factor: 1)
          }
        }
      }
    }
  }

  /// An even number of values from their half spectrum.
  func inverseEven(_ spectrum: [Complex<Scalar>]) -> [Scalar] {
    let half = length / 2
    return [Scalar](unsafeUninitializedCapacity: length) { output, count in
      count = length
      guard let output = output.baseAddress else { return }
      SplitBuffer<Scalar>.with(half + 1) { work in
        SplitBuffer<Scalar>.with(half + 1) { scratch in
          FourierPlan.withScalars(spectrum) { Scalar.split($0, to: work.real, work.imaginary, count: half + 1) }
          work.imaginary[0] = 0
          work.imaginary[half] = 0
          withHalfTurn { wr, wi in
            Scalar.packReal(
              from: work.real,
              work.imaginary,
              to: scratch.real,
              scratch.imaginary,
              half: half,
              lanes: 1,
              wr: wr,
              wi: wi
            )
          }
          let result = plan.run(scratch.exchanged, scratch: work.exchanged, lanes: 1).exchanged
          Scalar.join(result.real, result.imaginary, to: output, count: half, factor: 1 / Scalar(length))
        }
      }
    }
  }

  /// Half spectra as `forwardRows` gives them, by all threads.
  ///
  /// Threads take whole vectors of rows; a row's spectrum does not depend on its neighbours.
  func forwardAllRows(
    _ input: UnsafePointer<Scalar>,
    count: Int,
    stride: Int,
    into re: UnsafeMutablePointer<Scalar>,
    _ im: UnsafeMutablePointer<Scalar>
  ) {
    splitRows(count) { first, rows in
      let place = first * spectrumCount
      forwardRows(input + first * stride, count: rows, stride: stride, into: re + place, im + place)
    }
  }

  /// Sequences as `inverseRows` gives them, by all threads.
  func inverseAllRows(
    _ re: UnsafePointer<Scalar>,
    _ im: UnsafePointer<Scalar>,
    count: Int,
    into output: UnsafeMutablePointer<Scalar>
  ) {
    splitRows(count) { first, rows in
      let place = first * spectrumCount
      inverseRows(re + place, im + place, count: rows, into: output + first * length)
    }
  }

  /// Cuts rows into parts of whole vectors, one a thread, each given by its first row and their number.
  private func splitRows(_ count: Int, _ body: (Int, Int) -> Void) {
    let lanes = isEven ? plan.lanes : 1
    Threads.split((count + lanes - 1) / lanes, cost: 8 * length * lanes) { range in
      let first = range.lowerBound * lanes
      body(first, min(range.upperBound * lanes, count) - first)
    }
  }

  /// Half spectra `[count, length / 2 + 1]` of rows in memory, to memory that need not be set.
  func forwardRows(
    _ input: UnsafePointer<Scalar>,
    count: Int,
    stride: Int,
    into re: UnsafeMutablePointer<Scalar>,
    _ im: UnsafeMutablePointer<Scalar>
  ) {
    if isEven { return forwardRowsEven(input, count: count, stride: stride, into: re, im) }
    for row in 0..<count {
      let spectrum = forward(Array(UnsafeBufferPointer(start: input + row * stride, count: length)))
      for (index, value) in spectrum.enumerated() {
        (re + row * spectrumCount + index).initialize(to: value.real)
        (im + row * spectrumCount + index).initialize(to: value.imaginary)
      }
    }
  }

  /// Half spectra of many sequences of even length, as many at a time as a vector holds.
  private func forwardRowsEven(
    _ input: UnsafePointer<Scalar>,
    count: Int,
    stride: Int,
    into re: UnsafeMutablePointer<Scalar>,
    _ im: UnsafeMutablePointer<Scalar>
  ) {
    let lanes = plan.lanes
    let width = spectrumCount
    withTwoBuffers(lanes) { work, scratch in
      for first in Swift.stride(from: 0, to: count, by: lanes) {
        let rows = min(lanes, count - first)
        let result = forwardBlock(input + first * stride, stride: stride, rows: rows, work, scratch)
        for (part, target) in [(result.real, re), (result.imaginary, im)] {
          Scalar.scatter(
            part,
            lanes: lanes,
            to: target + first * width,
            stride: width,
            rows: rows,
            count: width,
            factor: 1
          )
        }
      }
    }
  }

  /// Half spectra of up to `plan.lanes` rows, left side by side in one of the two buffers.
  private func forwardBlock(
    _ input: UnsafePointer<Scalar>,
    stride: Int,
    rows: Int,
    _ work: SplitBuffer<Scalar>,
    _ scratch: SplitBuffer<Scalar>
  ) -> SplitBuffer<Scalar> {
    let lanes = plan.lanes
    let half = length / 2
    Scalar.gatherPairs(
      input,
      stride: stride,
      rows: rows,
      to: work.real,
      work.imaginary,
      lanes: lanes,
      count: half
    )
    let packed = plan.run(work, scratch: scratch, lanes: lanes)
    let free = packed.real == work.real ? scratch : work
    withHalfTurn { wr, wi in
      Scalar.unpackReal(
        from: packed.real,
        packed.imaginary,
        to: free.real,
        free.imaginary,
        half: half,
        lanes: lanes,
        wr: wr,
        wi: wi
      )
    }
    return free
  }

  /// Sequences `[count, length]` of half spectra in memory, to memory that need not be set.
  func inverseRows(
    _ re: UnsafePointer<Scalar>,
    _ im: UnsafePointer<Scalar>,
    count: Int,
    into output: UnsafeMutablePointer<Scalar>
  ) {
    let width = spectrumCount
    guard isEven else {
      for row in 0..<count {
        let spectrum = (0..<width).map { Complex(re[row * width + $0], im[row * width + $0]) }
        for (index, value) in inverse(spectrum).enumerated() { (output + row * length + index).initialize(to: value) }
      }
      return
    }
    let lanes = plan.lanes
    withTwoBuffers(lanes) { work, scratch in
      for first in Swift.stride(from: 0, to: count, by: lanes) {
        let rows = min(lanes, count - first)
        let source = first * width
        Scalar.gather(re + source, stride: width, rows: rows, to: work.real, lanes: lanes, count: width)
        Scalar.gather(im + source, stride: width, rows: rows, to: work.imaginary, lanes: lanes, count: width)
        let result = inverseBlock(work, scratch)
        Scalar.scatterPairs(
          result.real,
          result.imaginary,
          lanes: lanes,
          to: output + first * length,
          stride: length,
          rows: rows,
          count: length / 2,
          factor: 1 / Scalar(length)
        )
      }
    }
  }

  /// Packed sequences of the half spectra in `work`, side by side, not yet divided by the length.
  private func inverseBlock(_ work: SplitBuffer<Scalar>, _ scratch: SplitBuffer<Scalar>) -> SplitBuffer<Scalar> {
    let lanes = plan.lanes
    let half = length / 2
    work.imaginary.update(repeating: 0, count: lanes)
    (work.imaginary + half * lanes).update(repeating: 0, count: lanes)
    withHalfTurn { wr, wi in
      Scalar.packReal(
        from: work.real,
        work.imaginary,
        to: scratch.real,
        scratch.imaginary,
        half: half,
        lanes: lanes,
        wr: wr,
        wi: wi
      )
    }
    return plan.run(scratch.exchanged, scratch: work.exchanged, lanes: lanes).exchanged
  }

  /// Memory for two sets of half spectra, side by side.
  private func withTwoBuffers(_ lanes: Int, _ body: (SplitBuffer<Scalar>, SplitBuffer<Scalar>) -> Void) {
    SplitBuffer<Scalar>.with(spectrumCount * lanes) { work in
      SplitBuffer<Scalar>.with(spectrumCount * lanes) { scratch in body(work, scratch) }
    }
  }

  private func withHalfTurn(_ body: (UnsafePointer<Scalar>, UnsafePointer<Scalar>) -> Void) {
    plan.halfTurn.real.withUnsafeBufferPointer { wr in
      plan.halfTurn.imaginary.withUnsafeBufferPointer { wi in
        guard let wr = wr.baseAddress, let wi = wi.baseAddress else { return }
        body(wr, wi)
      }
    }
  }
}
