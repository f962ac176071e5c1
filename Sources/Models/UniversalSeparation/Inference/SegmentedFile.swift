internal import Acoustics

/// A sound file as segments of one length, one channel, at a network's rate, of which a few are in memory at a time.
struct SegmentedFile {
  let reader: AudioReader
  /// Samples of a segment.
  let segment: Int

  init(_ path: String, rate: Double, segment: Int) throws {
    reader = try AudioReader(path: path, sampleRate: rate)
    self.segment = segment
    guard reader.frameCount > 0 else {
      throw UniversalSeparationError.size(what: "number of samples of \"\(path)\"", expected: "at least 1", got: 0)
    }
  }

  /// Hands out segments in order.
  ///
  /// - Parameters:
  ///   - batch: how many at a time.
  ///   - progress: called with the share done after each batch.
  ///   - body: takes segments, the last one of the file filled with zeros, and their number of samples without these.
  /// - Throws: `.notFinite`, `AudioError`, and what the body throws.
  func forEach(batch: Int, progress: (Double) -> Void, _ body: ([[Float]], Int) throws -> Void) throws {
    let length = max(1, batch) * segment
    for start in stride(from: 0, to: reader.frameCount, by: length) {
      let range = start..<min(start + length, reader.frameCount)
      let samples = try reader.read(range).mono
      if let sample = samples.firstIndex(where: { !$0.isFinite }) {
        throw UniversalSeparationError.notFinite(what: "the mixture", sample: start + sample)
      }
      try body(Self.segments(of: samples, segment), samples.count)
      progress(Double(range.upperBound) / Double(reader.frameCount))
    }
  }

  /// Segments one after the other, the last one filled with zeros; one of zeros for no samples.
  static func segments(of samples: [Float], _ segment: Int) -> [[Float]] {
    stride(from: 0, to: max(1, samples.count), by: segment).map { start in
      let piece = samples[min(start, samples.count)..<min(start + segment, samples.count)]
      return piece + [Float](repeating: 0, count: segment - piece.count)
    }
  }
}
