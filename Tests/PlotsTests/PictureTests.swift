import Display
import Plots
import Testing

@Suite("Pictures and PNG files")
struct PictureTests {
  /// Pixels whose four channels are computed from their index.
  static func raster(_ width: Int, _ height: Int, _ pixel: (Int) -> [Int]) -> Raster {
    let rgba = (0..<width * height).flatMap { index in pixel(index).map { UInt8(truncatingIfNeeded: $0) } }
    return Raster(width: width, height: height, rgba: rgba)
  }

  static let rasters: [Raster] = [
    raster(2, 2) { $0 % 3 == 0 ? [0, 0, 0, 255] : [255, 255, 255, 255] },
    raster(1, 1) { _ in [10, 20, 30, 40] },
    raster(16, 1) { [$0 * 16, 200, $0, 255 - $0] },
    raster(32, 32) { [$0, $0 / 4, $0 % 7, 255] },
    raster(32, 32) { [$0, $0 / 4, 3, $0 % 251] },
    raster(20, 20) { [$0, $0, $0, 255] },
  ]

  @Test("pixels come back as they were: palette, transparency, grey and true color", arguments: rasters.indices)
  func roundTrip(_ index: Int) throws {
    let raster = Self.rasters[index]
    #expect(try PNG.decode(PNG.encode(raster)) == raster)
  }

  @Test("rounding edges changes no channel by more than 8 and keeps frequent colors")
  func roundedEdges() throws {
    let side = 300
    // A white field with a band of 2 048 rare colors, more than a palette holds.
    let raster = Self.raster(side, side) { index in
      index < 2048 ? [index % 128, index % 128, index / 128, 255] : [255, 255, 255, 255]
    }
    let png = try PNG.encode(raster, roundsEdges: true)
    #expect(png[25] == 3, "color type 3 is a palette")
    let back = try PNG.decode(png)
    #expect(zip(back.rgba, raster.rgba).allSatisfy { abs(Int($0) - Int($1)) <= 8 })
    #expect(back.rgba.suffix(4) == [255, 255, 255, 255])
  }

  @Test("every cut of a file is an error, never a crash")
  func truncated() throws {
    let png = try PNG.encode(Self.rasters[3])
    for count in stride(from: 0, to: png.count - 13, by: 7) {
      let error = #expect(throws: PlotError.self) { try PNG.decode(Array(png.prefix(count)), name: "cut.png") }
      let expected: PlotError.PictureFault = count < 8 ? .notAPNG : .truncated
      #expect(error == .unreadablePicture(name: "cut.png", reason: expected))
    }
  }

  @Test("a damaged file says so")
  func damaged() throws {
    var png = try PNG.encode(Self.rasters[3])
    png[png.count / 2] ^= 0xff
    let error = #expect(throws: PlotError.self) { try PNG.decode(png, name: "bad.png") }
    #expect(error?.description.hasPrefix("bad.png: damaged PNG file") == true)
  }

  @Test("a file that claims to be huge is refused before memory is taken")
  func bomb() throws {
    var png = try PNG.encode(Self.rasters[0])
    png.replaceSubrange(16..<24, with: [0x00, 0x0f, 0x42, 0x40, 0x00, 0x0f, 0x42, 0x40])
    #expect(throws: PlotError.self) { try PNG.decode(png) }
  }

  @Test("a missing file is named")
  func missing() {
    let error = #expect(throws: PlotError.self) { try Picture(contentsOf: "no/such.png") }
    #expect(error == .unreadablePicture(name: "no/such.png", reason: .notFound))
  }

  @Test("grey and colored numbers become bytes; numbers outside are cut")
  func numbers() throws {
    #expect(
      Picture(grey: [Float(-1), 0.5, 2, .nan], width: 4, height: 1).rgba == [
        0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255, 0, 0, 0, 255,
      ]
    )
    #expect(Picture(rgb: [Float(1), 0, 0.5], width: 1, height: 1).rgba == [255, 0, 128, 255])
  }

  @Test("pixels that do not fit the size are an error")
  func wrongCount() {
    #expect(throws: PlotError.pixelCount(expected: 4, got: 3)) {
      try Picture(grey: [UInt8(1), 2, 3], width: 2, height: 2).output()
    }
    #expect(throws: PlotError.emptyPicture) { try Picture(grey: [UInt8](), width: 0, height: 3).output() }
  }

  @Test("an enlarged picture is sharp and keeps its pixels")
  func enlarged() throws {
    guard case .picture(let output) = try Picture(grey: [UInt8](0..<4), width: 2, height: 2).enlarged(8).output() else {
      Issue.record("expected a picture")
      return
    }
    #expect(output.width == 16 && output.height == 16 && output.isPixelated)
    #expect(try PNG.decode(output.png).width == 2)
  }

  @Test("a sheet lays pictures out in rows with transparent gaps")
  func sheet() throws {
    let tiles = (0..<3).map { Picture(grey: [UInt8($0), UInt8($0)], width: 2, height: 1) }
    let picture = PictureSheet(tiles, columns: 2, gap: 1).picture
    #expect(picture.width == 5 && picture.height == 3)
    #expect(Array(picture.rgba[8..<12]) == [0, 0, 0, 0])
    #expect(Array(picture.rgba[12..<16]) == [1, 1, 1, 255])
    #expect(Array(picture.rgba[40..<44]) == [2, 2, 2, 255])
  }
}
