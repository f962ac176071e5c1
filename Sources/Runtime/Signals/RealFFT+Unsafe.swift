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

  /// Half spectra of many sequences of even length, as many at a time as a vector holds.
  func forwardRowsEven(_ signal: [Scalar], count: Int, stride: Int, into spectra: inout SplitComplex<Scalar>) {
    let half = length / 2
    let lanes = plan.lanes
    let width = half + 1
    signal.withUnsafeBufferPointer { input in
      spectra.real.withUnsafeMutableBufferPointer { re in
        spectra.imaginary.withUnsafeMutableBufferPointer { im in
          guard let input = input.baseAddress, let re = re.baseAddress, let im = im.baseAddress else { return }
          SplitBuffer<Scalar>.with(width * lanes) { work in
            SplitBuffer<Scalar>.with(width * lanes) { scratch in
              for first in Swift.stride(from: 0, to: count, by: lanes) {
                let rows = min(lanes, count - first)
                Scalar.gatherPairs(
                  input + first * stride,
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
                let target = first * width
                Scalar.scatter(
                  free.real,
                  lanes: lanes,
                  to: re + target,
                  stride: width,
                  rows: rows,
                  count: width,
                  factor: 1
                )
                Scalar.scatter(
                  free.imaginary,
                  lanes: lanes,
                  to: im + target,
                  stride: width,
                  rows: rows,
                  count: width,
                  factor: 1
                )
              }
            }
          }
        }
      }
    }
  }

  /// Many sequences of even length from their half spectra.
  func inverseRowsEven(_ spectra: SplitComplex<Scalar>, count: Int) -> [Scalar] {
    let half = length / 2
    let lanes = plan.lanes
    let width = half + 1
    return [Scalar](unsafeUninitializedCapacity: count * length) { output, initialized in
      initialized = count * length
      spectra.real.withUnsafeBufferPointer { re in
        spectra.imaginary.withUnsafeBufferPointer { im in
          guard let output = output.baseAddress, let re = re.baseAddress, let im = im.baseAddress else { return }
          SplitBuffer<Scalar>.with(width * lanes) { work in
            SplitBuffer<Scalar>.with(width * lanes) { scratch in
              for first in Swift.stride(from: 0, to: count, by: lanes) {
                let rows = min(lanes, count - first)
                let source = first * width
                Scalar.gather(re + source, stride: width, rows: rows, to: work.real, lanes: lanes, count: width)
                Scalar.gather(im + source, stride: width, rows: rows, to: work.imaginary, lanes: lanes, count: width)
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
                let result = plan.run(scratch.exchanged, scratch: work.exchanged, lanes: lanes).exchanged
                Scalar.scatterPairs(
                  result.real,
                  result.imaginary,
                  lanes: lanes,
                  to: output + first * length,
                  stride: length,
                  rows: rows,
                  count: half,
                  factor: 1 / Scalar(length)
                )
              }
            }
          }
        }
      }
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
