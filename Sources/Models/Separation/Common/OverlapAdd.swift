public import Acoustics
internal import Solvers
internal import Tensors

/// Separation of long sound in segments that overlap, in memory that does not grow with the sound.
///
/// Each segment is seen with the real samples around it, its estimates are weighted by a triangle, added, and divided by the
/// sum of weights. Where a model's estimates have no fixed order, those of a segment are put in the order that fits the
/// overlap with the last one best.
///
/// Source: A. Défossez and others, 2019, behaviour of facebookresearch/demucs v2.
public struct OverlapAdd: Sendable, Equatable {
  /// Samples of a segment.
  public var segment: Int
  /// Share of a segment that the next one covers too, from 0 to 0.5.
  public var overlap: Double
  /// Power of the triangle.
  public var power: Double
  /// Whether the mixture is brought to zero mean and unit deviation first, and the estimates back.
  public var isNormalized = false

  /// Makes a plan.
  ///
  /// - Parameters:
  ///   - segment: samples of a segment.
  ///   - overlap: share of a segment that the next one covers too.
  ///   - power: power of the triangle.
  public init(segment: Int, overlap: Double = 0.25, power: Double = 1) {
    (self.segment, self.overlap, self.power) = (segment, overlap, power)
  }

  /// Samples between the beginnings of segments.
  public var stride: Int { max(1, Int((1 - overlap) * Double(segment))) }

  /// Weights of a segment, `[segment]`, the largest being one.
  public var weights: [Float] {
    let half = segment / 2
    let rise = (1...max(1, segment)).map { $0 <= half ? Double($0) : Double(segment - $0 + 1) }
    let top = Double(segment - half)
    return rise.prefix(segment).map { weight in
      var value = 1.0
      for _ in 0..<Int(power) { value *= weight / top }
      return Float(value)
    }
  }

  /// The estimates of a sound that is in memory.
  ///
  /// - Parameters:
  ///   - mixture: sound at the model's rate, with the model's channels.
  ///   - model: the separator.
  /// - Returns: one sound a source, as long as the mixture.
  /// - Throws: `SeparationError` for sound that does not fit the model.
  public func separate(_ mixture: Audio, with model: some Separator) throws -> [Audio] {
    try model.check(mixture)
    var found = Array(repeating: Array(repeating: [Float](), count: model.channelCount), count: model.sourceCount)
    let moments = isNormalized ? InputMoments(mixture.mono) : nil
    try run(
      count: mixture.frameCount,
      model,
      moments: moments,
      read: { range in mixture.channels.map { Array($0[range]) } },
      write: { parts in
        for source in parts.indices {
          for channel in parts[source].indices { found[source][channel] += parts[source][channel] }
        }
      }
    )
    return found.map { Audio(channels: $0, sampleRate: mixture.sampleRate) }
  }

  /// Separates samples that are read and written piece by piece.
  ///
  /// - Parameters:
  ///   - count: number of samples.
  ///   - model: the separator.
  ///   - moments: mean and deviation that are taken off first.
  ///   - read: gives samples of a range, `[channels][samples]`.
  ///   - write: takes the next finished samples, `[sources][channels][samples]`.
  /// - Throws: `AudioError.outOfRange` for a plan that makes no sense, and what reading and writing throw.
  func run<Model: Separator>(
    count: Int,
    _ model: Model,
    moments: InputMoments?,
    read: (Range<Int>) throws -> [[Float]],
    write: ([[[Float]]]) throws -> Void
  ) throws {
    guard segment > 0, (0...0.5).contains(overlap), power >= 1, power == power.rounded() else {
      throw AudioError.outOfRange(
        function: "OverlapAdd",
        argument: "segment, overlap and power",
        expected: "positive, in 0…0.5 and a whole number from 1 up",
        got: overlap
      )
    }
    let weights = weights
    var sums = OverlapSums(sources: model.sourceCount, channels: model.channelCount)
    var (start, length) = (0, 0)
    while start < count {
      let range = start..<min(start + segment, count)
      // Buffers that wait are of no use to a segment of another length, nor are those of what was done before.
      if range.count != length { TensorMemory.releaseCache() }
      length = range.count
      var parts = try estimates(range, of: count, model, moments, read)
      if !model.keepsOrder, sums.length > 0 { parts = try sums.ordered(parts) }
      sums.add(parts, weights)
      try write(sums.take(min(stride, count - start)))
      start += stride
    }
  }

  /// Estimates of one segment, seen with what lies around it.
  private func estimates<Model: Separator>(
    _ range: Range<Int>,
    of count: Int,
    _ model: Model,
    _ moments: InputMoments?,
    _ read: (Range<Int>) throws -> [[Float]]
  ) throws -> [[[Float]]] {
    let needed = model.validLength(range.count)
    let before = (needed - range.count) / 2
    let wanted = range.lowerBound - before..<range.lowerBound - before + needed
    let there = max(0, wanted.lowerBound)..<min(count, wanted.upperBound)
    let samples = try read(there).map { channel -> [Float] in
      let (mean, scale) = (moments?.mean ?? 0, 1 / (moments?.deviation ?? 1))
      let front = [Float](repeating: 0, count: there.lowerBound - wanted.lowerBound)
      let behind = [Float](repeating: 0, count: wanted.upperBound - there.upperBound)
      return front + (moments == nil ? channel : channel.map { ($0 - mean) * scale }) + behind
    }
    let mixture = Tensor<Float>(samples.flatMap { $0 }, shape: [1, samples.count, needed])
    let result = model(mixture)
    let cut = (result.shape[3] - range.count) / 2
    precondition(cut >= 0, "OverlapAdd: the model's estimates are shorter than the \(range.count) samples asked for")
    let (mean, scale) = (moments?.mean ?? 0, moments?.deviation ?? 1)
    return (0..<model.sourceCount).map { source in
      (0..<model.channelCount).map { channel in
        let values = result.selected(0).selected(source).selected(channel).values[cut..<cut + range.count]
        return moments == nil ? Array(values) : values.map { $0 * scale + mean }
      }
    }
  }
}

/// Mean and deviation of a mixture's mono sum.
struct InputMoments: Sendable, Equatable {
  var mean: Float
  var deviation: Float

  init(_ mono: [Float]) {
    var sums = MomentSums()
    sums.add(mono)
    self = sums.moments
  }

  fileprivate init(mean: Double, variance: Double) {
    // Silence is not scaled.
    (self.mean, deviation) = (Float(mean), variance > 0 ? Float(variance.squareRoot()) : 1)
  }
}

/// Sums of samples that come in blocks.
struct MomentSums {
  private var sum = 0.0
  private var squares = 0.0
  private var count = 0

  mutating func add(_ samples: [Float]) {
    for value in samples { (sum, squares) = (sum + Double(value), squares + Double(value) * Double(value)) }
    count += samples.count
  }

  /// Mean and deviation, the variance divided by one less than the number of samples.
  var moments: InputMoments {
    let mean = sum / Double(max(1, count))
    return InputMoments(mean: mean, variance: (squares - sum * mean) / Double(max(1, count - 1)))
  }
}

/// Weighted sums of segments, from the first sample that is not written yet.
private struct OverlapSums {
  private var sums: [[[Float]]]
  private var total: [Float] = []

  var length: Int { total.count }

  init(sources: Int, channels: Int) {
    sums = Array(repeating: Array(repeating: [], count: channels), count: sources)
  }

  /// A segment's estimates in the order that agrees with the sums best.
  func ordered(_ parts: [[[Float]]]) throws -> [[[Float]]] {
    let shared = min(length, parts[0][0].count)
    let table = Matrix<Double>(rows: sums.count, columns: parts.count) { row, column in
      var score = 0.0
      for (sum, part) in zip(sums[row], parts[column]) {
        for index in 0..<shared { score += Double(sum[index] / total[index] * part[index]) }
      }
      return score
    }
    return try SourcePairing(scores: table).estimates.map { parts[$0] }
  }

  mutating func add(_ parts: [[[Float]]], _ weights: [Float]) {
    let count = parts[0][0].count
    let missing = max(0, count - length)
    total += [Float](repeating: 0, count: missing)
    for index in 0..<count { total[index] += weights[index] }
    for source in sums.indices {
      for channel in sums[source].indices {
        sums[source][channel] += [Float](repeating: 0, count: missing)
        for index in 0..<count { sums[source][channel][index] += weights[index] * parts[source][channel][index] }
      }
    }
  }

  /// The first samples, divided by their weights; they leave the sums.
  mutating func take(_ count: Int) -> [[[Float]]] {
    let result = sums.map { $0.map { channel in (0..<count).map { channel[$0] / total[$0] } } }
    total.removeFirst(count)
    for source in sums.indices {
      for channel in sums[source].indices { sums[source][channel].removeFirst(count) }
    }
    return result
  }
}
