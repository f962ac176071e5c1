internal import CCairo
internal import Display
internal import Glibc

/// Draws a display list into pixels.
///
/// No hinting, grey antialiasing and fonts by path: equal lists give equal bytes on every machine with the same libraries.
struct CairoCanvas {
  private let context: OpaquePointer
  private let surface: OpaquePointer
  private let fonts: FontLibrary
  private let scale: Double
  private let palette: FigurePalette

  /// The pixels of a list, opaque, in the colors of a light or a dark page.
  ///
  /// - Throws: `PlotError.outOfMemory` when Cairo gets no surface of this size.
  static func render(
    _ list: DisplayList,
    scale: Double,
    palette: FigurePalette = .light,
    fonts: FontLibrary
  ) throws(PlotError) -> Raster {
    let (width, height) = (Int32((list.width * scale).rounded()), Int32((list.height * scale).rounded()))
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height) else { throw .outOfMemory }
    defer { cairo_surface_destroy(surface) }
    guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let context = cairo_create(surface) else {
      throw .outOfMemory
    }
    defer { cairo_destroy(context) }
    let canvas = CairoCanvas(context: context, surface: surface, fonts: fonts, scale: scale, palette: palette)
    canvas.prepare()
    for command in list.commands { canvas.draw(command) }
    cairo_surface_flush(surface)
    return canvas.pixels(width: Int(width), height: Int(height))
  }

  private func prepare() {
    set(.background)
    cairo_paint(context)
    cairo_scale(context, scale, scale)
    cairo_set_antialias(context, CAIRO_ANTIALIAS_GRAY)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  private func draw(_ command: DisplayList.Command) {
    switch command {
    case .path(let path, let fill, let stroke): draw(path, fill: fill, stroke: stroke)
    case .markers(let marker, let points, let radius, let fill): draw(marker, at: points, radius: radius, fill: fill)
    case .text(let item): draw(item)
    case .image(let raster, let rect, let smooth): draw(raster, in: rect, smooth: smooth)
    case .beginClip(let rect):
      cairo_save(context)
      cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
      cairo_clip(context)
    case .endClip: cairo_restore(context)
    }
  }

  private func draw(_ path: Path, fill: Color?, stroke: Stroke?) {
    trace(path)
    if let fill {
      set(fill)
      if stroke == nil { cairo_fill(context) } else { cairo_fill_preserve(context) }
    }
    if let stroke {
      set(stroke.color)
      cairo_set_line_width(context, stroke.width)
      cairo_set_dash(context, stroke.dash, Int32(stroke.dash.count), 0)
      cairo_stroke(context)
    }
  }

  private func trace(_ path: Path) {
    for points in path.subpaths {
      guard let first = points.first else { continue }
      cairo_move_to(context, first.x, first.y)
      for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
      if path.isClosed { cairo_close_path(context) }
    }
  }

  /// Many points are stamped from one drawn marker: filling each shape anew takes ten times as long.
  private func draw(_ marker: Marker, at points: [Point], radius: Double, fill: Color) {
    guard points.count > 64 else {
      set(fill)
      for point in points { trace(marker, at: point, radius: radius) }
      cairo_fill(context)
      return
    }
    let stamp = MarkerStamp(marker, radius: radius * scale)
    cairo_save(context)
    cairo_identity_matrix(context)
    set(fill)
    for point in points {
      let place = stamp.place(Point(point.x * scale, point.y * scale))
      cairo_mask_surface(context, place.mask, place.x, place.y)
    }
    cairo_restore(context)
  }

  private func trace(_ marker: Marker, at point: Point, radius: Double) {
    MarkerStamp.trace(marker, at: point, radius: radius, in: context)
  }

  private func draw(_ item: TextItem) {
    let size = item.size
    let width = fonts.width(of: item.text, size: size, weight: item.weight)
    let shift = item.anchor == .start ? 0 : item.anchor == .middle ? -width / 2 : -width
    cairo_save(context)
    cairo_translate(context, item.position.x, item.position.y)
    cairo_rotate(context, item.angle * .pi / 180)
    cairo_set_font_size(context, size)
    var x = shift
    for run in runs(of: item) {
      var glyphs = run.glyphs.map { glyph -> cairo_glyph_t in
        defer { x += run.font.advance(of: glyph) * size }
        return cairo_glyph_t(index: UInt(glyph), x: x, y: 0)
      }
      cairo_set_font_face(context, run.font.cairoFace)
      if item.hasHalo {
        cairo_glyph_path(context, &glyphs, Int32(glyphs.count))
        set(.background)
        cairo_set_line_width(context, 3)
        cairo_set_dash(context, nil, 0, 0)
        cairo_stroke(context)
      }
      set(item.color)
      cairo_show_glyphs(context, &glyphs, Int32(glyphs.count))
    }
    cairo_restore(context)
  }

  /// Neighbouring letters that come from one font file.
  private func runs(of item: TextItem) -> [(font: Font, glyphs: [UInt32])] {
    var runs: [(font: Font, glyphs: [UInt32])] = []
    for scalar in item.text.unicodeScalars {
      let (font, glyph) = fonts.font(for: scalar, weight: item.weight)
      if let last = runs.last, last.font === font {
        runs[runs.count - 1].glyphs.append(glyph)
      } else {
        runs.append((font, [glyph]))
      }
    }
    return runs
  }

  private func draw(_ raster: Raster, in rect: Rect, smooth: Bool) {
    guard raster.width > 0, raster.height > 0,
      let image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(raster.width), Int32(raster.height))
    else { return }
    defer { cairo_surface_destroy(image) }
    guard let data = cairo_image_surface_get_data(image) else { return }
    PixelOrder.premultiply(raster, into: data, stride: Int(cairo_image_surface_get_stride(image)))
    cairo_surface_mark_dirty(image)
    cairo_save(context)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_clip(context)
    cairo_translate(context, rect.x, rect.y)
    cairo_scale(context, rect.width / Double(raster.width), rect.height / Double(raster.height))
    cairo_set_source_surface(context, image, 0, 0)
    let pattern = cairo_get_source(context)
    cairo_pattern_set_filter(pattern, smooth ? CAIRO_FILTER_GOOD : CAIRO_FILTER_NEAREST)
    cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD)
    cairo_paint(context)
    cairo_restore(context)
  }

  private func set(_ color: Color) {
    let color = color.seen(in: palette)
    cairo_set_source_rgba(
      context,
      Double(color.red) / 255,
      Double(color.green) / 255,
      Double(color.blue) / 255,
      color.opacity
    )
  }

  private func pixels(width: Int, height: Int) -> Raster {
    guard let data = cairo_image_surface_get_data(surface) else {
      return Raster(width: 0, height: 0, rgba: [])
    }
    let stride = Int(cairo_image_surface_get_stride(surface))
    return Raster(
      width: width,
      height: height,
      rgba: PixelOrder.rgba(from: data, width: width, height: height, stride: stride)
    )
  }
}
