/// Lines of equal value through a grid of numbers.
///
/// Source: the two-dimensional case of W. Lorensen and H. Cline, "Marching cubes", 1987; saddles are decided by the mean.
enum MarchingSquares {
  /// Sides of the grid are numbered so that two squares find the same number for the side they share.
  private struct Sides {
    let columns: Int

    /// The side from a grid point to its right neighbour.
    func level(_ row: Int, _ column: Int) -> Int { 2 * (row * columns + column) }
    /// The side from a grid point to its lower neighbour.
    func upright(_ row: Int, _ column: Int) -> Int { 2 * (row * columns + column) + 1 }
  }

  /// The lines at one level, each through places in units of columns and rows.
  static func lines(_ matrix: PlottedMatrix, level: Double) -> [[Point]] {
    guard matrix.rows > 1, matrix.columns > 1 else { return [] }
    let sides = Sides(columns: matrix.columns)
    var links: [Int: [Int]] = [:]
    for row in 0..<matrix.rows - 1 {
      for column in 0..<matrix.columns - 1 {
        for (a, b) in pairs(matrix, row, column, level, sides) {
          links[a, default: []].append(b)
          links[b, default: []].append(a)
        }
      }
    }
    return joined(links).map { $0.map { place(of: $0, matrix, level) } }
  }

  /// The sides of one square that the line connects.
  private static func pairs(_ m: PlottedMatrix, _ row: Int, _ column: Int, _ level: Double, _ sides: Sides) -> [(
    Int, Int
  )] {
    let corners = [m[row, column], m[row, column + 1], m[row + 1, column + 1], m[row + 1, column]]
    guard corners.allSatisfy(\.isFinite) else { return [] }
    let top = sides.level(row, column)
    let right = sides.upright(row, column + 1)
    let bottom = sides.level(row + 1, column)
    let left = sides.upright(row, column)
    let code = corners.enumerated().reduce(0) { $0 | ($1.element >= level ? 1 << $1.offset : 0) }
    let isHighInside = corners.reduce(0, +) / 4 >= level
    switch code {
    case 1, 14: return [(left, top)]
    case 2, 13: return [(top, right)]
    case 3, 12: return [(left, right)]
    case 4, 11: return [(right, bottom)]
    case 6, 9: return [(top, bottom)]
    case 7, 8: return [(left, bottom)]
    case 5: return isHighInside ? [(top, right), (left, bottom)] : [(left, top), (right, bottom)]
    case 10: return isHighInside ? [(left, top), (right, bottom)] : [(top, right), (left, bottom)]
    default: return []
    }
  }

  /// Follows links from side to side: open lines first, from their ends, then closed ones.
  private static func joined(_ links: [Int: [Int]]) -> [[Int]] {
    var links = links
    var lines: [[Int]] = []
    func follow(from start: Int) -> [Int] {
      var line = [start]
      var here = start
      while let next = links[here]?.popLast() {
        if let back = links[next]?.firstIndex(of: here) { links[next]?.remove(at: back) }
        line.append(next)
        here = next
      }
      return line
    }
    // Sorted, since the order of a dictionary differs from run to run.
    let order = links.keys.sorted()
    for start in order where links[start]?.count == 1 { lines.append(follow(from: start)) }
    for start in order where links[start]?.isEmpty == false { lines.append(follow(from: start)) }
    return lines
  }

  private static func place(of side: Int, _ m: PlottedMatrix, _ level: Double) -> Point {
    let (row, column) = (side / 2).quotientAndRemainder(dividingBy: m.columns)
    let isUpright = side % 2 == 1
    let (a, b) = (m[row, column], isUpright ? m[row + 1, column] : m[row, column + 1])
    let share = b == a ? 0.5 : (level - a) / (b - a)
    return isUpright ? Point(Double(column), Double(row) + share) : Point(Double(column) + share, Double(row))
  }
}
