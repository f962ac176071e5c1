internal import CSndFile

/// A file of libsndfile that lies in memory.
private struct MemoryFile {
  var bytes: [UInt8] = []
  var position = 0

  mutating func write(_ source: UnsafeRawBufferPointer) {
    let end = position + source.count
    if end > bytes.count { bytes.append(contentsOf: repeatElement(0, count: end - bytes.count)) }
    for (index, byte) in source.enumerated() { bytes[position + index] = byte }
    position = end
  }

  mutating func seek(_ offset: Int, _ origin: Int32) -> Int {
    let base = origin == Int32(SEEK_SET) ? 0 : origin == Int32(SEEK_CUR) ? position : bytes.count
    position = max(0, base + offset)
    return position
  }
}

extension Audio {
  /// A FLAC file of 16-bit samples, in memory: what `wav16()` holds, in about half the bytes.
  ///
  /// Empty where FLAC knows no such sound: more than eight channels, or a rate above 655 350 Hz.
  public func flac16() -> [UInt8] {
    guard (1...8).contains(channels.count), sampleRate <= 655_350 else { return [] }
    var info = SF_INFO()
    info.samplerate = Int32(sampleRate.rounded())
    info.channels = Int32(channels.count)
    info.format = Format.flac.code
    var functions = SF_VIRTUAL_IO(
      get_filelen: { sf_count_t(Self.memory($0).pointee.bytes.count) },
      seek: { sf_count_t(Self.memory($2).pointee.seek(Int($0), $1)) },
      read: { _, _, _ in 0 },
      write: { data, count, user in
        Self.memory(user).pointee.write(UnsafeRawBufferPointer(start: data, count: Int(count)))
        return count
      },
      tell: { sf_count_t(Self.memory($0).pointee.position) }
    )
    var memory = MemoryFile()
    let isWritten = withUnsafeMutablePointer(to: &memory) { memory -> Bool in
      guard let file = sf_open_virtual(&functions, Int32(SFM_WRITE), &info, memory) else { return false }
      let written = sf_writef_short(file, levels16, sf_count_t(frameCount))
      return sf_close(file) == 0 && Int(written) == frameCount
    }
    return isWritten ? memory.bytes : []
  }

  private static func memory(_ user: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<MemoryFile> {
    guard let user else { preconditionFailure("libsndfile lost the file that it was given") }
    return user.assumingMemoryBound(to: MemoryFile.self)
  }
}
