import Datasets
import Testing

@Suite("Readers of data files")
struct ReaderTests {
  @Test("CSV: quotes, both line ends, a mark at the beginning, blank lines")
  func csv() throws {
    let text = "\u{FEFF}a,\"b,c\"\r\n1,\"say \"\"x\"\"\"\r\n\r\n2,\"two\nlines\"\n3,"
    let table = try CSV(Array(text.utf8))
    #expect(table.header == ["a", "b,c"])
    #expect(table.rows == [["1", "say \"x\""], ["2", "two\nlines"], ["3", ""]])
    #expect(try table.numbers("a") == [1, 2, 3])
  }

  static let brokenTables: [(String, String)] = [
    ("", "CSV, line 1: no header line"),
    ("a,b\n1", "CSV, line 2: 1 fields, the header has 2"),
    ("a\n\"1", "CSV, line 2: a quote is not closed"),
    ("a\nx\n", "CSV, line 2: 'x' in column 'a' is no number"),
    ("b\n1\n", "CSV, line 1: no column 'a' (known: b)"),
  ]

  @Test("CSV: what is wrong, and in which line", arguments: brokenTables)
  func brokenCSV(text: String, message: String) {
    let error = #expect(throws: DatasetError.self) { _ = try CSV(Array(text.utf8)).numbers("a") }
    #expect(error?.description == message)
  }

  @Test("CSV without a header: columns are numbered, all fields are numbers")
  func headless() throws {
    let table = try CSV(Array("1,2\n3,4\n".utf8), hasHeader: false)
    #expect(table.header == ["0", "1"])
    #expect(try table.numbers() == [[1, 2], [3, 4]])
    let error = #expect(throws: DatasetError.self) { try CSV(Array("1,2\n3,x".utf8), hasHeader: false).numbers() }
    #expect(error?.description == "CSV, line 2: 'x' in column '1' is no number")
  }

  private func gaml(x: String, y: String = "AACAPwAAAEAAAEBA", count: Int = 3, tail: String = "") -> [UInt8] {
    Array(
      """
      <?xml version="1.0"?><!-- made for a test -->
      <GAML version='1.00'><experiment><trace name="A &amp; B &#x41;"><Xdata units="MINUTES">
      <values byteorder="INTEL" format="FLOAT64" numvalues="\(count)">\(x)</values>
      <Ydata><values byteorder="INTEL" format="FLOAT32" numvalues="3">\(y)</values>
      <peaktable><peak name="p"><peakXvalue>1</peakXvalue><peakYvalue><![CDATA[2]]></peakYvalue></peak></peaktable></Ydata>
      </Xdata></trace></experiment></GAML>\(tail)
      """.utf8
    )
  }

  private static let threeDoubles = "AAAAAAAAAAAAAAAAAADw\nPwAAAAAAAABA"

  @Test("GAML: numbers, names and peaks")
  func gamlReads() throws {
    let trace = try #require(try GAML(gaml(x: Self.threeDoubles)).traces.first)
    #expect(trace.name == "A & B A")
    #expect(trace.x == [0, 1, 2])
    #expect(trace.y == [1, 2, 3])
    #expect(trace.peaks == [.init(name: "p", x: 1, y: 2)])
  }

  @Test("GAML: broken files are refused with a line")
  func gamlRefuses() {
    let cases: [([UInt8], String)] = [
      (gaml(x: "AAAA"), "GAML, line 3: 3 bytes for 3 FLOAT64 values"),
      (gaml(x: "A*AA"), "base64, line 3: a character that does not belong there"),
      (gaml(x: "AAAAA"), "base64, line 3: 5 characters, 0 of padding"),
      (gaml(x: Self.threeDoubles, tail: "<x/>"), "XML, line 7: text after the root element"),
      (Array(gaml(x: Self.threeDoubles).dropLast(4)), "XML, line 7: </G> closes <GAML> of line 2"),
      (Array("<!DOCTYPE a><a/>".utf8), "XML, line 1: a document type is not read"),
      (Array("<a>&bomb;</a>".utf8), "XML, line 1: unknown entity '&bomb;'"),
      (Array("<a b='1' b='2'/>".utf8), "XML, line 1: attribute 'b' stands twice"),
      (Array("<a>\n<b>".utf8), "XML, line 2: <b> of line 2 is not closed"),
      (Array("<other/>".utf8), "GAML, line 1: root element is <other>"),
      (Array(String(repeating: "<a>", count: 100).utf8), "XML, line 1: more than 64 levels"),
      ([], "XML, line 1: expected an element"),
    ]
    for (bytes, message) in cases {
      let error = #expect(throws: DatasetError.self) { try GAML(bytes) }
      #expect(error?.description == message)
    }
  }
}
