public import Acoustics
public import Tensors

/// Captions of generated sounds: a template, one of three nouns and one of three verbs of the kind.
public enum SceneCaption {
  /// Nouns and verbs of a kind, three each.
  static func words(_ kind: SceneSound) -> (nouns: [String], verbs: [String]) {
    switch kind {
    case .organ: (["organ", "harmonium", "pipes"], ["droning", "sustained", "chordal"])
    case .flute: (["flute", "recorder", "whistle"], ["fluting", "breathy", "wavering"])
    case .pluck: (["guitar", "harp", "lute"], ["plucked", "strummed", "twanging"])
    case .bird: (["bird", "songbird", "sparrow"], ["chirping", "tweeting", "warbling"])
    case .cricket: (["cricket", "cicada", "grasshopper"], ["stridulating", "shrilling", "rasping"])
    case .frog: (["frog", "toad", "bullfrog"], ["croaking", "ribbiting", "grunting"])
    case .engine: (["engine", "motor", "truck"], ["idling", "revving", "rumbling"])
    case .alarm: (["alarm", "siren", "detector"], ["wailing", "blaring", "warning"])
    case .clock: (["clock", "watch", "metronome"], ["ticking", "clicking", "counting"])
    case .rain: (["rain", "shower", "drizzle"], ["pouring", "pattering", "hissing"])
    case .wind: (["wind", "breeze", "storm"], ["howling", "gusting", "sighing"])
    case .bubbles: (["bubbles", "brook", "aquarium"], ["bubbling", "gurgling", "burbling"])
    }
  }

  static let templates: [(before: String, between: String)] = [
    ("a", ""), ("the sound of a", ""), ("someone recorded a", ""), ("we hear a", "that is"), ("please keep the", ""),
  ]

  /// All words that captions can hold, each once.
  public static var vocabulary: [String] {
    var seen: Set<String> = []
    let common = templates.flatMap { QueryWords.words(of: $0.before + " " + $0.between) }
    let own = SceneSound.allCases.flatMap { words($0).nouns + words($0).verbs }
    return (common + own).filter { seen.insert($0).inserted }
  }

  /// A caption of a kind.
  ///
  /// Of a kind's nine joins of noun and verb three are held out: each word is met in training, those joins are not.
  ///
  /// - Parameters:
  ///   - kind: what is asked for.
  ///   - usesHeldOut: whether the join is one of those held out.
  ///   - random: draws template and words.
  /// - Returns: the caption.
  public static func draw(_ kind: SceneSound, usesHeldOut: Bool, random: inout RandomStream) -> String {
    let (nouns, verbs) = words(kind)
    let noun = random.integer(in: 0..<3)
    let verb = usesHeldOut ? noun : (noun + 1 + random.integer(in: 0..<2)) % 3
    let template = templates[random.integer(in: 0..<templates.count)]
    return [template.before, nouns[noun], template.between, verbs[verb]].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
