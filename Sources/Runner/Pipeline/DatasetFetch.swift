package import Datasets
internal import Evaluation
internal import Foundation

/// Brings the files of a data set into the cache, from their public addresses or from a mirror.
///
/// A file counts only when it has the checksum that the set names: what is there already is left, what is another file is refused.
package struct DatasetFetch: Sendable {
  private let set: Dataset
  /// Address of a folder of data sets, one folder a set.
  private let mirror: String?
  /// The set's own folder in the cache.
  package let folder: String

  package init(_ set: Dataset, mirror: String? = nil, cache: String = Installation.cacheFolder()) {
    (self.set, self.mirror) = (set, mirror)
    folder = "\(Installation.fetchedDataFolder(cache: cache))/\(set.name)"
  }

  /// Number of files of the set and of those that were fetched now.
  package struct Outcome: Sendable, Equatable {
    package var files = 0
    package var fetched = 0
  }

  /// Fetches what is missing.
  ///
  /// - Throws: `DatasetFetchError` for a file without an address or one that does not come; `DatasetError.wrongChecksum` for one
  ///   that is not what is meant.
  package func run() throws -> Outcome {
    var outcome = Outcome()
    var files = set.files
    if let manifest = set.manifest {
      files += try Dataset.entries(try bytes(manifest, &outcome), manifest.path)
    }
    // Nothing is begun that cannot be ended.
    if let file = files.first(where: { address(of: $0) == nil }) { throw noAddress(file) }
    for file in files { _ = try bytes(file, &outcome) }
    return outcome
  }

  private func address(of file: Dataset.File) -> String? {
    guard let mirror else { return file.address }
    let path = "\(set.name)/\(file.path)".addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
    return path.map { (mirror.hasSuffix("/") ? mirror : mirror + "/") + $0 }
  }

  private func noAddress(_ file: Dataset.File) -> DatasetFetchError {
    .noAddress(set: set.name, file: file.path, source: set.source)
  }

  private func bytes(_ file: Dataset.File, _ outcome: inout Outcome) throws -> [UInt8] {
    let path = "\(folder)/\(file.path)"
    outcome.files += 1
    if let bytes = try? file.checkedBytes(at: path) { return bytes }
    guard let address = address(of: file) else { throw noAddress(file) }
    let parent = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    // A name of this process, so that two commands and a killed one leave nothing half done.
    let part = "\(path).\(getpid()).part"
    defer { try? FileManager.default.removeItem(atPath: part) }
    try download(address, to: part)
    let bytes = try file.checkedBytes(at: part)
    guard rename(part, path) == 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path]) }
    outcome.fetched += 1
    return bytes
  }

  private func download(_ address: String, to path: String) throws {
    let arguments = [
      "curl", "--fail", "--silent", "--show-error", "--location", "--proto", "=https,http,file", "--connect-timeout",
      "20", "--output", path, "--", address,
    ]
    let result: Subprocess
    do { result = try Subprocess.run("/usr/bin/env", arguments) } catch {
      throw DatasetFetchError.failed(address: address, reason: error.localizedDescription)
    }
    // What `env` says for a program that is not there.
    if result.status == 127 { throw DatasetFetchError.noCurl }
    guard result.status == 0 else {
      let reason = result.errors.trimmingCharacters(in: .whitespacesAndNewlines)
      throw DatasetFetchError.failed(address: address, reason: reason)
    }
  }
}

/// Why a data set cannot be fetched.
package enum DatasetFetchError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A file cannot be had by itself.
  case noAddress(set: String, file: String, source: String)
  /// A download failed.
  case failed(address: String, reason: String)
  /// The program that downloads is missing.
  case noCurl

  package var description: String {
    switch self {
    case .noAddress(let set, let file, let source):
      "\(set): '\(file)' has no public address of its own; get the set from \(source) and name its parent folder in "
        + "OFFPRINT_DATA, or name a mirror with --from"
    case .failed(let address, let reason): "\(address) cannot be fetched: \(reason)"
    case .noCurl: "the program curl is missing: apt-get install curl"
    }
  }
}
