extension STFT {
  /// Frames handled together: few enough to stay in the nearest caches between the window and the transform.
  private var block: Int { max(transform.plan.lanes, 16) }

  /// Spectra of windowed frames of a padded signal, `[frames, bins]`.
  func spectra(of signal: [Scalar], frames: Int, window: [Scalar]) -> SplitComplex<Scalar> {
    SplitComplex(unsetCount: frames * binCount) { re, im in
      signal.withUnsafeBufferPointer { signal in
        window.withUnsafeBufferPointer { window in
          withFrames { scratch in
            guard let signal = signal.baseAddress, let window = window.baseAddress else { return }
            for first in stride(from: 0, to: frames, by: block) {
              let rows = min(block, frames - first)
              let place = first * binCount
              Scalar.windowed(
                signal + first * hop,
                stride: hop,
                by: window,
                to: scratch,
                rows: rows,
                count: frameLength
              )
              transform.forwardRows(scratch, count: rows, stride: frameLength, into: re + place, im + place)
            }
          }
        }
      }
    }
  }

  /// Sequences of spectra times a window, each added at its place, `[length]`.
  func overlapAdd(_ spectra: SplitComplex<Scalar>, frames: Int, window: [Scalar], length: Int) -> [Scalar] {
    var sum = [Scalar](repeating: 0, count: max(length, coveredLength(frames: frames)))
    sum.withUnsafeMutableBufferPointer { sum in
      window.withUnsafeBufferPointer { window in
        spectra.withUnsafeParts { re, im in
          withFrames { scratch in
            guard let sum = sum.baseAddress, let window = window.baseAddress else { return }
            for first in stride(from: 0, to: frames, by: block) {
              let rows = min(block, frames - first)
              let place = first * binCount
              transform.inverseRows(re + place, im + place, count: rows, into: scratch)
              Scalar.overlapAdd(
                scratch,
                by: window,
                into: sum + first * hop,
                stride: hop,
                rows: rows,
                count: frameLength
              )
            }
          }
        }
      }
    }
    return sum
  }

  /// Sum of the squared windows of frames at every place that they cover.
  func squaredWindows(frames: Int) -> [Scalar] {
    var sum = [Scalar](repeating: 0, count: coveredLength(frames: frames))
    sum.withUnsafeMutableBufferPointer { sum in
      window.withUnsafeBufferPointer { window in
        guard let sum = sum.baseAddress, let window = window.baseAddress else { return }
        for frame in 0..<frames {
          Scalar.overlapAdd(window, by: window, into: sum + frame * hop, stride: hop, rows: 1, count: frameLength)
        }
      }
    }
    return sum
  }

  private func withFrames(_ body: (UnsafeMutablePointer<Scalar>) -> Void) {
    let memory = UnsafeMutablePointer<Scalar>.allocate(capacity: block * frameLength)
    defer { memory.deallocate() }
    body(memory)
  }
}
