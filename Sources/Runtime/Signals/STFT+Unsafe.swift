internal import Tensors

/// Factors of the bins of a spectrum: those that stand for themselves, which are real, and those that stand for two.
struct BinFactors<Scalar: FourierScalar> {
  var ends: Scalar
  var middle: Scalar
}

/// Where spectra of signals lie: real parts `[frames, bins]` of a signal, imaginary ones, and those of the next at a distance.
struct SpectraMemory<Scalar: FourierScalar> {
  let re: UnsafeMutablePointer<Scalar>
  let im: UnsafeMutablePointer<Scalar>
  let distance: Int
  /// Number of signals.
  let count: Int
  /// Number of frames of a signal.
  let frames: Int
}

extension SpectraMemory {
  /// Spectra to be read: nothing writes to them.
  init(reading re: UnsafePointer<Scalar>, _ im: UnsafePointer<Scalar>, distance: Int, count: Int, frames: Int) {
    self.init(
      re: UnsafeMutablePointer(mutating: re),
      im: UnsafeMutablePointer(mutating: im),
      distance: distance,
      count: count,
      frames: frames
    )
  }
}

/// Both directions on signals one after the other in memory. Threads share the frames; every value is computed in the same way
/// whatever their number.
extension STFT {
  /// Frames handled together: few enough to stay in the nearest caches between the window and the transform.
  private var block: Int { max(transform.plan.lanes, 16) }
  /// Work of a frame, as `Threads.split` counts it.
  private var frameCost: Int { 8 * frameLength }

  /// Spectra of the windowed frames of signals that have their margins, `[count, length]`, to memory that need not be set.
  func analyze(
    _ signals: UnsafePointer<Scalar>,
    length: Int,
    factors: BinFactors<Scalar>? = nil,
    into spectra: SpectraMemory<Scalar>
  ) {
    let frames = spectra.frames
    let blocks = (frames + block - 1) / block
    Threads.split(spectra.count * blocks, cost: block * frameCost) { range in
      withWindow { window in
        Self.withMemory(block * frameLength) { scratch in
          for task in range {
            let (signal, index) = task.quotientAndRemainder(dividingBy: blocks)
            let first = index * block
            let rows = min(block, frames - first)
            let from = signals + signal * length + first * hop
            let place = signal * spectra.distance + first * binCount
            let (re, im) = (spectra.re + place, spectra.im + place)
            Scalar.windowed(from, stride: hop, by: window, to: scratch, rows: rows, count: frameLength)
            transform.forwardRows(scratch, count: rows, stride: frameLength, into: re, im)
            if let factors { scale(re, im, rows: rows, by: factors) }
          }
        }
      }
    }
  }

  /// Sequences of spectra times the window, each added at its place, `[count, length]`, to memory that need not be set.
  ///
  /// The length must not be below `coveredLength`.
  func synthesize(
    _ spectra: SpectraMemory<Scalar>,
    factors: BinFactors<Scalar>? = nil,
    into sums: UnsafeMutablePointer<Scalar>,
    length: Int
  ) {
    let frames = spectra.frames
    guard frames > 0 else { return sums.initialize(repeating: 0, count: spectra.count * length) }
    Threads.split(spectra.count * frames, cost: frameCost) { range in
      for signal in range.lowerBound / frames..<(range.upperBound + frames - 1) / frames {
        let own = range.clamped(to: signal * frames..<(signal + 1) * frames)
        addFrames(
          own.lowerBound - signal * frames..<own.upperBound - signal * frames,
          of: spectra,
          signal: signal,
          factors: factors,
          into: sums + signal * length,
          length: length
        )
      }
    }
  }

  /// The part of a signal's sum from the beginning of the first of some frames to that of the frame after the last.
  ///
  /// Frames that reach into it from before are computed again: the order of additions is that of the frames.
  private func addFrames(
    _ own: Range<Int>,
    of spectra: SpectraMemory<Scalar>,
    signal: Int,
    factors: BinFactors<Scalar>?,
    into sum: UnsafeMutablePointer<Scalar>,
    length: Int
  ) {
    let start = max(own.lowerBound - (frameLength - 1) / hop, 0)
    let reach = (own.upperBound - start - 1) * hop + max(frameLength, hop)
    Self.withMemory(reach) { part in
      part.initialize(repeating: 0, count: reach)
      withSequences(start..<own.upperBound, of: spectra, signal: signal, factors: factors) { sequences, first, rows in
        withWindow { window in
          let target = part + (first - start) * hop
          Scalar.overlapAdd(sequences, by: window, into: target, stride: hop, rows: rows, count: frameLength)
        }
      }
      let isLast = own.upperBound == spectra.frames
      let begin = own.lowerBound * hop
      let end = isLast ? coveredLength(frames: spectra.frames) : own.upperBound * hop
      (sum + begin).initialize(from: part + (begin - start * hop), count: end - begin)
      if isLast { (sum + end).initialize(repeating: 0, count: length - end) }
    }
  }

  /// Hands the sequences of a signal's frames to a body, a block at a time, with the first frame and their number.
  private func withSequences(
    _ frames: Range<Int>,
    of spectra: SpectraMemory<Scalar>,
    signal: Int,
    factors: BinFactors<Scalar>?,
    _ body: (UnsafePointer<Scalar>, Int, Int) -> Void
  ) {
    let (size, bins) = (block * frameLength, block * binCount)
    Self.withMemory(size + 2 * bins) { sequences in
      let (scaledRe, scaledIm) = (sequences + size, sequences + size + bins)
      for first in stride(from: frames.lowerBound, to: frames.upperBound, by: block) {
        let rows = min(block, frames.upperBound - first)
        let place = signal * spectra.distance + first * binCount
        var (re, im) = (spectra.re + place, spectra.im + place)
        if let factors {
          scaledRe.update(from: re, count: rows * binCount)
          scaledIm.update(from: im, count: rows * binCount)
          scale(scaledRe, scaledIm, rows: rows, by: factors)
          (re, im) = (scaledRe, scaledIm)
        }
        transform.inverseRows(re, im, count: rows, into: sequences)
        body(sequences, first, rows)
      }
    }
  }

  private func scale(
    _ re: UnsafeMutablePointer<Scalar>,
    _ im: UnsafeMutablePointer<Scalar>,
    rows: Int,
    by factors: BinFactors<Scalar>
  ) {
    for row in 0..<rows {
      let (re, im) = (re + row * binCount, im + row * binCount)
      let (first, last) = (re[0], re[binCount - 1])
      for bin in 0..<binCount {
        re[bin] *= factors.middle
        im[bin] *= factors.middle
      }
      (re[0], im[0]) = (first * factors.ends, 0)
      if frameLength % 2 == 0 { (re[binCount - 1], im[binCount - 1]) = (last * factors.ends, 0) }
    }
  }

  func withWindow(_ body: (UnsafePointer<Scalar>) -> Void) {
    window.withUnsafeBufferPointer { window in
      if let window = window.baseAddress { body(window) }
    }
  }

  /// Memory that is not set, out of what tensors have left: fresh memory would cost as much as the transforms.
  static func withMemory(_ count: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Void) {
    let storage = Storage(bytes: count * MemoryLayout<Scalar>.stride)
    withExtendedLifetime(storage) { body(storage.base.bindMemory(to: Scalar.self, capacity: count)) }
  }
}
