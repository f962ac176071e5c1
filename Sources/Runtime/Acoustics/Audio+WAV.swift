extension Audio {
  /// A WAV file with 16-bit integers, in memory; samples outside -1…1 are clipped, and those that are not finite are 0.
  public func wav16() -> [UInt8] {
    let rate = Int(sampleRate.rounded())
    let size = 2 * channels.count * frameCount
    var bytes: [UInt8] = []
    bytes.reserveCapacity(44 + size)
    func append(_ value: Int, bytes count: Int) {
      for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
    bytes += "RIFF".utf8
    append(36 + size, bytes: 4)
    bytes += "WAVEfmt ".utf8
    append(16, bytes: 4)
    append(1, bytes: 2)
    append(channels.count, bytes: 2)
    append(rate, bytes: 4)
    append(2 * channels.count * rate, bytes: 4)
    append(2 * channels.count, bytes: 2)
    append(16, bytes: 2)
    bytes += "data".utf8
    append(size, bytes: 4)
    for level in levels16 {
      bytes.append(UInt8(truncatingIfNeeded: level))
      bytes.append(UInt8(truncatingIfNeeded: level >> 8))
    }
    return bytes
  }

  /// The samples as 16-bit integers, frame by frame, as every file form of them holds them.
  var levels16: [Int16] {
    var levels: [Int16] = []
    levels.reserveCapacity(channels.count * frameCount)
    for frame in 0..<frameCount {
      for channel in channels {
        let value = channel[frame]
        levels.append(Int16(max(-32768, min(32767, (value.isFinite ? value : 0) * 32767)).rounded()))
      }
    }
    return levels
  }
}
