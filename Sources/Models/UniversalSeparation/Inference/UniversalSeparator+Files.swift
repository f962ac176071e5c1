public import Acoustics
public import Tensors

extension UniversalSeparator {
  /// Takes out of a sound file what a condition asks for, into a file, in memory that does not grow with its length.
  ///
  /// - Parameters:
  ///   - path: the file; it is mixed down and resampled.
  ///   - condition: `[classes]`.
  ///   - output: path of what is asked for, at the networks' rate and as long as the file.
  ///   - format: how it is kept.
  ///   - progress: called with the share done after each batch of segments.
  /// - Throws: `AudioError` for a file that cannot be read or written, `.notFinite`, `.condition`, or `.size` for an empty file.
  public func separate(
    file path: String,
    condition: Tensor<Float>,
    to output: String,
    format: Audio.Format = .wav16,
    progress: (Double) -> Void = { _ in }
  ) throws {
    try network.separate(
      file: path,
      condition: condition,
      to: output,
      format: format,
      segment: segment,
      batch: batch,
      progress: progress
    )
  }

  /// Takes out of a sound file what a set of classes asks for, silent where none of them is heard, in memory that does not grow with
  /// its length.
  ///
  /// - Parameters:
  ///   - path: the file; it is mixed down and resampled.
  ///   - classes: numbers of the classes.
  ///   - output: path of what is asked for, at the networks' rate and as long as the file.
  ///   - format: how it is kept.
  ///   - progress: called with the share done after each batch of segments.
  /// - Throws: `AudioError` for a file that cannot be read or written, `.notFinite`, `.unknownClass`, or `.size` for an empty file or
  ///   no class.
  public func separate(
    file path: String,
    classes: [Int],
    to output: String,
    format: Audio.Format = .wav16,
    progress: (Double) -> Void = { _ in }
  ) throws {
    try separate(file: path, sets: [classes], to: [output], format: format, progress: progress)
  }

  /// Takes a sound file apart into one file for each kind of a level of an ontology that holds classes, in memory that does not grow
  /// with its length.
  ///
  /// - Parameters:
  ///   - path: the file; it is mixed down and resampled.
  ///   - ontology: the tree.
  ///   - level: 1 for the kinds below the root.
  ///   - outputs: a path for each kind that `ontology.level(level)` gives, in its order.
  ///   - format: how the sounds are kept.
  ///   - progress: called with the share done after each batch of segments.
  /// - Throws: as `separate(file:classes:to:)`, `.unknownLevel`, or `.size` for another number of outputs than of kinds.
  public func separate(
    file path: String,
    ontology: SoundOntology,
    level: Int,
    to outputs: [String],
    format: Audio.Format = .wav16,
    progress: (Double) -> Void = { _ in }
  ) throws {
    let kinds = try ontology.level(level)
    guard outputs.count == kinds.count else {
      let expected = "\(kinds.count), one for each of \(kinds.map(\.name).joined(separator: ", "))"
      throw UniversalSeparationError.size(what: "number of outputs", expected: expected, got: outputs.count)
    }
    try separate(file: path, sets: kinds.map(\.classes), to: outputs, format: format, progress: progress)
  }

  private func separate(
    file path: String,
    sets: [[Int]],
    to outputs: [String],
    format: Audio.Format,
    progress: (Double) -> Void
  ) throws {
    // What is asked for is checked before files are begun.
    let masks = try sets.map(mask(of:))
    let rate = network.configuration.sampleRate
    let file = try SegmentedFile(path, rate: rate, segment: segment)
    let writers = try outputs.map { try AudioWriter(path: $0, channels: 1, sampleRate: rate, format: format) }
    try file.forEach(batch: batch, progress: progress) { segments, count in
      let heard = try tagger.clipProbabilities(segments)
      for (mask, writer) in zip(masks, writers) {
        try writer.append([try separate(segments, mask: mask, heard: heard, count: count)])
      }
    }
    for writer in writers { try writer.close() }
  }
}
