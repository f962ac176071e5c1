/// What is drawn, in order: the one input of both back ends.
package struct DisplayList: Sendable, Equatable {
  /// One thing drawn.
  package enum Command: Sendable, Equatable {
    case path(Path, fill: Color?, stroke: Stroke?)
    case markers(Marker, at: [Point], radius: Double, fill: Color)
    case text(TextItem)
    case image(Raster, in: Rect, smooth: Bool)
    case beginClip(Rect)
    case endClip
  }

  package let width: Double
  package let height: Double
  package private(set) var commands: [Command] = []
  /// Corners of everything that stands for data; axes and text do not count.
  package private(set) var markVertexCount = 0
  /// Whether what is added now stands for data.
  var isDrawingMarks = false

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  mutating func append(_ command: Command) {
    if isDrawingMarks {
      switch command {
      case .path(let path, _, _): markVertexCount += path.vertexCount
      case .markers(_, let points, _, _): markVertexCount += points.count
      case .image, .text, .beginClip, .endClip: break
      }
    }
    commands.append(command)
  }

  mutating func stroke(_ points: [Point], _ stroke: Stroke, closed: Bool = false) {
    guard points.count > 1 else { return }
    append(.path(Path([points], isClosed: closed), fill: nil, stroke: stroke))
  }

  mutating func fill(_ rect: Rect, _ color: Color) {
    append(.path(Path([rect.corners], isClosed: true), fill: color, stroke: nil))
  }
}

/// Lines through points.
package struct Path: Sendable, Equatable {
  package var subpaths: [[Point]]
  package var isClosed: Bool

  init(_ subpaths: [[Point]], isClosed: Bool = false) {
    self.subpaths = subpaths
    self.isClosed = isClosed
  }

  package var vertexCount: Int { subpaths.reduce(0) { $0 + $1.count } }
}

/// How a line is drawn.
public struct Stroke: Sendable, Hashable {
  /// Color of the line.
  public var color: Color
  /// Width in CSS pixels.
  public var width: Double
  /// Lengths of dashes and gaps in CSS pixels; empty for a solid line.
  public var dash: [Double]

  /// Makes a stroke; the dash pattern grows with the width.
  public init(_ color: Color, width: Double = 1, dash: Dash = .solid) {
    self.color = color
    self.width = width
    self.dash = dash.pattern.map { $0 * max(width, 1) }
  }
}

/// Which part of a text lies at its place.
public enum TextAnchor: String, Sendable, Hashable {
  case start, middle, end
}

/// How heavy letters are.
public enum TextWeight: Sendable, Hashable {
  case regular, semibold
}

/// One line of text; its place lies on the base line.
package struct TextItem: Sendable, Equatable {
  package var text: String
  package var position: Point
  package var size: Double
  package var weight: TextWeight = .regular
  package var anchor: TextAnchor = .start
  /// Clockwise turn around the place, in degrees.
  package var angle: Double = 0
  package var color: Color = .ink
  /// Whether a rim in the page's color keeps the text readable over marks.
  package var hasHalo = false
}

/// RGBA pixels, eight bits a channel, row by row from the top, not premultiplied.
package struct Raster: Sendable, Equatable {
  package var width: Int
  package var height: Int
  package var rgba: [UInt8]

  package init(width: Int, height: Int, rgba: [UInt8]) {
    precondition(rgba.count == 4 * width * height, "a raster has four bytes a pixel")
    self.width = width
    self.height = height
    self.rgba = rgba
  }
}
