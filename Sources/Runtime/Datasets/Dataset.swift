/// A named set of files with its licence, its source and the checksum of every file.
public struct Dataset: Sendable, Equatable {
  /// One file.
  public struct File: Sendable, Equatable {
    /// Path inside the set.
    public var path: String
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    public var sha256: String
    /// Public address of the file, where it can be had by itself.
    public var address: String?

    /// Names a file with its checksum.
    public init(_ path: String, sha256: String, address: String? = nil) {
      self.path = path
      self.sha256 = sha256
      self.address = address
    }
  }

  /// Name of the set, and of its folder.
  public var name: String
  /// What it holds, in one sentence.
  public var summary: String
  /// Terms of use.
  public var licence: String
  /// Where it comes from.
  public var source: String
  /// The files, or those that the manifest does not list.
  public var files: [File]
  /// A file with the checksums of many others, one line each as `sha256sum` writes them.
  public var manifest: File?

  /// Describes a set.
  ///
  /// - Parameters:
  ///   - name: name of the set and of its folder.
  ///   - summary: what it holds.
  ///   - licence: terms of use.
  ///   - source: where it comes from.
  ///   - files: the files.
  ///   - manifest: a file that lists further ones.
  public init(
    name: String,
    summary: String,
    licence: String,
    source: String,
    files: [File] = [],
    manifest: File? = nil
  ) {
    self.name = name
    self.summary = summary
    self.licence = licence
    self.source = source
    self.files = files
    self.manifest = manifest
  }

  /// Whether every file has a public address.
  public var canBeFetched: Bool { manifest == nil && files.allSatisfy { $0.address != nil } }

  /// Whether the set is at hand and whole.
  public var isAvailable: Bool { (try? locate()) != nil }

  /// Finds the set and checks every file.
  ///
  /// The folder that OFFPRINT_DATA names is searched first, then the cache ($XDG_CACHE_HOME or ~/.cache, offprint/data). The first
  /// folder with the set's name counts: a damaged copy is an error, never a reason to take another one.
  ///
  /// - Throws: `DatasetError.missing`, `.missingFile`, `.wrongChecksum` or `.unreadable`.
  public func locate() throws(DatasetError) -> LocatedDataset { try locate(in: DataFolders.fromEnvironment()) }

  package func locate(in folders: [String]) throws(DatasetError) -> LocatedDataset {
    let candidates = folders.map { "\($0)/\(name)" }
    guard let folder = candidates.first(where: FileBytes.isFolder) else {
      throw .missing(dataset: name, searched: candidates, source: source)
    }
    var contents: [String: [UInt8]] = [:]
    var wanted = files
    if let manifest {
      let bytes = try checked(manifest, in: folder)
      contents[manifest.path] = bytes
      wanted += try Self.entries(bytes, manifest.path)
    }
    for file in wanted { contents[file.path] = try checked(file, in: folder) }
    return LocatedDataset(dataset: self, folder: folder, contents: contents)
  }

  private func checked(_ file: File, in folder: String) throws(DatasetError) -> [UInt8] {
    let path = "\(folder)/\(file.path)"
    guard FileBytes.exists(path) else { throw .missingFile(dataset: name, path: path) }
    return try file.checkedBytes(at: path)
  }

  /// The files that a manifest lists.
  ///
  /// - Throws: `DatasetError.malformed`.
  package static func entries(_ bytes: [UInt8], _ path: String) throws(DatasetError) -> [File] {
    var found: [File] = []
    for (number, line) in String(decoding: bytes, as: UTF8.self).split(separator: "\n").enumerated() {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, parts[0].count == 64, parts[0].allSatisfy(\.isHexDigit) else {
        throw .malformed(format: path, line: number + 1, reason: "expected a SHA-256 and a path, got '\(line)'")
      }
      found.append(File(String(parts[1].drop { $0 == " " || $0 == "*" }), sha256: String(parts[0])))
    }
    return found
  }
}

/// A set that was found and whose files are those that are meant.
public struct LocatedDataset: Sendable {
  /// The description.
  public let dataset: Dataset
  /// Folder of the set.
  public let folder: String
  private let contents: [String: [UInt8]]

  /// Paths of all files, sorted.
  public var paths: [String] { contents.keys.sorted() }

  init(dataset: Dataset, folder: String, contents: [String: [UInt8]]) {
    self.dataset = dataset
    self.folder = folder
    self.contents = contents
  }

  /// Bytes of a file, as they were checked.
  ///
  /// - Throws: `DatasetError.unknownFile`.
  public func bytes(_ path: String) throws(DatasetError) -> [UInt8] {
    guard let bytes = contents[path] else {
      throw .unknownFile(
        dataset: dataset.name,
        name: path,
        known: dataset.manifest == nil ? dataset.files.map(\.path) : paths
      )
    }
    return bytes
  }
}

extension Dataset.File {
  /// Bytes of the file at a place.
  ///
  /// - Throws: `DatasetError.unreadable`, or `.wrongChecksum` where it is not the file that is meant.
  package func checkedBytes(at path: String) throws(DatasetError) -> [UInt8] {
    let bytes = try FileBytes.read(path)
    let sum = SHA256.hexadecimal(of: bytes)
    guard sum == sha256 else { throw .wrongChecksum(path: path, expected: sha256, got: sum) }
    return bytes
  }

  /// The same files with addresses below one.
  static func all(_ files: [Self], below address: String) -> [Self] {
    files.map { Self($0.path, sha256: $0.sha256, address: "\(address)/\($0.path)") }
  }
}
