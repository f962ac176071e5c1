internal import Layers
internal import Tensors

/// Which weights of attention a student takes from its teacher.
public struct InheritedAttention: OptionSet, Sendable, Hashable {
  /// One bit a part.
  public let rawValue: Int
  /// Makes a set of its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }
  /// The projection to queries.
  public static let queries = InheritedAttention(rawValue: 1)
  /// The projection to keys.
  public static let keys = InheritedAttention(rawValue: 2)
  /// The projection to values.
  public static let values = InheritedAttention(rawValue: 4)
  /// The projection of the joined heads.
  public static let output = InheritedAttention(rawValue: 8)
}

extension DiffusionTransformer {
  /// Copies a trained model's parameters, all but those of its attention unless some are asked for.
  ///
  /// The paper copies from the running average of the teacher, and nothing of the attention. Source: J. Wang and others, 2025.
  ///
  /// - Parameters:
  ///   - teacher: a model of the same sizes; its heads and its way of mixing tokens may differ.
  ///   - attention: which weights of attention are copied too.
  /// - Returns: names of the parameters that changed, whole or in part.
  /// - Throws: `.differentModels` with the parameters that do not fit; nothing changes then.
  @discardableResult public mutating func inherit(
    from teacher: DiffusionTransformer,
    attention: InheritedAttention = []
  ) throws(DiffusionTransformerError) -> [String] {
    var source: [String: Tensor<Float>] = [:]
    for entry in teacher.namedTensors { source[entry.name] = entry.tensor }
    // The convolution belongs to attention that the teacher may not have.
    let wanted = namedTensors.filter { !$0.name.contains(".attn.dwc.") }
    var wrong = wanted.filter { source[$0.name]?.shape != $0.tensor.shape }.map(\.name)
    let known = Set(namedTensors.map(\.name))
    wrong += source.keys.filter { !known.contains($0) && !$0.contains(".attn.dwc.") }.sorted()
    guard wrong.isEmpty else { throw .differentModels(parameters: wrong) }
    var changed: [String] = []
    updateParameters { name, own in
      guard let given = source[name], let merged = Self.merged(name, own, given, attention) else { return own }
      changed.append(name)
      return merged
    }
    return changed
  }

  /// The tensor after inheritance; nil where it stays.
  private static func merged(
    _ name: String,
    _ own: Tensor<Float>,
    _ given: Tensor<Float>,
    _ attention: InheritedAttention
  ) -> Tensor<Float>? {
    guard name.contains(".attn.") else { return given }
    if name.contains(".attn.proj.") { return attention.contains(.output) ? given : nil }
    let parts: [InheritedAttention] = [.queries, .keys, .values]
    guard name.contains(".attn.qkv."), parts.contains(where: attention.contains) else { return nil }
    let (fresh, taught) = (own.split(into: 3), given.split(into: 3))
    return .concatenated(parts.indices.map { attention.contains(parts[$0]) ? taught[$0] : fresh[$0] })
  }
}
