/// The known name that is closest to a mistyped one, for "did you mean".
///
/// - Returns: nil when nothing is close enough to be meant: more than a third of the letters would have to change.
package func nearestName(to name: String, among known: some Sequence<String>) -> String? {
  let limit = max(1, (name.count + 1) / 3)
  return known.map { (candidate: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
    .filter { $0.distance <= limit }
    .min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?.candidate
}

/// What an error says after a mistyped name: "; did you mean 'x'?", or nothing where no known name is close.
package func suggestion(for name: String, among known: some Sequence<String>) -> String {
  nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
}

/// Number of insertions, deletions, substitutions and swaps of neighbours that turn one text into the other.
func editDistance(_ left: String, _ right: String) -> Int {
  let (left, right) = (Array(left), Array(right))
  guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  for i in 1...left.count {
    var current = [i] + [Int](repeating: 0, count: right.count)
    for j in 1...right.count {
      let cost = left[i - 1] == right[j - 1] ? 0 : 1
      current[j] = min(last[j] + 1, current[j - 1] + 1, last[j - 1] + cost)
      if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
        current[j] = min(current[j], beforeLast[j - 2] + 1)
      }
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
