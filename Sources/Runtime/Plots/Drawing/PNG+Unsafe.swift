internal import COffprintPNG

/// PNG files, read and written by libpng behind C functions that let no jump out.
package enum PNG {
  /// More pixels than any figure has: a file that claims more is refused before memory is taken.
  package static let pixelLimit = 100_000_000

  /// Writes pixels in the smallest lossless form: palette, grey or true color.
  ///
  /// - Parameters:
  ///   - raster: the pixels.
  ///   - roundsEdges: whether rare colors may be off by 8 of 255 where that makes a palette possible; for drawings only.
  /// - Returns: the bytes of the file.
  /// - Throws: `PlotError.outOfMemory` when libpng gets none.
  package static func encode(_ raster: Raster, roundsEdges: Bool = false) throws(PlotError) -> [UInt8] {
    guard raster.width > 0, raster.height > 0 else { throw .emptyPicture }
    var result = ofpng_result()
    let code = raster.rgba.withUnsafeBufferPointer {
      ofpng_encode($0.baseAddress, Int32(raster.width), Int32(raster.height), 6, roundsEdges ? 1 : 0, &result)
    }
    defer { ofpng_free(&result) }
    guard code == Int32(OFPNG_OK) else { throw .outOfMemory }
    return Array(UnsafeBufferPointer(start: result.bytes, count: result.count))
  }

  /// Reads a PNG file of any kind.
  ///
  /// - Throws: `PlotError.unreadablePicture` when the bytes are cut off, damaged or no PNG at all.
  package static func decode(_ bytes: [UInt8], name: String = "picture") throws(PlotError) -> Raster {
    var result = ofpng_result()
    let code = bytes.withUnsafeBufferPointer {
      ofpng_decode($0.baseAddress, $0.count, pixelLimit, &result)
    }
    defer { ofpng_free(&result) }
    guard code == Int32(OFPNG_OK) else {
      throw .unreadablePicture(name: name, reason: reason(code, message(of: result)))
    }
    let pixels = Array(UnsafeBufferPointer(start: result.bytes, count: result.count))
    return Raster(width: Int(result.width), height: Int(result.height), rgba: pixels)
  }

  private static func reason(_ code: Int32, _ message: String) -> PlotError.PictureFault {
    switch Int(code) {
    case OFPNG_NOT_A_PNG: .notAPNG
    case OFPNG_TRUNCATED: .truncated
    case OFPNG_TOO_LARGE: .tooLarge(limit: pixelLimit)
    case OFPNG_OUT_OF_MEMORY: .outOfMemory
    default: .damaged(message)
    }
  }

  private static func message(of result: ofpng_result) -> String {
    withUnsafeBytes(of: result.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
