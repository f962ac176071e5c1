/// Small files made on the spot.
package enum SampleFile {
  /// A grey-scale PNG with a diagonal gradient; stored without compression.
  package static func png(width: Int, height: Int) -> [UInt8] {
    var rows: [UInt8] = []
    for y in 0..<height {
      rows.append(0)
      for x in 0..<width { rows.append(UInt8((x * 7 + y * 13) % 200 + 30)) }
    }
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    file += chunk("IHDR", big(width) + big(height) + [8, 0, 0, 0, 0])
    file += chunk("IDAT", stored(rows))
    return file + chunk("IEND", [])
  }

  /// Half a second of a tone at 8 kHz.
  package static func wav(frequency: Double) -> [UInt8] {
    let samples = (0..<4_000).map { index -> Int16 in
      // A triangle wave needs no sine.
      let phase = (Double(index) * frequency / 8_000).truncatingRemainder(dividingBy: 1)
      return Int16((abs(phase - 0.5) * 4 - 1) * 8_000)
    }
    let data = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    return Array("RIFF".utf8) + little(36 + data.count) + Array("WAVEfmt ".utf8) + little(16) + [1, 0, 1, 0]
      + little(8_000) + little(16_000) + [2, 0, 16, 0] + Array("data".utf8) + little(data.count) + data
  }

  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65_535, bytes.count)
      let count = end - start
      result += [
        end == bytes.count ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255),
        UInt8(~count >> 8 & 255),
      ]
      result += bytes[start..<end]
      start = end
    } while start < bytes.count
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return result + big(Int(b << 16 | a))
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return big(data.count) + body + big(Int(~crc))
  }

  private static func big(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }
  private static func little(_ value: Int) -> [UInt8] { [0, 8, 16, 24].map { UInt8(value >> $0 & 255) } }
}
