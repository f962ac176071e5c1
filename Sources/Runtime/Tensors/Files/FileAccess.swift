internal import Glibc

/// A file that cannot be read or written.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// What was tried.
  public var action: String
  /// The system's reason.
  public var reason: String

  /// File, action and reason.
  public var description: String { "\(path): cannot \(action): \(reason)" }

  static func last(_ path: String, _ action: String) -> FileError {
    FileError(path: path, action: action, reason: String(cString: strerror(errno)))
  }
}

/// Whole files as bytes.
public enum FileAccess {
  /// Whether something lies at a path.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// All bytes of a file.
  ///
  /// - Throws: `FileError`.
  public static func read(_ path: String) throws(FileError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .last(path, "open") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .last(path, "read") }
    var done = 0
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      while done < buffer.count {
        let part = Glibc.read(file, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if part < 0, errno == EINTR { continue }
        failed = part < 0
        if part <= 0 { break }
        done += part
      }
      count = done
    }
    if failed { throw .last(path, "read") }
    return bytes
  }

  /// Replaces a file at once: whoever reads it, or a crash, finds the old bytes or the new ones.
  ///
  /// What killed processes left of earlier tries is removed.
  ///
  /// - Throws: `FileError`.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let temporary = path + ".partial-\(getpid())"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .last(path, "write") }
    var done = 0
    while done < bytes.count {
      let part = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + done }, bytes.count - done) }
      if part < 0, errno == EINTR { continue }
      guard part > 0 else { break }
      done += part
    }
    let complete = done == bytes.count && fsync(file) == 0
    close(file)
    guard complete, rename(temporary, path) == 0 else {
      let error = FileError.last(path, "write")
      unlink(temporary)
      throw error
    }
    removeLeftovers(of: path)
  }

  /// Removes parts of a file that processes which no longer live were writing.
  private static func removeLeftovers(of path: String) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "./"
    let start = (slash.map { String(path[path.index(after: $0)...]) } ?? path) + ".partial-"
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      guard name.hasPrefix(start), let process = pid_t(name.dropFirst(start.count)) else { continue }
      if kill(process, 0) != 0, errno == ESRCH { unlink(folder + name) }
    }
  }
}
