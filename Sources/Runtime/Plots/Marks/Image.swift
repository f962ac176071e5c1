/// A picture's pixels in a figure, where axes and other marks are wanted; without axes show the `Picture` itself.
public struct Image: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// Pictures lie under everything else.
  public var traits: MarkTraits { MarkTraits("picture", layer: .pixels, series: .none, key: .patch) }
  private let picture: Picture
  private let x: ClosedRange<Double>?
  private let y: ClosedRange<Double>?

  /// The pixels of a picture.
  ///
  /// - Parameters:
  ///   - picture: the pixels.
  ///   - x: where they lie on the horizontal axis; counted from 0 when nil.
  ///   - y: where they lie on the vertical axis, the last row lowest; counted from 0 downwards when nil.
  public init(_ picture: Picture, x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil) {
    self.picture = picture
    self.x = x
    self.y = y
  }

  /// Makes room for all pixels.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    let raster = try picture.raster()
    domain.x.widen(to: x?.lowerBound ?? -0.5)
    domain.x.widen(to: x?.upperBound ?? Double(raster.width) - 0.5)
    domain.y.widen(to: y?.lowerBound ?? -0.5)
    domain.y.widen(to: y?.upperBound ?? Double(raster.height) - 0.5)
    domain.x.isTight = true
    domain.y.isTight = true
    if y == nil { domain.y.isReversed = true }
  }

  /// Draws the pixels.
  public func draw(on plot: inout PlotArea) {
    guard let raster = try? picture.raster() else { return }
    let left = plot.x(x?.lowerBound ?? -0.5)
    let right = plot.x(x?.upperBound ?? Double(raster.width) - 0.5)
    let top = plot.y(y?.upperBound ?? -0.5)
    let bottom = plot.y(y?.lowerBound ?? Double(raster.height) - 0.5)
    let rect = Rect(from: Point(left, top), to: Point(right, bottom))
    plot.image(raster, in: rect, smooth: Double(raster.width) > rect.width)
  }

  /// Size of the picture.
  public func summary() -> MarkSummary? { .words("\(picture.width) × \(picture.height) pixels") }
}
