internal import CCairo

/// A marker drawn once as masks, at sixteen positions within a pixel, and then stamped.
final class MarkerStamp {
  private static let steps = 4
  private let masks: [OpaquePointer]
  private let half: Double

  /// Draws the masks; the radius is in device pixels.
  init(_ marker: Marker, radius: Double) {
    half = (1.4 * radius).rounded(.up) + 1
    let side = Int32(2 * half) + 1
    var masks: [OpaquePointer] = []
    for step in 0..<Self.steps * Self.steps {
      guard let mask = cairo_image_surface_create(CAIRO_FORMAT_A8, side, side), let context = cairo_create(mask) else {
        continue
      }
      let shift = Point(
        half + Double(step % Self.steps) / Double(Self.steps),
        half + Double(step / Self.steps) / Double(Self.steps)
      )
      Self.trace(marker, at: shift, radius: radius, in: context)
      cairo_fill(context)
      cairo_destroy(context)
      masks.append(mask)
    }
    self.masks = masks
  }

  deinit { masks.forEach { cairo_surface_destroy($0) } }

  /// The mask for a place in device pixels, and where its corner goes.
  func place(_ point: Point) -> (mask: OpaquePointer, x: Double, y: Double) {
    let count = Double(Self.steps)
    let (x, y) = ((point.x * count).rounded() / count, (point.y * count).rounded() / count)
    let (column, row) = (x.rounded(.down), y.rounded(.down))
    let step = Int((x - column) * count) + Self.steps * Int((y - row) * count)
    return (masks[step], column - half, row - half)
  }

  static func trace(_ marker: Marker, at point: Point, radius: Double, in context: OpaquePointer) {
    let corners = marker.corners
    guard let first = corners.first else {
      cairo_new_sub_path(context)
      cairo_arc(context, point.x, point.y, radius, 0, 2 * .pi)
      cairo_close_path(context)
      return
    }
    cairo_move_to(context, point.x + first.x * radius, point.y + first.y * radius)
    for corner in corners.dropFirst() {
      cairo_line_to(context, point.x + corner.x * radius, point.y + corner.y * radius)
    }
    cairo_close_path(context)
  }
}

/// Cairo keeps a pixel as a native 32-bit word (B, G, R, A in memory), premultiplied.
enum PixelOrder {
  static func rgba(from data: UnsafePointer<UInt8>, width: Int, height: Int, stride: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 4 * width * height) { bytes, count in
      guard let base = bytes.baseAddress else { return }
      for row in 0..<height {
        let source = UnsafeRawPointer(data + row * stride)
        let target = UnsafeMutableRawPointer(base + 4 * row * width)
        for column in 0..<width {
          let word = source.load(fromByteOffset: 4 * column, as: UInt32.self)
          let swapped = (word & 0xff) << 16 | (word & 0xff00) | (word >> 16) & 0xff | 0xff00_0000
          target.storeBytes(of: swapped, toByteOffset: 4 * column, as: UInt32.self)
        }
      }
      count = 4 * width * height
    }
  }

  static func premultiply(_ raster: Raster, into data: UnsafeMutablePointer<UInt8>, stride: Int) {
    for row in 0..<raster.height {
      for column in 0..<raster.width {
        let source = 4 * (row * raster.width + column)
        let target = data + row * stride + 4 * column
        let alpha = Int(raster.rgba[source + 3])
        func scaled(_ channel: Int) -> UInt8 { UInt8((Int(raster.rgba[source + channel]) * alpha + 127) / 255) }
        target[0] = scaled(2)
        target[1] = scaled(1)
        target[2] = scaled(0)
        target[3] = UInt8(alpha)
      }
    }
  }
}
