package import Display
package import Report

/// Outputs as a runtime would send them.
package enum SampleOutput {
  /// The colors of the sample plots.
  package static let colors = FigureColors(
    light: "text{fill:#1b1f24}.axis{stroke:#57606a}.bg{fill:#ffffff}",
    dark: "text{fill:#e6e6e6}.axis{stroke:#9aa4ae}.bg{fill:#14171a}"
  )

  package static func plot(
    _ title: String? = nil,
    rows: Int = 12,
    width: Int = 640,
    height: Int = 360,
    alt: String = "Line plot of test error over epoch 0 to 11; it falls from 2.3 to 0.4 and is lowest at epoch 11."
  ) -> FigureOutput {
    let x = (0..<rows).map(Double.init)
    let y = x.map { 2.3 / (1 + $0 * 0.43) }
    let points = zip(x, y).map { column, value in
      "\(60 + Int(column * Double(width - 90) / Double(max(rows - 1, 1)))),\(Int(Double(height - 50) * (1 - value / 2.5)) + 10)"
    }
    let svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img">\
      <title>\(title ?? "Test error")</title><style>\(colors.light)</style><rect class="bg" width="100%" height="100%"/>\
      <path class="axis" d="M60 10V\(height - 40)H\(width - 20)" fill="none"/>\
      <polyline points="\(points.joined(separator: " "))" fill="none" stroke="#0072B2" stroke-width="2"/>\
      <text x="\(width / 2)" y="\(height - 10)" text-anchor="middle" font-family="sans-serif" font-size="13">epoch</text>\
      <text x="20" y="\(height / 2)" transform="rotate(-90 20 \(height / 2))" text-anchor="middle" \
      font-family="sans-serif" font-size="13">test error</text></svg>
      """
    let data = TableOutput(columns: [
      TableColumn("epoch", values: .numbers(x)), TableColumn("test error", unit: "nat", values: .numbers(y)),
    ])
    return FigureOutput(
      svg: svg,
      png: SampleFile.png(width: 32, height: 18),
      width: width,
      height: height,
      altText: alt,
      title: title,
      data: [data]
    )
  }

  package static func picture(width: Int = 240, height: Int = 120) -> PictureOutput {
    PictureOutput(
      png: SampleFile.png(width: width, height: height),
      width: width,
      height: height,
      altText: "Grey stripes that run down from left to right, made as a test picture."
    )
  }

  package static func table(rows: Int) -> TableOutput {
    let methods = (0..<rows).map { "method \($0 + 1)" }
    return TableOutput(
      columns: [
        TableColumn("method", values: .texts(methods), isRowLabel: true),
        TableColumn("error", values: .numbers((0..<rows).map { $0 == 3 ? .nan : 1 / Double($0 + 2) }), best: .lowest),
        TableColumn("time", unit: "ms", values: .numbers((0..<rows).map { Double($0) * 1_234.5 + 0.25 })),
        TableColumn("steps", values: .integers((0..<rows).map { $0 * 12_500 })),
      ],
      title: "Errors and times by method"
    )
  }

  package static func audio(_ title: String, frequency: Double = 440) -> AudioOutput {
    AudioOutput(
      wav: SampleFile.wav(frequency: frequency),
      sampleRate: 8_000,
      channels: 1,
      duration: 0.5,
      title: title,
      description: "A steady tone without noise: listen for clicks at its beginning and its end.",
      views: [plot("Waveform of \(title)", width: 480, height: 160)]
    )
  }

  package static func claim(
    _ id: String,
    _ verdict: ClaimOutput.Verdict,
    _ statement: String = "Separation improves the signal-to-distortion ratio of two speakers"
  ) -> ClaimOutput {
    ClaimOutput(
      id: id,
      statement: statement,
      source: "Table 2",
      paper: "15.3",
      measured: verdict == .notAttempted ? nil : "12.74",
      value: verdict == .notAttempted ? nil : 12.74,
      spread: verdict == .notAttempted ? nil : 0.31,
      count: 5,
      unit: "dB",
      condition: "gain above 6 dB",
      reason: "scaled model, synthetic mixtures",
      verdict: verdict,
      line: 40
    )
  }
}
