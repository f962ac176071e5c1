/// Why a network, a clip, a query or a class is refused.
public enum UniversalSeparationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A number is not possible.
  case size(what: String, expected: String, got: Int)
  /// An input has another shape than is needed.
  case shape(what: String, expected: String, got: [Int])
  /// Conditions do not fit the network or the mixtures; none is an empty shape.
  case condition(expected: [Int], got: [Int])
  /// A clip names no class.
  case noLabels(clip: Int)
  /// No clip holds a class.
  case noClips(classIndex: Int)
  /// There is no class of this number.
  case unknownClass(index: Int, count: Int)
  /// A sound is shorter than an anchor segment.
  case tooShort(what: String, samples: Int, needed: Int)
  /// A sound has another rate than the model, in Hz.
  case wrongRate(expected: Double, got: Double)
  /// A sample is NaN or infinite.
  case notFinite(what: String, sample: Int)
  /// Nothing but silence is left of a query.
  case silentQuery(threshold: Float)
  /// A tree of classes names no node of this level.
  case unknownLevel(level: Int, depth: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .size(let what, let expected, let got): "\(what) must be \(expected), got \(got)"
    case .shape(let what, let expected, let got): "\(what) must have shape \(expected), got \(got)"
    case .condition(let expected, let got):
      "conditions must \(Self.words(expected)), got \(got.isEmpty ? "none" : "shape \(got)")"
    case .noLabels(let clip): "clip \(clip) has no label; name at least one class or leave the clip out"
    case .noClips(let index): "no clip is labelled with class \(index); add clips or leave the class out"
    case .unknownClass(let index, let count): "there is no class \(index); classes are numbered from 0 to \(count - 1)"
    case .tooShort(let what, let samples, let needed):
      "\(what) has \(samples) samples, an anchor segment needs \(needed); take a longer clip or a shorter anchor"
    case .wrongRate(let expected, let got):
      "the sound has \(got) Hz, the model was made for \(expected) Hz; resample it"
    case .notFinite(let what, let sample): "sample \(sample) of \(what) is not finite; mend the recording"
    case .silentQuery(let threshold):
      "the query is silent: no tenth of a second rises above \(threshold); give a louder recording"
    case .unknownLevel(let level, let depth): "the ontology has no level \(level); its levels are 1 to \(depth)"
    }
  }

  private static func words(_ expected: [Int]) -> String {
    expected.isEmpty ? "be left out, for the network takes none" : "have shape \(expected)"
  }
}

extension UniversalSeparationError {
  static func checkClass(_ index: Int, _ count: Int) throws(UniversalSeparationError) {
    guard (0..<count).contains(index) else { throw .unknownClass(index: index, count: count) }
  }

  static func checkFinite(_ samples: [Float], _ what: String) throws(UniversalSeparationError) {
    if let sample = samples.firstIndex(where: { !$0.isFinite }) { throw .notFinite(what: what, sample: sample) }
  }
}
