import Display
import Testing

@Suite("Claims")
struct ClaimTests {
  @Test("hold, fail, hold in direction only, or were not tested")
  func verdicts() {
    #expect(Claim("s", id: "a", holds: true).content.verdict == .reproduced)
    #expect(Claim("s", id: "a", holds: false).content.verdict == .notReproduced)
    #expect(Claim("s", id: "a", holds: true, qualitatively: true).content.verdict == .qualitative)
    #expect(Claim("s", id: "a", holds: nil).content.verdict == .notAttempted)
  }

  @Test(
    "over seeds are decided by the interval",
    arguments: [(1.0...2.0, ClaimOutput.Verdict.reproduced), (-1.0...1.0, .undecided), (-2.0...(-1.0), .notReproduced)]
  )
  func intervals(_ interval: ClosedRange<Double>, _ verdict: ClaimOutput.Verdict) {
    let claim = Claim("s", id: "a", mean: 0, spread: 1, count: 5, interval: interval, within: 0...10)
    #expect(claim.content.verdict == verdict)
  }

  @Test("a table with columns of different lengths is refused by name and numbers")
  func unevenTable() {
    let table = Table {
      TableColumn("a", [1, 2, 3])
      TableColumn("b", [1.0])
    }
    let error = #expect(throws: TableError.self) { try table.output() }
    #expect(error?.description == "table column 'b' has 1 entries; expected 3, the length of the longest column")
  }

  @Test("what has no display of its own is shown by its text; the empty tuple is not shown")
  func plainValues() throws {
    #expect(try Output.of(42) == .text("42"))
    #expect(try Output.of(Int?.none as Any) == .text("nil"))
    #expect(try Output.of(()) == nil)
    #expect(try Output.of([Math("x"), Math("y")]) == .group([.math("x"), .math("y")]))
    #expect(try Output.of(Optional(Math("x")) as Any) == .math("x"))
  }
}
