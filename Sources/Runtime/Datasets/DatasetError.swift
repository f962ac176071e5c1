/// Why data cannot be used.
public enum DatasetError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No folder has the data.
  case missing(dataset: String, searched: [String], source: String)
  /// A file of the data is not there.
  case missingFile(dataset: String, path: String)
  /// A file is not the one that is meant.
  case wrongChecksum(path: String, expected: String, got: String)
  /// A file cannot be read.
  case unreadable(path: String, reason: String)
  /// A file's name is not one of the data's.
  case unknownFile(dataset: String, name: String, known: [String])
  /// A file's text is not what its format says.
  case malformed(format: String, line: Int, reason: String)
  /// A file's bytes are not what its format says.
  case damaged(what: String, reason: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let dataset, let searched, let source):
      "data set '\(dataset)' is not at hand (searched \(searched.joined(separator: ", "))); "
        + "get it by 'offprint fetch \(dataset)', or from \(source) and name its parent folder in OFFPRINT_DATA"
    case .missingFile(let dataset, let path): "data set '\(dataset)': file \(path) is missing; copy the set again"
    case .wrongChecksum(let path, let expected, let got):
      "\(path) is not the file that is meant: SHA-256 \(got), expected \(expected); copy it again"
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .unknownFile(let dataset, let name, let known):
      "data set '\(dataset)' has no file '\(name)' (known: \(known.joined(separator: ", ")))"
    case .malformed(let format, let line, let reason): "\(format), line \(line): \(reason)"
    case .damaged(let what, let reason): "\(what): \(reason)"
    }
  }
}
