/// Where a mark draws: the frame between the axes, with the scales that lead there.
///
/// All places are CSS pixels from the figure's top left corner; what lies outside the frame is cut off.
public struct PlotArea {
  /// The frame between the axes.
  public let frame: Rect
  /// From numbers to horizontal places.
  public let x: Scale
  /// From numbers to vertical places.
  public let y: Scale
  /// Color, dash and marker of the mark's series.
  public internal(set) var style = SeriesStyle(index: 0)
  /// Place of this mark among those that stand side by side, from 0.
  public internal(set) var groupIndex = 0
  /// Number of marks that stand side by side.
  public internal(set) var groupCount = 1
  let domain: Domain
  var list: DisplayList

  init(frame: Rect, x: Scale, y: Scale, domain: Domain, list: DisplayList) {
    self.frame = frame
    self.x = x
    self.y = y
    self.domain = domain
    self.list = list
  }

  /// Horizontal places of numbers or names.
  public func xs(_ coordinates: Coordinates) -> [Double] { x.positions(domain.x.values(coordinates)) }

  /// Vertical places of numbers or names.
  public func ys(_ coordinates: Coordinates) -> [Double] { y.positions(domain.y.values(coordinates)) }

  /// Places of pairs of numbers or names.
  public func points(_ x: Coordinates, _ y: Coordinates) -> [Point] { zip(xs(x), ys(y)).map { Point($0, $1) } }

  /// Draws lines through places; a place that is not finite leaves a gap.
  ///
  /// Lines of more points than the picture has columns are reduced to what can be seen.
  public mutating func line(_ points: [Point], stroke: Stroke, closed: Bool = false) {
    let subpaths = Decimation.visible(points).filter { $0.count > 1 }
    guard !subpaths.isEmpty else { return }
    list.append(.path(Path(subpaths, isClosed: closed), fill: nil, stroke: stroke))
  }

  /// Fills a closed shape; places that are not finite split it.
  public mutating func polygon(_ points: [Point], fill: Color?, stroke: Stroke? = nil) {
    let subpaths = Decimation.visible(points).filter { $0.count > 2 }
    guard !subpaths.isEmpty else { return }
    list.append(.path(Path(subpaths, isClosed: true), fill: fill, stroke: stroke))
  }

  /// Draws separate line pieces in one go.
  public mutating func segments(_ pieces: [[Point]], stroke: Stroke) {
    let finite = pieces.filter { $0.count > 1 && $0.allSatisfy(\.isFinite) }.map { $0.map(Decimation.limited) }
    guard !finite.isEmpty else { return }
    list.append(.path(Path(finite), fill: nil, stroke: stroke))
  }

  /// Draws upright rectangles in one go.
  public mutating func rectangles(_ rects: [Rect], fill: Color) {
    let shapes = rects.filter { $0.width > 0 && $0.height > 0 }.map(\.corners)
    guard !shapes.isEmpty else { return }
    list.append(.path(Path(shapes, isClosed: true), fill: fill, stroke: nil))
  }

  /// Draws markers; of many that fall on one spot, one is drawn.
  public mutating func markers(_ marker: Marker, at points: [Point], radius: Double, color: Color) {
    let visible = Decimation.distinct(points, within: frame.grown(by: 2 * radius))
    guard !visible.isEmpty else { return }
    list.append(.markers(marker, at: visible, radius: radius, fill: color))
  }

  /// Writes one line of text with a rim in the page's color; its place lies on the base line.
  public mutating func text(
    _ text: String,
    at point: Point,
    size: Double = TextSize.label,
    color: Color = .ink,
    anchor: TextAnchor = .start,
    weight: TextWeight = .regular,
    halo: Bool = true
  ) {
    guard point.isFinite else { return }
    list.append(
      .text(
        TextItem(
          text: text,
          position: point,
          size: size,
          weight: weight,
          anchor: anchor,
          color: color,
          hasHalo: halo
        )
      )
    )
  }

  mutating func image(_ raster: Raster, in rect: Rect, smooth: Bool) {
    list.append(.image(raster, in: rect, smooth: smooth))
  }
}

/// Sizes of letters in CSS pixels.
public enum TextSize {
  /// Titles of figures.
  public static let title = 14.5
  /// Names of axes, legends, annotations.
  public static let label = 13.0
  /// Numbers at ticks.
  public static let tick = 12.0
}
