/// A named set of files with its licence, its source and the checksum of every file.
public struct Dataset: Sendable, Equatable {
  /// One file.
  public struct File: Sendable, Equatable {
    /// Path inside the set.
    public var path: String
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    public var sha256: String

    /// Names a file with its checksum.
    public init(_ path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
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
    let bytes = try FileBytes.read(path)
    let sum = SHA256.hexadecimal(of: bytes)
    guard sum == file.sha256 else { throw .wrongChecksum(path: path, expected: file.sha256, got: sum) }
    return bytes
  }

  /// The lines of a manifest: 64 digits, two spaces, a path.
  private static func entries(_ bytes: [UInt8], _ path: String) throws(DatasetError) -> [File] {
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


      + "github.com/OpenChrom/openchrom at 6a6cc6f6, test data of the GAML converter",
      File(
      File("LICENSE-hplc-py", sha256: "4a03dc6eb67c255f17154376ec3b99af63c21820d3ad36703db4eb76acf9d3ce"),
      File("gasoline/LICENSE-openchrom", sha256: "ed8d7a24769ac9d57d08769b5f8be27519dd8811d06b0995dbe8ca6714e96d08"),
    files: [
    licence: "lactose: GPL-3.0; gasoline: EPL-1.0 (the vendor's own terms for its demonstration file are not known)",
    name: "chromatograms",
    source: "github.com/cremerlab/hplc-py at 391f9ee0, docs/source/tutorials/data/calibration; "
    summary: "four measured liquid chromatograms of lactose and one gas chromatogram of gasoline",
  ///
  /// Every set with a description.
  /// Measured chromatograms: four liquid ones of lactose, one gas chromatogram of gasoline.
  /// `lactose/*.csv`: time in minutes, detector counts, the concentration in mM in the name. `gasoline/PE_Turbochrom_GC.gaml`: 2912
  /// points over 122 minutes with the vendor's peak table.
  public static let chromatograms = Dataset(
  public static var all: [Dataset] { [chromatograms, tinyShakespeare] }
extension Dataset {
        "gasoline/PE_Turbochrom_GC.gaml",
        sha256: "57297b7d22736f03012d0433a629b79ffe65f2cf205741cd849773cdb08fc45a"
      ),
      + "github.com/OpenChrom/openchrom at 6a6cc6f6, test data of the GAML converter",
      File(
      File("LICENSE-hplc-py", sha256: "4a03dc6eb67c255f17154376ec3b99af63c21820d3ad36703db4eb76acf9d3ce"),
      File("gasoline/LICENSE-openchrom", sha256: "ed8d7a24769ac9d57d08769b5f8be27519dd8811d06b0995dbe8ca6714e96d08"),
      File("lactose/lactose_mM_0.5.csv", sha256: "4a4de2575098f3ffea609633d0b2e312d38731d070c48fa977affc5f680ffdf3"),
      File("lactose/lactose_mM_1.csv", sha256: "9bb8e4e639741d3877486b2be195f7485fc129f83a560c3f53c5d43c047b9a2e"),
      File("lactose/lactose_mM_3.csv", sha256: "7beefc3ef2a14e502c5f084bdee37fb699d84c3f84b6f64418580d00fa05e7af"),
      File("lactose/lactose_mM_6.csv", sha256: "aff86e7f1982e66f2eedef486c867d0d55b20b0e2f78c9fdf17269abd37e2b1c"),
    ]
    files: [
    licence: "lactose: GPL-3.0; gasoline: EPL-1.0 (the vendor's own terms for its demonstration file are not known)",
    name: "chromatograms",
    source: "github.com/cremerlab/hplc-py at 391f9ee0, docs/source/tutorials/data/calibration; "
    summary: "four measured liquid chromatograms of lactose and one gas chromatogram of gasoline",
  )

    files: [File("input.txt", sha256: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed")]
    licence: "public domain",
    name: "tiny-shakespeare",
    source: "github.com/karpathy/char-rnn at 6f9487a6, data/tinyshakespeare/input.txt",
    summary: "1,115,394 characters of Shakespeare's dialogue",
  )
  ///
  /// Dialogue of plays as plain text: 1,115,394 characters, 65 of them different, in `input.txt`.
  /// Every set with a description.
  /// Measured chromatograms: four liquid ones of lactose, one gas chromatogram of gasoline.
  /// `lactose/*.csv`: time in minutes, detector counts, the concentration in mM in the name. `gasoline/PE_Turbochrom_GC.gaml`: 2912
  /// points over 122 minutes with the vendor's peak table.
  public static let chromatograms = Dataset(
  public static let tinyShakespeare = Dataset(
  public static var all: [Dataset] { [chromatograms, heterophilousGraphs] }
extension Dataset {
}
