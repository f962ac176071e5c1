/// A tree of kinds of sound, of which some are classes that a tagger knows.
public struct SoundOntology: Sendable, Equatable {
  /// Name of the root.
  public var name: String
  /// Number of the class where the tagger knows this kind itself.
  public var classIndex: Int?
  /// Kinds of this kind.
  public var children: [SoundOntology]

  /// Describes a kind and those below it.
  public init(_ name: String, classIndex: Int? = nil, children: [SoundOntology] = []) {
    (self.name, self.classIndex, self.children) = (name, classIndex, children)
  }

  /// Describes a tree of two levels whose classes are numbered in the order in which they stand.
  public init(_ name: String, groups: [(name: String, classes: [String])]) {
    var next = 0
    self.init(name)
    for group in groups {
      var own = SoundOntology(group.name)
      for kind in group.classes {
        own.children.append(SoundOntology(kind, classIndex: next))
        next += 1
      }
      children.append(own)
    }
  }

  /// The classes of this kind and of all kinds below it, sorted.
  public var classes: [Int] {
    let own = classIndex.map { [$0] } ?? []
    return Set(children.reduce(own) { $0 + $1.classes }).sorted()
  }

  /// Levels below the root.
  public var depth: Int { children.map { $0.depth + 1 }.max() ?? 0 }

  /// The kinds of a level that hold classes; the root's children are level 1.
  ///
  /// - Throws: `.unknownLevel`.
  public func level(_ level: Int) throws(UniversalSeparationError) -> [SoundOntology] {
    guard (1...max(1, depth)).contains(level), depth > 0 else { throw .unknownLevel(level: level, depth: depth) }
    var found = children
    for _ in 1..<level { found = found.flatMap(\.children) }
    return found.filter { !$0.classes.isEmpty }
  }
}
