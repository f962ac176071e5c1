internal import Display
internal import Notebook
package import Record

extension KitchenSink {
  static let cells: [Cell] = [
    cell(
      0,
      "import Foundation\n\n/// Steps of the run.\nlet steps = 200 // as in the paper\nfunc scale(_ value: Double, by factor: Double = 1.5) -> Double { value * factor }\nprint(\"ready: \\(steps)\")",
      label: "setup"
    ),
    cell(
      1,
      "Figure { Line(epochs, errors) }",
      label: "fig-loss",
      caption: "Test error over epochs; *one seed*, no error bars. Cf. Fig. 2 of the paper.",
      echo: .folded
    ),
    cell(
      2,
      "Figure { Line(a) }\nFigure { Line(b) }",
      label: "fig-panels",
      caption: "Two panels of one figure.",
      subcaptions: ["The first panel.", "The second panel."],
      layout: 2
    ),
    cell(3, "Table(results)", label: "tbl-methods"),
    cell(4, "Claim(…)", label: "claims", echo: .hidden),
    cell(5, "show(comparison)", label: "sound", caption: "Two mixtures through two systems."),
    cell(6, "values[12]", label: "broken"),
    cell(7, "broken.map { $0 }"),
    cell(8, "longTable", echo: .folded),
    cell(9, "for line in log { print(line) }\nMarkdown(summary)", label: "log"),
  ]

  private static func cell(
    _ index: Int,
    _ code: String,
    label: String? = nil,
    caption: String? = nil,
    echo: CellOptions.Echo? = nil,
    subcaptions: [String] = [],
    layout: Int? = nil
  ) -> Cell {
    var options = CellOptions()
    options.label = label
    options.caption = caption
    options.echo = echo
    options.subcaptions = subcaptions
    options.layout = layout.map(CellOptions.Layout.columns)
    return Cell(index: index, code: code, line: 60 + index * 3, options: options, range: at(59 + index * 3))
  }

  package static let record: RunRecord = {
    var environment = EnvironmentRecord()
    environment.offprintVersion = "0.1"
    environment.swiftVersion = "6.3.1"
    environment.operatingSystem = "Debian 12"
    environment.processor = "a test processor"
    environment.cores = 2
    environment.threads = 1
    environment.linearAlgebra = "OpenBLAS 0.3.21 (Haswell)"
    environment.notebookHash = String(repeating: "0123456789abcdef", count: 4)
    environment.data = [DataRecord(name: "tones", hash: String(repeating: "ab", count: 32), note: "synthetic")]
    return RunRecord(
      cells: results,
      expressions: [.value(text: "93.1\u{A0}%", machine: "0.9312")],
      parameters: [
        ParameterRecord(name: "seed", value: "7"), ParameterRecord(name: "steps", value: "200", defaultValue: "20000"),
      ],
      profile: "quick",
      environment: environment
    )
  }()

  private static let results: [CellResult] = [
    result(.standardOutput("ready: 200\n"), .standardError("\u{1B}[33mwarning:\u{1B}[0m slow\n")),
    result(.output(.figure(SampleOutput.plot()))),
    result(
      .output(.figure(SampleOutput.plot("First", width: 420, height: 260))),
      .output(.picture(SampleOutput.picture()))
    ),
    result(.output(.table(SampleOutput.table(rows: 8)))),
    result(
      .output(.claim(SampleOutput.claim("gain", .reproduced))),
      .output(.claim(SampleOutput.claim("order", .qualitative, "Deeper models are better than wide ones"))),
      .output(.claim(SampleOutput.claim("noise", .notReproduced, "Noise does not matter"))),
      .output(.claim(SampleOutput.claim("seeds", .undecided, "Seeds do not matter"))),
      .output(.claim(SampleOutput.claim("full", .notAttempted, "The full model reaches human quality")))
    ),
    result(
      .output(
        .group([
          .audio(SampleOutput.audio("Mixture 1 / before")),
          .audio(SampleOutput.audio("Mixture 1 / after", frequency: 330)),
          .audio(SampleOutput.audio("Mixture 2 / before")),
          .audio(SampleOutput.audio("Mixture 2 / after", frequency: 220)),
        ])
      ),
      .output(.audio(SampleOutput.audio("A single clip")))
    ),
    CellResult(status: .failed(trap), key: String(repeating: "f", count: 64)),
    CellResult(status: .skipped(reason: "cell 'broken', which defines 'broken', failed")),
    result(.output(.table(SampleOutput.table(rows: 200)))),
    result(
      .standardOutput((0..<100).map { "step \($0): loss \(1 / Double($0 + 1))" }.joined(separator: "\n")),
      .output(.markdown("## Heading of a cell\n\nText with *emphasis*.")),
      .output(.html("<table><tr><td>from a cell</td></tr></table><img src=x onerror=alert(1)>")),
      .output(.math(#"\hat{y} = \operatorname{softmax}(Wx + b)"#)),
      .output(.text("Model(layers: 3, parameters: 1204)"))
    ),
  ]

  private static let trap = Failure(
    kind: .trap,
    diagnostics: [
      Diagnostic(
        .error,
        file: "kitchen-sink.md",
        range: at(78, 6),
        "index 12 is out of range: 'values' has 10 elements",
        remedy: "Use an index from 0 to 9."
      )
    ],
    backtrace: ["main at kitchen-sink.md:78:6"]
  )

  private static func result(_ items: CellResult.Item...) -> CellResult {
    CellResult(items: items, key: String(repeating: "0123456789abcdef", count: 4), times: .init(runWall: 0.012))
  }
}
