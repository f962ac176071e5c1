public import Acoustics
internal import Layers
public import Tensors

extension ConditionalUNet {
  /// Takes out of a sound file what a condition asks for, into a file, in memory that does not grow with its length.
  ///
  /// The file is mixed down, resampled to the network's rate and separated segment by segment; the last one is filled with zeros.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - condition: `[conditionSize]`; nil for a network without conditions.
  ///   - output: path of what is asked for, at the network's rate and as long as the file.
  ///   - format: how it is kept.
  ///   - seconds: length of a segment.
  ///   - batch: segments that go through the network together; memory grows with it.
  ///   - progress: called with the share done after each batch.
  /// - Throws: `AudioError` for a file that cannot be read or written, `.notFinite`, `.condition`, `.size` for an empty file or a
  ///   segment that is no longer than a frame.
  public func separate(
    file path: String,
    condition: Tensor<Float>?,
    to output: String,
    format: Audio.Format = .wav16,
    seconds: Double = 2,
    batch: Int = 1,
    progress: (Double) -> Void = { _ in }
  ) throws {
    try separate(
      file: path,
      condition: condition,
      to: output,
      format: format,
      segment: checkedSegment(seconds),
      batch: batch,
      progress: progress
    )
  }

  /// The same with a segment in samples.
  func separate(
    file path: String,
    condition: Tensor<Float>?,
    to output: String,
    format: Audio.Format,
    segment: Int,
    batch: Int,
    progress: (Double) -> Void
  ) throws {
    let rate = configuration.sampleRate
    guard condition?.shape == configuration.conditionSize.map({ [$0] }) else {
      let expected = configuration.conditionSize.map { [$0] } ?? []
      throw UniversalSeparationError.condition(expected: expected, got: condition?.shape ?? [])
    }
    let file = try SegmentedFile(path, rate: rate, segment: segment)
    let writer = try AudioWriter(path: output, channels: 1, sampleRate: rate, format: format)
    try file.forEach(batch: batch, progress: progress) { segments, count in
      let rows = condition.map { $0.expanded(at: 0).broadcast(to: [segments.count, $0.count]) }
      let found = try separate(segments, conditions: rows, batch: batch).joined()
      try writer.append([Array(found.prefix(count))])
    }
    try writer.close()
  }

  /// What conditions ask for in segments of one length, one row of conditions each.
  func separate(_ segments: [[Float]], conditions: Tensor<Float>?, batch: Int) throws -> [[Float]] {
    var copy = self
    var result: [[Float]] = []
    for start in stride(from: 0, to: segments.count, by: max(1, batch)) {
      let part = start..<min(start + max(1, batch), segments.count)
      let mixtures = Tensor<Float>(rows: Array(segments[part]))
      let sounds = try copy(mixtures, conditions: conditions?.sliced(part), mode: .evaluation)
      for index in 0..<part.count { result.append(sounds.selected(index).values) }
    }
    return result
  }

  /// Samples of a segment of some seconds.
  func checkedSegment(_ seconds: Double) throws(UniversalSeparationError) -> Int {
    let segment = Int(seconds * configuration.sampleRate)
    guard segment > configuration.frameLength else {
      let expected = "more than the \(configuration.frameLength) of a frame"
      throw .size(what: "samples of a segment", expected: expected, got: segment)
    }
    return segment
  }
}
