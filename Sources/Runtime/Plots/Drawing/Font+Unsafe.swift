internal import CCairo
internal import Synchronization

/// The fonts that plots are drawn with, loaded once from files at fixed places.
///
/// Fonts are taken by path and never by family name: what a name means differs between machines.
final class FontLibrary: Sendable {
  private let regular: [Font]
  private let semibold: [Font]

  private init(regular: [Font], semibold: [Font]) {
    self.regular = regular
    self.semibold = semibold
  }

  /// The fonts of this machine.
  private static let loaded: Result<FontLibrary, PlotError> = load()

  /// The fonts of this machine.
  ///
  /// - Throws: `PlotError.fontMissing` when none of the known files exists.
  static func current() throws(PlotError) -> FontLibrary { try loaded.get() }

  /// The first font that has a letter; the first of all when none has it.
  func font(for scalar: Unicode.Scalar, weight: TextWeight) -> (font: Font, glyph: UInt32) {
    let fonts = weight == .regular ? regular : semibold
    for font in fonts {
      let glyph = font.glyph(of: scalar)
      if glyph != 0 { return (font, glyph) }
    }
    return (fonts[0], 0)
  }

  /// Width of one line of text in CSS pixels, without hinting, the same for both back ends.
  func width(of text: String, size: Double, weight: TextWeight = .regular) -> Double {
    text.unicodeScalars.reduce(0) { width, scalar in
      let (font, glyph) = font(for: scalar, weight: weight)
      return width + font.advance(of: glyph) * size
    }
  }

  private static func load() -> Result<FontLibrary, PlotError> {
    var library: FT_Library?
    guard FT_Init_FreeType(&library) == 0, let library else { return .failure(.fontMissing(searched: FontFiles.all)) }
    let regular = FontFiles.regular.compactMap { Font(path: $0, library: library) }
    let semibold = FontFiles.semibold.compactMap { Font(path: $0, library: library) }
    guard !regular.isEmpty else { return .failure(.fontMissing(searched: FontFiles.all)) }
    return .success(FontLibrary(regular: regular, semibold: semibold + regular))
  }
}

/// The usual places of font files on Linux distributions, best-looking first.
enum FontFiles {
  static let regular = paths(
    inter: "Inter-Regular",
    dejavu: "DejaVuSans"
  )
  static let semibold = paths(inter: "Inter-SemiBold", dejavu: "DejaVuSans-Bold")
  static let all = regular + semibold

  private static func paths(inter: String, dejavu: String) -> [String] {
    let interFolders = ["/usr/share/fonts/opentype/inter", "/usr/share/fonts/inter", "/usr/local/share/fonts/inter"]
    let dejavuFolders = [
      "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/TTF",
      "/usr/share/fonts/dejavu", "/usr/local/share/fonts/dejavu",
    ]
    return interFolders.flatMap { ["\($0)/\(inter).otf", "\($0)/\(inter).ttf"] }
      + dejavuFolders.map { "\($0)/\(dejavu).ttf" }
  }
}

/// One font file.
///
/// Its FreeType face serves measuring under a lock; Cairo draws with a second face of the same file, under its own lock.
final class Font: @unchecked Sendable {
  // Unchecked: the faces are opaque C handles, touched only under `state` (measuring) or by Cairo (drawing).
  let cairoFace: OpaquePointer
  private let measuringFace: FT_Face
  private let state = Mutex<Metrics>(Metrics())

  private struct Metrics {
    var glyphs: [Unicode.Scalar: UInt32] = [:]
    var advances: [UInt32: Double] = [:]
  }

  init?(path: String, library: FT_Library) {
    var measuring: FT_Face?
    var drawing: FT_Face?
    guard FT_New_Face(library, path, 0, &measuring) == 0, let measuring,
      FT_New_Face(library, path, 0, &drawing) == 0, let drawing,
      let face = cairo_ft_font_face_create_for_ft_face(drawing, Int32(FT_LOAD_NO_HINTING))
    else { return nil }
    measuringFace = measuring
    cairoFace = face
  }

  func glyph(of scalar: Unicode.Scalar) -> UInt32 {
    state.withLock { metrics in
      if let glyph = metrics.glyphs[scalar] { return glyph }
      let glyph = FT_Get_Char_Index(measuringFace, FT_ULong(scalar.value))
      metrics.glyphs[scalar] = glyph
      return glyph
    }
  }

  /// Distance to the next letter for size 1.
  func advance(of glyph: UInt32) -> Double {
    state.withLock { metrics in
      if let advance = metrics.advances[glyph] { return advance }
      guard FT_Load_Glyph(measuringFace, glyph, Int32(FT_LOAD_NO_SCALE)) == 0 else { return 0.5 }
      let units = Double(measuringFace.pointee.glyph.pointee.advance.x)
      let advance = units / Double(measuringFace.pointee.units_per_EM)
      metrics.advances[glyph] = advance
      return advance
    }
  }
}
