import Foundation
public import Tensors
public import Testing

/// One fixture file of a paper: arrays computed elsewhere, to be met within the tolerances of the folder's README.
public struct ParityCase: Sendable, CustomTestStringConvertible {
  /// File name without extension.
  public let name: String
  /// Where the file is.
  public let path: String

  /// The name, as tests are listed.
  public var testDescription: String { name }

  /// Reads the file.
  public func load() throws -> ParityData {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    return ParityData(file: try SafetensorsFile(bytes))
  }
}

/// The arrays of a fixture.
public struct ParityData: Sendable {
  /// The file as read.
  public let file: SafetensorsFile

  /// Values of an array that must be there.
  public subscript(name: String) -> [Double] {
    get throws { try file.doubles(name) }
  }

  /// Values of an array that some fixtures of a form lack.
  public func optional(_ name: String) throws -> [Double]? { file[name] == nil ? nil : try file.doubles(name) }

  /// Names of all arrays.
  public var names: [String] { file.entries.map(\.name) }
}

/// The fixtures at hand: those of the repository, and those of the same forms in the folder that OFFPRINT_PARITY names.
public enum Parity {
  /// Fixtures of a paper whose names begin with a prefix, so that further cases of a form run without a change.
  ///
  /// The folder of OFFPRINT_PARITY may hold one folder a paper, or be a paper's folder itself.
  public static func cases(_ paper: String, prefix: String) -> [ParityCase] {
    folders(paper).flatMap { folder in
      files(in: folder).filter {
        $0 == prefix || $0.hasPrefix(prefix + "_") || $0.hasPrefix(prefix) && prefix.hasSuffix("_")
      }
      .map { ParityCase(name: $0, path: "\(folder)/\($0).safetensors") }
    }
  }

  /// Names of the repository's own fixtures of a paper.
  public static func committedNames(_ paper: String) -> [String] { files(in: committedFolder(paper)) }

  private static func committedFolder(_ paper: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(paper)").path
  }

  private static func folders(_ paper: String) -> [String] {
    var folders = [committedFolder(paper)]
    if let extra = ProcessInfo.processInfo.environment["OFFPRINT_PARITY"], !extra.isEmpty {
      let nested = extra + "/" + paper
      folders.append(FileManager.default.fileExists(atPath: nested) ? nested : extra)
    }
    return folders
  }

  private static func files(in folder: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return all.filter { $0.hasSuffix(".safetensors") }.map { String($0.dropLast(".safetensors".count)) }.sorted()
  }
}

/// As `mismatch(_:_:relative:absolute:)`, with a tolerance that is a share of the largest expected magnitude.
public func mismatch(_ got: [Double], _ expected: [Double], ofLargest share: Double) -> String? {
  mismatch(got, expected, absolute: share * expected.reduce(0) { max($0, abs($1)) })
}

/// The worst entry beyond |got - expected| ≤ max(absolute, relative · |expected|), in words; nil where all agree.
public func mismatch(
  _ got: [Double],
  _ expected: [Double],
  relative: Double = 0,
  absolute: Double = 0
) -> String? {
  guard got.count == expected.count else { return "\(got.count) values in place of \(expected.count)" }
  var worst: (index: Int, excess: Double)?
  for index in got.indices {
    let allowed = max(absolute, relative * abs(expected[index]))
    let difference = abs(got[index] - expected[index])
    // Written so that NaN counts as a mismatch.
    guard !(difference <= allowed) else { continue }
    let excess = difference.isNaN ? .infinity : difference / max(allowed, .leastNonzeroMagnitude)
    if excess >= worst?.excess ?? 0 { worst = (index, excess) }
  }
  return worst.map { worst in
    "entry \(worst.index): got \(got[worst.index]), expected \(expected[worst.index]), \(worst.excess) times the tolerance"
  }
}
