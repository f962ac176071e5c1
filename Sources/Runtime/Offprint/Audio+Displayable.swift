extension Audio: Displayable {
  /// A player with title, description, waveform and spectrogram.
  ///
  /// Without the author's words the description gives level, length and brightness, computed from the samples. Samples
  /// beyond -1…1 are scaled down for listening, and the description says so.
  ///
  /// - Throws: `AudioError.outOfRange` for no samples, `.notFinite`, and what drawing the figures throws.
  public func output() throws -> Output {
    guard frameCount > 0 else {
      throw AudioError.outOfRange(function: "Audio", argument: "number of samples", expected: "positive", got: 0)
    }
    for (channel, samples) in channels.enumerated() {
      if let sample = samples.firstIndex(where: { !$0.isFinite }) {
        throw AudioError.notFinite(function: "Audio", channel: channel, sample: sample)
      }
    }
    let isLoud = peak > 1
    let heard = isLoud ? scaled(by: 1 / peak) : self
    let name = title ?? "Sound"
    let note = isLoud ? " Scaled by \(Self.fixed(Double(1 / peak), 3)) for listening." : ""
    return .audio(
      AudioOutput(
        wav: heard.wav16(),
        flac: heard.flac16(),
        sampleRate: Int(sampleRate.rounded()),
        channels: channels.count,
        duration: duration,
        title: name,
        description: (details ?? AudioSummary(self).words) + note,
        views: try [waveform(title: name).drawn(), spectrogram(title: name).drawn()]
      )
    )
  }

  /// The envelope of the samples over time: lowest and highest sample of each of up to 600 stretches.
  ///
  /// - Parameter title: name of the sound for the alternative text.
  /// - Returns: a small figure, all channels together.
  public func waveform(title: String? = nil) -> Figure {
    let parts = min(max(frameCount, 1), 600)
    let limits = (0..<parts).map { part -> (low: Double, high: Double) in
      let range = part * frameCount / parts..<(part + 1) * frameCount / parts
      return channels.reduce((0.0, 0.0)) { limits, channel in
        channel[range].reduce(limits) { (min($0.0, Double($1)), max($0.1, Double($1))) }
      }
    }
    let times = (0..<parts).map { (Double($0) + 0.5) * duration / Double(parts) }
    let bound = max(Double(peak) * 1.05, 1e-6)
    return Figure {
      ErrorBand(times, lower: limits.map(\.low), upper: limits.map(\.high)).opacity(0.9)
    }
    .xAxis("time", unit: "s", range: 0...max(duration, 1e-9))
    .yAxis("amplitude", range: -bound...bound)
    .size(width: 560, height: 130)
    .alt(AudioSummary(self).waveformWords(title ?? self.title ?? "the sound"))
  }

  /// Power over time and frequency in dB below its maximum, the mean of all channels.
  ///
  /// - Parameters:
  ///   - title: name of the sound for the alternative text.
  ///   - range: smallest level that is told apart, in dB below the maximum.
  /// - Returns: a small figure.
  /// - Throws: `SignalError.tooShort`, which padding leaves no sound to cause.
  public func spectrogram(title: String? = nil, range: Double = 80) throws -> Figure {
    let frameLength = Self.frameLength(sampleRate)
    // About two columns a pixel at most: longer sound takes longer hops.
    let hop = max(frameLength / 4, frameCount / 600)
    let stft = STFT<Float>(frameLength: frameLength, hop: hop, padding: .zeros)
    let spectra = try stft.forward(mono)
    let power = spectra.power
    let loudest = Double(power.max() ?? 0)
    let levels = Decibels.ofPower(power, reference: max(loudest, 1e-10), range: range)
    let bins = spectra.binCount
    let rows = (0..<bins).map { bin in (0..<spectra.frameCount).map { Double(levels[$0 * bins + bin]) } }
    let half = Double(hop) / 2 / sampleRate
    let end = Double(spectra.frameCount - 1) * Double(hop) / sampleRate + half
    return Figure {
      Heatmap(rows, x: -half...end, y: 0...sampleRate / 2000)
        .colorMap(.magma, range: -range...0)
        .colorBar("level", unit: "dB")
    }
    .xAxis("time", unit: "s", range: 0...max(duration, 1e-9))
    .yAxis("frequency", unit: "kHz", range: 0...sampleRate / 2000)
    .size(width: 560, height: 200)
    .alt(AudioSummary(self).spectrogramWords(title ?? self.title ?? "the sound", range: range))
  }

  /// A power of two near 32 ms.
  private static func frameLength(_ rate: Double) -> Int {
    var length = 64
    while Double(length) < 0.024 * rate { length *= 2 }
    return length
  }

  static func fixed(_ value: Double, _ digits: Int) -> String { NumberFormat.decimals(digits).string(value) }
}
