internal import Tensors

/// A real and an imaginary array in memory that this module owns.
struct SplitBuffer<Scalar: FourierScalar> {
  let real: UnsafeMutablePointer<Scalar>
  let imaginary: UnsafeMutablePointer<Scalar>

  /// Runs a body with memory for complex values that are not set yet.
  static func with<Result>(_ count: Int, _ body: (SplitBuffer) -> Result) -> Result {
    // One allocation: the halves are kept off each other's cache sets by a line of padding.
    let padding = 64 / MemoryLayout<Scalar>.stride
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: (2 * count + 2 * padding) * MemoryLayout<Scalar>.stride,
      alignment: 64
    )
    defer { memory.deallocate() }
    let real = memory.bindMemory(to: Scalar.self, capacity: 2 * count + 2 * padding)
    let rounded = (count + padding - 1) / padding * padding
    return body(SplitBuffer(real: real, imaginary: real + rounded))
  }

  /// Exchanged parts: the transform of the exchanged sequence is the inverse transform, exchanged.
  var exchanged: SplitBuffer { SplitBuffer(real: imaginary, imaginary: real) }
}

extension FourierPlan {
  /// Transforms sequences side by side in memory, `[length, lanes]`.
  ///
  /// - Returns: the buffer that holds the result: `values` or `scratch`.
  func run(_ values: SplitBuffer<Scalar>, scratch: SplitBuffer<Scalar>, lanes: Int) -> SplitBuffer<Scalar> {
    switch method {
    case .passes(let passes):
      var from = values
      var to = scratch
      var count = lanes
      for pass in passes {
        pass.real.withUnsafeBufferPointer { wr in
          pass.imaginary.withUnsafeBufferPointer { wi in
            guard let wr = wr.baseAddress, let wi = wi.baseAddress else { return }
            Scalar.pass(
              radix: pass.radix,
              from: from.real,
              from.imaginary,
              to: to.real,
              to.imaginary,
              m: pass.m,
              lanes: count,
              wr: wr,
              wi: wi
            )
          }
        }
        count *= pass.radix
        swap(&from, &to)
      }
      return from
    case .chirp(let chirp):
      precondition(lanes == 1, "a chirp transform works on one sequence at a time")
      run(chirp, values)
      return values
    }
  }

  /// How many sequences are worth doing side by side.
  var lanes: Int {
    if case .chirp = method { return 1 }
    // 64 bytes fill one vector of the widest kind; above that length two buffers would leave the second-level cache.
    return length <= 256 ? 128 / MemoryLayout<Scalar>.stride : 64 / MemoryLayout<Scalar>.stride
  }

  private func run(_ chirp: Chirp, _ values: SplitBuffer<Scalar>) {
    let size = chirp.inner.length
    let length = length
    SplitBuffer<Scalar>.with(size) { padded in
      SplitBuffer<Scalar>.with(size) { scratch in
        chirp.real.withUnsafeBufferPointer { cr in
          chirp.imaginary.withUnsafeBufferPointer { ci in
            chirp.kernelReal.withUnsafeBufferPointer { kr in
              chirp.kernelImaginary.withUnsafeBufferPointer { ki in
                guard let cr = cr.baseAddress, let ci = ci.baseAddress, let kr = kr.baseAddress,
                  let ki = ki.baseAddress
                else { return }
                padded.real.initialize(from: values.real, count: length)
                padded.imaginary.initialize(from: values.imaginary, count: length)
                (padded.real + length).initialize(repeating: 0, count: size - length)
                (padded.imaginary + length).initialize(repeating: 0, count: size - length)
                Scalar.multiply(padded.real, padded.imaginary, by: cr, ci, count: length)
                let forward = chirp.inner.run(padded, scratch: scratch, lanes: 1)
                Scalar.multiply(forward.real, forward.imaginary, by: kr, ki, count: size)
                let other = forward.real == padded.real ? scratch : padded
                let back = chirp.inner.run(forward.exchanged, scratch: other.exchanged, lanes: 1).exchanged
                Scalar.multiply(back.real, back.imaginary, by: cr, ci, count: length)
                values.real.update(from: back.real, count: length)
                values.imaginary.update(from: back.imaginary, count: length)
              }
            }
          }
        }
      }
    }
  }

  /// Transforms one sequence in place.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func transform(_ real: inout [Scalar], _ imaginary: inout [Scalar]) {
    let length = length
    precondition(
      real.count == length && imaginary.count == length,
      "FFT(length: \(length)): got \(real.count) real and \(imaginary.count) imaginary parts"
    )
    real.withUnsafeMutableBufferPointer { re in
      imaginary.withUnsafeMutableBufferPointer { im in
        guard let re = re.baseAddress, let im = im.baseAddress else { return }
        SplitBuffer<Scalar>.with(length) { scratch in
          let values = SplitBuffer(real: re, imaginary: im)
          let result = run(values, scratch: scratch, lanes: 1)
          guard result.real != re else { return }
          re.update(from: result.real, count: length)
          im.update(from: result.imaginary, count: length)
        }
      }
    }
  }

  /// Transforms pairs; the inverse is divided by the length.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func transform(_ values: [Complex<Scalar>], inverse: Bool) -> [Complex<Scalar>] {
    let length = length
    precondition(values.count == length, "FFT(length: \(length)): got \(values.count) values")
    return [Complex<Scalar>](unsafeUninitializedCapacity: length) { output, count in
      count = length
      SplitBuffer<Scalar>.with(length) { work in
        SplitBuffer<Scalar>.with(length) { scratch in
          Self.withScalars(values) { Scalar.split($0, to: work.real, work.imaginary, count: length) }
          let result: SplitBuffer<Scalar>
          if inverse {
            result = run(work.exchanged, scratch: scratch.exchanged, lanes: 1).exchanged
          } else {
            result = run(work, scratch: scratch, lanes: 1)
          }
          Self.withScalars(output) {
            Scalar.join(
              result.real,
              result.imaginary,
              to: $0,
              count: length,
              factor: inverse ? 1 / Scalar(length) : 1
            )
          }
        }
      }
    }
  }

  static func withScalars(_ values: [Complex<Scalar>], _ body: (UnsafePointer<Scalar>) -> Void) {
    values.withUnsafeBytes { bytes in
      // A complex number is two scalars without padding (the type is frozen).
      guard let base = bytes.assumingMemoryBound(to: Scalar.self).baseAddress else { return }
      body(base)
    }
  }

  static func withScalars(
    _ values: UnsafeMutableBufferPointer<Complex<Scalar>>,
    _ body: (UnsafeMutablePointer<Scalar>) -> Void
  ) {
    guard let base = values.baseAddress else { return }
    body(UnsafeMutableRawPointer(base).assumingMemoryBound(to: Scalar.self))
  }
}
