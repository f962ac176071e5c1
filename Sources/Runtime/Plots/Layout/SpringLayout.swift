internal import Glibc

/// Finds places for the nodes of a graph.
///
/// Source: T. Fruchterman and E. Reingold, "Graph drawing by force-directed placement", 1991. Quadratic in the number of
/// nodes, so beyond a thousand of them the circle is kept.
enum SpringLayout {
  private static let largest = 1000
  private static let rounds = 300

  static func positions(count: Int, edges: [(Int, Int)]) -> [(x: Double, y: Double)] {
    // A full turn shared by the nodes; the radius grows a little so that no symmetry holds nodes on top of each other.
    var places = (0..<count).map { index -> (x: Double, y: Double) in
      let angle = 2 * Double.pi * Double(index) / Double(max(count, 1))
      let radius = 1 + 0.05 * Double(index) / Double(max(count, 1))
      return (radius * cos(angle), radius * sin(angle))
    }
    let links = edges.filter { $0.0 != $0.1 && min($0.0, $0.1) >= 0 && max($0.0, $0.1) < count }
    guard count > 2, count <= largest else { return places }
    let distance = 2 / Double(count).squareRoot()
    for round in 0..<rounds {
      let reach = 0.25 * (1 - Double(round) / Double(rounds))
      let forces = forces(places, links, distance)
      for index in places.indices {
        let (fx, fy) = forces[index]
        let length = max((fx * fx + fy * fy).squareRoot(), 1e-12)
        let step = min(length, reach)
        places[index].x += fx / length * step
        places[index].y += fy / length * step
      }
    }
    return places
  }

  /// All nodes push each other away, linked ones pull; a weak pull to the middle keeps loose parts together.
  private static func forces(
    _ places: [(x: Double, y: Double)],
    _ links: [(Int, Int)],
    _ distance: Double
  ) -> [(Double, Double)] {
    var forces = places.map { (-0.3 * $0.x, -0.3 * $0.y) }
    for first in places.indices {
      for second in places.indices[(first + 1)...] {
        let (dx, dy) = (places[first].x - places[second].x, places[first].y - places[second].y)
        let push = distance * distance / max(dx * dx + dy * dy, 1e-6)
        forces[first].0 += dx * push
        forces[first].1 += dy * push
        forces[second].0 -= dx * push
        forces[second].1 -= dy * push
      }
    }
    for (first, second) in links {
      let (dx, dy) = (places[second].x - places[first].x, places[second].y - places[first].y)
      let pull = (dx * dx + dy * dy).squareRoot() / distance
      forces[first].0 += dx * pull
      forces[first].1 += dy * pull
      forces[second].0 -= dx * pull
      forces[second].1 -= dy * pull
    }
    return forces
  }
}
