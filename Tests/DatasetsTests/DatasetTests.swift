import Datasets
import Foundation
import Testing

@Suite("Data sets")
struct DatasetTests {
  /// A set of one small file in a fresh folder, removed after the body.
  private func withSet(_ content: String?, _ body: (Dataset, String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = root.appendingPathComponent("small/inner")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if let content { try Data(content.utf8).write(to: folder.appendingPathComponent("a.txt")) }
    let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  // of "abc"
    let set = Dataset(
      name: "small",
      summary: "one file",
      licence: "CC0",
      source: "example.org",
      files: [.init("inner/a.txt", sha256: sum)]
    )
    try body(set, root.path)
  }

  @Test("a whole set is found and read")
  func found() throws {
    try withSet("abc") { set, root in
      let located = try set.locate(in: [root])
      #expect(try located.bytes("inner/a.txt") == Array("abc".utf8))
      let error = #expect(throws: DatasetError.self) { try located.bytes("b.txt") }
      #expect(error?.description == "data set 'small' has no file 'b.txt' (known: inner/a.txt)")
    }
  }

  @Test("a damaged file is named, and no other copy stands in for it")
  func damaged() throws {
    try withSet("abd") { set, bad in
      try withSet("abc") { (_, good) throws in
        let error = #expect(throws: DatasetError.self) { try set.locate(in: [bad, good]) }
        guard case .wrongChecksum(let path, _, _) = error else {
          Issue.record("another error: \(String(describing: error))")
          return
        }
        #expect(path == bad + "/small/inner/a.txt")
        let folder = try set.locate(in: [good]).folder
        #expect(folder == good + "/small")
      }
    }
  }

  @Test("a missing file and a missing set say what to do")
  func missing() throws {
    try withSet(nil) { set, root in
      let file = #expect(throws: DatasetError.self) { try set.locate(in: [root]) }
      #expect(file?.description == "data set 'small': file \(root)/small/inner/a.txt is missing; copy the set again")
      let all = #expect(throws: DatasetError.self) { try set.locate(in: ["/nowhere", "/elsewhere"]) }
      #expect(
        all?.description == "data set 'small' is not at hand (searched /nowhere/small, /elsewhere/small); "
          + "get it by 'offprint fetch small', or from example.org and name its parent folder in OFFPRINT_DATA"
      )
    }
  }

  @Test("a manifest names files with their checksums, and is checked itself")
  func manifest() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    try FileManager.default.createDirectory(at: root.appendingPathComponent("set"), withIntermediateDirectories: true)
    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: root.appendingPathComponent("set/" + name))
    }
    func located(_ lines: String) throws -> LocatedDataset {
      try write("SUMS", lines)
      let sum = SHA256.hexadecimal(of: Array(lines.utf8))
      let set = Dataset(name: "set", summary: "", licence: "", source: "", manifest: .init("SUMS", sha256: sum))
      return try set.locate(in: [root.path])
    }
    try write("a b.txt", "abc")
    let good = SHA256.hexadecimal(of: Array("abc".utf8)) + "  a b.txt\n"
    let set = try located(good)
    #expect(set.paths == ["SUMS", "a b.txt"])
    #expect(try set.bytes("a b.txt") == Array("abc".utf8))
    #expect(throws: DatasetError.missingFile(dataset: "set", path: root.path + "/set/c.txt")) {
      try located(good.replacingOccurrences(of: "a b", with: "c"))
    }
    let error = #expect(throws: DatasetError.self) { try located("nonsense\n") }
    #expect(error?.description == "SUMS, line 1: expected a SHA-256 and a path, got 'nonsense'")
    try write("SUMS", "changed")
    #expect(throws: DatasetError.self) { try set.dataset.locate(in: [root.path]) }
  }

  static let sounds = [Dataset.speechPrompts, .spokenDigits, .musicStems, .instrumentSamples].filter(\.isAvailable)

  @Test("sets of sound are whole where they are at hand", arguments: sounds)
  func sound(_ set: Dataset) throws {
    let counts = ["speech-prompts-8k": 158, "spoken-digits-8k": 600, "music-stems": 8, "instrument-samples": 127]
    let located = try set.locate()
    let least = try #require(counts[set.name])
    #expect(located.paths.count >= least)
  }

  @Test("the folder of OFFPRINT_DATA comes before the cache, which follows XDG_CACHE_HOME")
  func folders() {
    #expect(DataFolders.folders(offprintData: "/d", cacheHome: "/c", home: "/h") == ["/d", "/c/offprint/data"])
    #expect(DataFolders.folders(offprintData: nil, cacheHome: nil, home: "/h") == ["/h/.cache/offprint/data"])
    #expect(DataFolders.folders(offprintData: nil, cacheHome: "c", home: "/h") == ["/h/.cache/offprint/data"])
    #expect(DataFolders.folders(offprintData: nil, cacheHome: nil, home: nil).isEmpty)
  }

  @Test("SHA-256 of the standard's examples and around the block length")
  func digest() {
    #expect(SHA256.hexadecimal(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let long = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
    #expect(SHA256.hexadecimal(of: long) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(SHA256.hexadecimal(of: million) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("the measured chromatograms read whole", .enabled(if: Dataset.chromatograms.isAvailable))
  func chromatograms() throws {
    let set = try Dataset.chromatograms.locate()
    let table = try CSV(set.bytes("lactose/lactose_mM_6.csv"))
    #expect(try table.numbers("time").count == 601)
    #expect(try table.numbers("signal")[0] == 699)
    let gasoline = try GAML(set.bytes("gasoline/PE_Turbochrom_GC.gaml"))
    let trace = try #require(gasoline.traces.first)
    #expect(trace.x.count == 2912)
    #expect(trace.xUnits == "MINUTES")
    #expect(trace.peaks.count == 83)
    #expect(abs((trace.x.last ?? 0) - 122) < 0.5)
    let benzene = try #require(trace.peaks.first { $0.name == "BENZENE" })
    #expect(abs(benzene.x - 58.4) < 1)
  }
}
