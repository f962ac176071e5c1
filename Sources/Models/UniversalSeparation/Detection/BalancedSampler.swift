public import Tensors

/// Draws clips so that all classes come up equally often, however rare they are.
///
/// A queue holds all classes in a random order and is filled again when it is empty; for each class that leaves it, the next clip
/// of a random order of the class's own clips is taken.
///
/// Source: Q. Kong and others, 2023; behaviour of the sampler in bytedance/uss.
public struct BalancedSampler: Sendable {
  private let clips: [[Int]]
  private var queue: [Int] = []
  private var left: [[Int]]

  /// Prepares a sampler.
  ///
  /// - Parameters:
  ///   - labels: classes of each clip.
  ///   - classes: number of classes.
  /// - Throws: `.noLabels`, `.unknownClass`, or `.noClips` for a class that no clip holds.
  public init(labels: [[Int]], classes: Int) throws(UniversalSeparationError) {
    var clips = [[Int]](repeating: [], count: max(0, classes))
    for (clip, own) in labels.enumerated() {
      guard !own.isEmpty else { throw .noLabels(clip: clip) }
      for label in own {
        try UniversalSeparationError.checkClass(label, classes)
        clips[label].append(clip)
      }
    }
    if let missing = clips.firstIndex(where: \.isEmpty) { throw .noClips(classIndex: missing) }
    self.clips = clips
    left = clips.map { _ in [] }
  }

  /// The next class and a clip that holds it.
  public mutating func next(_ random: inout RandomStream) -> (label: Int, clip: Int) {
    if queue.isEmpty { queue = random.permutation(clips.count) }
    let label = queue.removeLast()
    if left[label].isEmpty { left[label] = random.permutation(clips[label].count).map { clips[label][$0] } }
    return (label, left[label].removeLast())
  }
}
