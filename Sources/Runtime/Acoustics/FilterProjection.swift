internal import Signals
internal import Solvers

/// Least-squares projection of signals on delayed copies of references.
struct FilterProjection {
  private let references: [[[Double]]]
  private let filterLength: Int
  private let transform: RealFFT<Double>
  /// Spectra of all channels of all references, padded, in that order.
  private let spectra: [[Complex<Double>]]
  private let channelCount: Int
  /// Products of delayed copies: those of all references, and of one reference at a time.
  private let whole: NormalEquations
  private let single: [NormalEquations]

  init(references: [[[Double]]], filterLength: Int) throws {
    self.references = references
    self.filterLength = filterLength
    channelCount = references[0].count
    let needed = references[0][0].count + filterLength - 1
    var size = 1
    while size < needed { size *= 2 }
    let transform = RealFFT<Double>(length: size)
    let spectra = references.flatMap { $0 }.map { Self.spectrum($0, transform) }
    self.transform = transform
    self.spectra = spectra
    let correlations = spectra.map { a in
      spectra.map { b in transform.inverse(zip(a, b).map { $0.conjugate * $1 }) }
    }
    func gram(_ members: Range<Int>) -> Matrix<Double> {
      Matrix(rows: members.count * filterLength, columns: members.count * filterLength) { row, column in
        // Product of a copy of `a` delayed by i and one of `b` delayed by j: their correlation at i - j.
        let (a, i) = (members.lowerBound + row / filterLength, row % filterLength)
        let (b, j) = (members.lowerBound + column / filterLength, column % filterLength)
        return correlations[a][b][i >= j ? i - j : i - j + size]
      }
    }
    whole = try NormalEquations(gram(0..<spectra.count))
    let channels = channelCount
    single = try references.indices.map { try NormalEquations(gram($0 * channels..<($0 + 1) * channels)) }
  }

  private static func spectrum(_ signal: [Double], _ transform: RealFFT<Double>) -> [Complex<Double>] {
    transform.forward(signal + [Double](repeating: 0, count: transform.length - signal.count))
  }

  /// Filters from the channels of all references, or of one, to those of an estimate: `[channels][members][taps]`.
  func filters(for estimate: [[Double]], source: Int? = nil) throws -> [[[Double]]] {
    let members = source.map { $0 * channelCount..<($0 + 1) * channelCount } ?? 0..<spectra.count
    let equations = source.map { single[$0] } ?? whole
    return try estimate.map { channel in
      let spectrum = Self.spectrum(channel, transform)
      let right = members.flatMap { member in
        transform.inverse(zip(spectra[member], spectrum).map { $0.conjugate * $1 }).prefix(filterLength)
      }
      let taps = try equations.solve(right)
      return members.indices.map { index in
        let first = (index - members.lowerBound) * filterLength
        return Array(taps[first..<first + filterLength])
      }
    }
  }

  /// What an estimate is made of in a window: target, distortion of the target, interference, artifacts.
  func parts(
    _ estimate: [[Double]],
    _ source: Int,
    all: [[[Double]]],
    own: [[[Double]]],
    window: Range<Int>
  ) -> EstimateParts {
    let count = window.count + filterLength - 1
    let size = FilterProjection.power(atLeast: count)
    let convolution = size == transform.length ? transform : RealFFT<Double>(length: size)
    let members = references.flatMap { $0 }.map { Self.spectrum(Array($0[window]), convolution) }
    let tail = [Double](repeating: 0, count: filterLength - 1)
    let first = source * channelCount
    var parts = EstimateParts()
    for channel in 0..<channelCount {
      let target = Array(references[source][channel][window]) + tail
      let filtered = Self.sum(members[first..<first + channelCount], own[channel], convolution, count)
      let explained = Self.sum(members[...], all[channel], convolution, count)
      let got = Array(estimate[channel][window]) + tail
      parts.add(target: target, filtered: filtered, explained: explained, estimate: got)
    }
    return parts
  }

  private static func power(atLeast count: Int) -> Int {
    var size = 1
    while size < count { size *= 2 }
    return size
  }

  /// Signals through their filters, added up.
  private static func sum(
    _ signals: ArraySlice<[Complex<Double>]>,
    _ filters: [[Double]],
    _ transform: RealFFT<Double>,
    _ count: Int
  ) -> [Double] {
    var total = [Complex<Double>](repeating: .zero, count: transform.spectrumCount)
    for (signal, filter) in zip(signals, filters) {
      let response = spectrum(filter, transform)
      for index in total.indices { total[index] += signal[index] * response[index] }
    }
    return Array(transform.inverse(total).prefix(count))
  }
}

/// A symmetric system that is solved by Cholesky's factors, or by least squares where references depend on each other.
private enum NormalEquations {
  case definite(Cholesky)
  case dependent(Matrix<Double>)

  init(_ matrix: Matrix<Double>) throws(SolverError) {
    do {
      self = .definite(try Cholesky(matrix))
    } catch .notPositiveDefinite {
      self = .dependent(matrix)
    }
  }

  func solve(_ right: [Double]) throws(SolverError) -> [Double] {
    switch self {
    case .definite(let factors): return factors.solve(right)
    case .dependent(let matrix):
      return try matrix.leastSquares(Matrix(right, rows: right.count, columns: 1)).solution.values
    }
  }
}

/// Energies of the parts of an estimate.
struct EstimateParts {
  private var target = 0.0
  private var filtered = 0.0
  private var spatial = 0.0
  private var interference = 0.0
  private var explained = 0.0
  private var artifacts = 0.0
  private var interferenceAndArtifacts = 0.0
  private var all = 0.0

  mutating func add(target: [Double], filtered: [Double], explained: [Double], estimate: [Double]) {
    for index in target.indices {
      let (s, f, p, e) = (target[index], filtered[index], explained[index], estimate[index])
      self.target += s * s
      self.filtered += f * f
      spatial += (f - s) * (f - s)
      interference += (p - f) * (p - f)
      self.explained += p * p
      artifacts += (e - p) * (e - p)
      interferenceAndArtifacts += (e - f) * (e - f)
      all += (e - s) * (e - s)
    }
  }

  /// Version 3: a filtered target is target.
  var filteredScores: BSSEval.Scores {
    BSSEval.Scores(
      sdr: SignalRatio.decibels(filtered, interferenceAndArtifacts),
      isr: .nan,
      sir: SignalRatio.decibels(filtered, interference),
      sar: SignalRatio.decibels(explained, artifacts)
    )
  }

  /// Version 4: only the image itself is target.
  var imageScores: BSSEval.Scores {
    BSSEval.Scores(
      sdr: SignalRatio.decibels(target, all),
      isr: SignalRatio.decibels(target, spatial),
      sir: SignalRatio.decibels(filtered, interference),
      sar: SignalRatio.decibels(explained, artifacts)
    )
  }
}
