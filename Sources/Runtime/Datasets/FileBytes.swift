#if canImport(Glibc)
  internal import Glibc
#endif

/// The few file operations that data sets need, by the C library.
enum FileBytes {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func read(_ path: String) throws(DatasetError) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      bytes += chunk[..<count]
      if count < chunk.count { break }
    }
    guard ferror(file) == 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    return bytes
  }
}

/// Where data sets are looked for.
package enum DataFolders {
  static func fromEnvironment() -> [String] {
    folders(
      offprintData: variable("OFFPRINT_DATA"),
      offprintCache: variable("OFFPRINT_CACHE"),
      cacheHome: variable("XDG_CACHE_HOME"),
      home: variable("HOME")
    )
  }

  package static func folders(
    offprintData: String?,
    offprintCache: String? = nil,
    cacheHome: String?,
    home: String?
  ) -> [String] {
    var folders: [String] = []
    if let offprintData { folders.append(offprintData) }
    // A relative XDG_CACHE_HOME is invalid by the specification and is not used.
    if let offprintCache {
      folders.append(offprintCache + "/data")
    } else if let cacheHome, cacheHome.hasPrefix("/") {
      folders.append(cacheHome + "/offprint/data")
    } else if let home {
      folders.append(home + "/.cache/offprint/data")
    }
    return folders
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }
}
