public import Acoustics
internal import Layers
public import Tensors

/// Takes out of a sound of any length what a query asks for, segment by segment.
///
/// Source: Q. Kong and others, 2023, inference; thresholds as in bytedance/uss.
public struct UniversalSeparator: Sendable {
  /// The network that separates.
  public let network: ConditionalUNet
  /// The network that hears what is there, and describes queries.
  public let tagger: SoundTagger
  /// Samples of a segment.
  public let segment: Int
  /// Smallest probability of a class at which a segment counts as active.
  public var threshold: Float = 0.2
  /// Tenths of a second of a query that nowhere rise above this are left out.
  public var silence: Float = 0.02
  /// Segments that go through the network together.
  public var batch = 8

  /// Joins networks of the same sample rate.
  ///
  /// - Parameters:
  ///   - network: the network that separates.
  ///   - tagger: the network that hears.
  ///   - seconds: length of a segment; the paper's is 2 s.
  /// - Throws: `.condition`, `.wrongRate` or `.size`.
  public init(
    network: ConditionalUNet,
    tagger: SoundTagger,
    seconds: Double = 2
  ) throws(UniversalSeparationError) {
    guard network.configuration.conditionSize == tagger.classCount else {
      throw .condition(expected: [tagger.classCount], got: network.configuration.conditionSize.map { [$0] } ?? [])
    }
    guard network.configuration.sampleRate == SoundTagger.sampleRate else {
      throw .wrongRate(expected: SoundTagger.sampleRate, got: network.configuration.sampleRate)
    }
    segment = try network.checkedSegment(seconds)
    (self.network, self.tagger) = (network, tagger)
  }

  /// The condition of example recordings: the mean of what the tagger hears in them, silence left out.
  ///
  /// - Parameter examples: recordings of what is wanted; a short one is repeated until it fills a segment.
  /// - Returns: `[classes]`.
  /// - Throws: `.wrongRate`, `.notFinite`, `.silentQuery`, or `.size` where there is none.
  public func condition(of examples: [Audio]) throws -> Tensor<Float> {
    guard !examples.isEmpty else {
      throw UniversalSeparationError.size(what: "number of examples", expected: "at least 1", got: 0)
    }
    var means: [Tensor<Float>] = []
    for example in examples {
      let samples = withoutSilence(try checked(example, "the query"))
      guard !samples.isEmpty else { throw UniversalSeparationError.silentQuery(threshold: silence) }
      let pieces = stride(from: 0, to: samples.count, by: segment).map { start in
        let piece = samples[start..<min(start + segment, samples.count)]
        return (0..<segment).map { piece[start + $0 % piece.count] }
      }
      means.append(try tagger.clipProbabilities(pieces).mean([0]))
    }
    return Tensor.stacked(means).mean([0])
  }

  /// What one condition asks for, in all segments.
  ///
  /// - Parameters:
  ///   - mixture: a sound at the networks' rate; channels are mixed down.
  ///   - condition: `[conditionSize]`.
  /// - Returns: as long as the mixture.
  /// - Throws: `.wrongRate`, `.notFinite` or `.condition`.
  public func separate(_ mixture: Audio, condition: Tensor<Float>) throws -> Audio {
    let samples = try checked(mixture, "the mixture")
    let segments = segments(of: samples)
    guard condition.shape == [tagger.classCount] else {
      throw UniversalSeparationError.condition(expected: [tagger.classCount], got: condition.shape)
    }
    let rows = condition.expanded(at: 0).broadcast(to: [segments.count, condition.count])
    let found = try network.separate(segments, conditions: rows, batch: batch).flatMap { $0 }
    return Audio(Array(found.prefix(samples.count)), sampleRate: mixture.sampleRate)
  }

  /// What a set of classes asks for.
  ///
  /// Only segments in which one of the classes is heard go through the network, asked for the probabilities of these classes there;
  /// the others are silent.
  ///
  /// - Parameters:
  ///   - mixture: a sound at the networks' rate; channels are mixed down.
  ///   - classes: numbers of the classes.
  /// - Returns: as long as the mixture.
  /// - Throws: `.wrongRate`, `.notFinite`, `.unknownClass`, or `.size` where there is no class.
  public func separate(_ mixture: Audio, classes: [Int]) throws -> Audio {
    let samples = try checked(mixture, "the mixture")
    let segments = segments(of: samples)
    let heard = try tagger.clipProbabilities(segments)
    return Audio(
      try separate(segments, mask: mask(of: classes), heard: heard, count: samples.count),
      sampleRate: mixture.sampleRate
    )
  }

  /// One sound for each kind of a level of an ontology that holds classes.
  ///
  /// - Parameters:
  ///   - mixture: a sound at the networks' rate; channels are mixed down.
  ///   - ontology: the tree.
  ///   - level: 1 for the kinds below the root.
  /// - Returns: names and sounds, as long as the mixture; a kind that is nowhere heard is silent throughout.
  /// - Throws: as `separate(_:classes:)`, or `.unknownLevel`.
  public func separate(
    _ mixture: Audio,
    ontology: SoundOntology,
    level: Int
  ) throws -> [(kind: SoundOntology, sound: Audio)] {
    let samples = try checked(mixture, "the mixture")
    let segments = segments(of: samples)
    let heard = try tagger.clipProbabilities(segments)
    return try ontology.level(level).map { kind in
      let found = try separate(segments, mask: mask(of: kind.classes), heard: heard, count: samples.count)
      return (kind, Audio(found, sampleRate: mixture.sampleRate).titled(kind.name))
    }
  }

  /// What the tagger hears in each segment of a sound, `[segments, classes]`.
  ///
  /// - Throws: `.wrongRate` or `.notFinite`.
  public func heard(in mixture: Audio) throws -> Tensor<Float> {
    try tagger.clipProbabilities(segments(of: checked(mixture, "the mixture")))
  }

  /// 1 at the classes of a set, `[classes]`.
  func mask(of classes: [Int]) throws(UniversalSeparationError) -> Tensor<Float> {
    guard !classes.isEmpty else { throw .size(what: "number of classes", expected: "at least 1", got: 0) }
    var mask = [Float](repeating: 0, count: tagger.classCount)
    for label in classes {
      try UniversalSeparationError.checkClass(label, tagger.classCount)
      mask[label] = 1
    }
    return Tensor(mask)
  }

  /// What the classes of a mask ask for in segments of which the tagger has `heard` each class, `[segments, classes]`.
  func separate(
    _ segments: [[Float]],
    mask: Tensor<Float>,
    heard: Tensor<Float>,
    count: Int
  ) throws -> [Float] {
    let conditions = heard * mask
    let active = conditions.max([1]).values.enumerated().filter { $0.element >= threshold }.map(\.offset)
    var result = [Float](repeating: 0, count: segments.count * segment)
    guard !active.isEmpty else { return Array(result.prefix(count)) }
    let found = try network.separate(
      active.map { segments[$0] },
      conditions: conditions.indexSelected(Tensor<Int>(active)),
      batch: batch
    )
    for (index, sound) in zip(active, found) {
      result.replaceSubrange(index * segment..<(index + 1) * segment, with: sound)
    }
    return Array(result.prefix(count))
  }

  /// Segments one after the other, the last one filled with zeros.
  private func segments(of samples: [Float]) -> [[Float]] { SegmentedFile.segments(of: samples, segment) }

  private func checked(_ sound: Audio, _ what: String) throws(UniversalSeparationError) -> [Float] {
    let rate = network.configuration.sampleRate
    guard sound.sampleRate == rate else { throw .wrongRate(expected: rate, got: sound.sampleRate) }
    let samples = sound.mono
    try UniversalSeparationError.checkFinite(samples, what)
    return samples
  }

  private func withoutSilence(_ samples: [Float]) -> [Float] {
    let frame = Int(network.configuration.sampleRate / 10)
    return stride(from: 0, to: samples.count, by: frame).flatMap { start -> ArraySlice<Float> in
      let part = samples[start..<min(start + frame, samples.count)]
      return part.contains { abs($0) > silence } ? part : []
    }
  }
}
