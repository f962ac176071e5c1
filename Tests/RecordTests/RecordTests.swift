import Display
import Notebook
import Record
import Testing

@Suite("Records of runs")
struct RecordTests {
  static let diagnostic = Diagnostic(
    .error,
    file: "n.md",
    range: SourceRange(SourceLocation(line: 3, column: 4), SourceLocation(line: 3, column: 9)),
    "wrong",
    remedy: "mend it",
    notes: ["here"]
  )

  /// One of everything that a record can hold.
  static var record: RunRecord {
    var environment = EnvironmentRecord()
    environment.swiftVersion = "6.3"
    environment.cores = 2
    environment.data = [DataRecord(name: "d", hash: "h", note: "real")]
    let times = CellResult.Times(compileWall: 0.1, runWall: 0.2, runProcessor: 0.3, peakMemory: 4096)
    return RunRecord(
      cells: [
        CellResult(
          items: [
            .standardOutput("a"), .standardError("b"),
            .output(.claim(ClaimOutput(id: "c", statement: "s", verdict: .reproduced))),
          ],
          diagnostics: [Diagnostic(.warning, file: "n.md", "careful")],
          key: "k",
          times: times
        ),
        CellResult(status: .failed(Failure(kind: .trap, diagnostics: [diagnostic], backtrace: ["f at n.md:3:4"]))),
        CellResult(status: .skipped(reason: "r")), CellResult(status: .disabled),
      ],
      expressions: [.value(text: "1", machine: "1.0"), .failed(diagnostic), .skipped(reason: "r")],
      parameters: [ParameterRecord(name: "n", value: "3"), ParameterRecord(name: "m", value: "4", defaultValue: "5")],
      profile: "full",
      environment: environment
    )
  }

  @Test("are stored and read back as they were")
  func roundTrip() throws {
    #expect(try RunRecord(decoding: Self.record.encoded()) == Self.record)
    #expect(Self.record.claims.map(\.id) == ["c"])
  }

  @Test("are refused where they are cut short or of another version")
  func damage() {
    let bytes = Self.record.encoded()
    for count in 0..<bytes.count {
      #expect(throws: WireError.self) { try RunRecord(decoding: Array(bytes.prefix(count))) }
    }
    #expect(throws: WireError.self) { try RunRecord(decoding: [99] + bytes.dropFirst()) }
  }

  @Test(
    "content hashes are SHA-256",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ]
  )
  func hash(_ text: String, _ digest: String) { #expect(ContentHash(text).description == digest) }

  @Test("two lists of texts never have one hash because their texts join to the same")
  func listHash() { #expect(ContentHash(["ab", "c"]).description != ContentHash(["a", "bc"]).description) }
}
