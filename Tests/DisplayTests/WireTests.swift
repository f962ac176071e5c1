import Display
import Testing

@Suite("The wire format")
struct WireTests {
  static let figure = FigureOutput(
    svg: "<svg/>",
    png: [1, 2, 3],
    darkPNG: [4, 5],
    width: 640,
    height: 400,
    altText: "A line",
    title: nil,
    data: [TableOutput(columns: [TableColumn("x", [1.0, .infinity], unit: "s", format: .scientific(2))])],
    unnamedAxes: ["y"]
  )

  static let outputs: [Output] = [
    .text("äöü \u{0}"), .figure(figure),
    .table(
      TableOutput(
        columns: [
          TableColumn("n", [1, -2], best: .lowest), TableColumn("t", values: .texts(["a", nil])),
          TableColumn("b", [true, false]), TableColumn("p", [0.5], format: .percent(1)),
        ],
        title: "T",
        showsAllRows: true
      )
    ),
    .picture(PictureOutput(png: [9], width: 1, height: 2, altText: "dot", isPixelated: true)),
    .audio(
      AudioOutput(
        wav: [0, 255],
        flac: [7],
        sampleRate: 8000,
        channels: 2,
        duration: 0.5,
        title: "clip",
        description: "noise",
        views: [figure],
        loudness: -23
      )
    ),
    .math("x^2"), .markdown("*a*"), .html("<b>"),
    .claim(
      ClaimOutput(
        id: "c",
        statement: "s",
        source: "Table 1",
        paper: "3",
        measured: "2",
        value: 2,
        spread: 0.1,
        count: 5,
        unit: "dB",
        condition: "x > 1",
        reason: "r",
        verdict: .undecided,
        line: 7
      )
    ),
    .group([.text("a"), .group([.math("b")])]),
  ]

  static let messages: [Message] =
    outputs.map(Message.output) + [
      .displayFailure(message: "m", line: 3), .progress(fraction: 0.25, label: "l"),
      .inlineValue(index: 2, text: "t", value: "v"), .thrownError(description: "d", typeName: "E"),
    ]

  @Test("brings every message back as it was", arguments: messages)
  func roundTrip(_ message: Message) throws {
    #expect(try Message(decoding: message.encoded()) == message)
  }

  @Test("refuses every message that is cut short, and never reads past its end", arguments: messages)
  func truncation(_ message: Message) {
    let bytes = message.encoded()
    for count in 0..<bytes.count {
      #expect(throws: WireError.self) { try Message(decoding: Array(bytes.prefix(count))) }
    }
  }

  @Test("survives bytes that are no message")
  func noise() {
    var state: UInt64 = 42
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    var refused = 0
    for length in 0..<500 {
      let bytes = (0..<length).map { _ in next() }
      do { _ = try Message(decoding: bytes) } catch { refused += 1 }
    }
    #expect(refused > 490)
  }
}
