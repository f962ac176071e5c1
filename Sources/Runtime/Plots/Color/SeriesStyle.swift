/// The pattern of a line.
public enum Dash: Sendable, Hashable, CaseIterable {
  case solid, dashed, dotted, dashDot, longDash, dashDotDot

  /// Lengths of dashes and gaps in units of the line width; empty for a solid line.
  package var pattern: [Double] {
    switch self {
    case .solid: []
    case .dashed: [4.5, 2.2]
    case .dotted: [1.2, 1.8]
    case .dashDot: [5.5, 1.8, 1.2, 1.8]
    case .longDash: [9, 2.8]
    case .dashDotDot: [5.5, 1.7, 1.1, 1.7, 1.1, 1.7]
    }
  }
}

/// The shape of a point.
public enum Marker: Sendable, Hashable, CaseIterable {
  case circle, square, triangle, diamond, cross, triangleDown

  /// Corners of the shape around the origin for radius 1, all shapes of about one area; empty for a circle.
  package var corners: [Point] {
    switch self {
    case .circle: []
    case .square: [Point(-0.87, -0.87), Point(0.87, -0.87), Point(0.87, 0.87), Point(-0.87, 0.87)]
    case .triangle: [Point(0, -1.25), Point(1.14, 0.77), Point(-1.14, 0.77)]
    case .diamond: [Point(0, -1.25), Point(1.1, 0), Point(0, 1.25), Point(-1.1, 0)]
    case .triangleDown: [Point(0, 1.25), Point(-1.14, -0.77), Point(1.14, -0.77)]
    case .cross: Self.crossCorners
    }
  }

  /// A saltire: twelve corners, arms as wide as they look well at three pixels.
  private static let crossCorners: [Point] = {
    let (arm, half) = (1.05, 0.36)
    return (0..<4).flatMap { turn -> [Point] in
      let base = [Point(half, 0), Point(arm + half / 2, arm - half / 2), Point(arm - half / 2, arm + half / 2)]
      return base.map { point in
        switch turn {
        case 0: Point(point.x, point.y)
        case 1: Point(-point.y, point.x)
        case 2: Point(-point.x, -point.y)
        default: Point(point.y, -point.x)
        }
      }
    }
  }()
}

/// How a series is drawn: color, dash and marker differ together, so no series is told apart by color alone.
public struct SeriesStyle: Sendable, Hashable {
  /// Color of lines and fills.
  public var color: Color
  /// Pattern of lines.
  public var dash: Dash
  /// Shape of points.
  public var marker: Marker
  /// Place in the cycle, from 0; bars take their hatching from it.
  public var index: Int

  /// The style of the series at a place of the cycle, from 0.
  public init(index: Int) {
    let (round, place) = index.quotientAndRemainder(dividingBy: Color.cycle.count)
    color = Color.cycle[place]
    // Each further round through the colors pairs them with the next dash and marker.
    dash = Dash.allCases[(place + round) % Dash.allCases.count]
    marker = Marker.allCases[(place + round) % Marker.allCases.count]
    self.index = index
  }
}
