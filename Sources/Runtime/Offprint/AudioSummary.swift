/// What can be said about sound without listening: level, length and brightness.
struct AudioSummary {
  private let duration: Double
  private let sampleRate: Double
  private let channels: Int
  private let level: Double
  private let peak: Double
  private let centroid: Double?

  init(_ audio: Audio) {
    duration = audio.duration
    sampleRate = audio.sampleRate
    channels = audio.channels.count
    level = Decibels.ofAmplitude([audio.rootMeanSquare])[0]
    peak = Double(audio.peak)
    centroid = Self.centroid(audio)
  }

  /// A sentence for a player.
  var words: String {
    let kind = channels == 1 ? "mono" : channels == 2 ? "stereo" : "\(channels) channels"
    let rate = Audio.fixed(sampleRate / 1000, sampleRate.truncatingRemainder(dividingBy: 1000) == 0 ? 0 : 2)
    let start = "\(Audio.fixed(duration, 2)) s, \(kind), \(rate) kHz"
    guard peak > 0 else { return "\(start); silence." }
    let brightness = centroid.map { "; spectral centroid \(Self.frequency($0))" } ?? ""
    return "\(start); mean level \(Audio.fixed(level, 1)) dB of full scale, peak \(Audio.fixed(peak, 2))\(brightness)."
  }

  /// A sentence for a waveform.
  func waveformWords(_ name: String) -> String {
    "Waveform of \(name): \(Audio.fixed(duration, 2)) s, largest amplitude \(Audio.fixed(peak, 2)), "
      + "mean level \(Audio.fixed(level, 1)) dB of full scale."
  }

  /// A sentence for a spectrogram.
  func spectrogramWords(_ name: String, range: Double) -> String {
    let brightness = centroid.map { "; spectral centroid \(Self.frequency($0))" } ?? ""
    return "Spectrogram of \(name): \(Audio.fixed(duration, 2)) s, 0 to \(Self.frequency(sampleRate / 2)), "
      + "\(Audio.fixed(range, 0)) dB shown\(brightness)."
  }

  private static func frequency(_ hertz: Double) -> String {
    hertz < 1000 ? "\(Audio.fixed(hertz, 0)) Hz" : "\(Audio.fixed(hertz / 1000, 1)) kHz"
  }

  /// Mean frequency weighted by power, in Hz; nil for silence.
  private static func centroid(_ audio: Audio) -> Double? {
    let frame = 1024
    let samples = audio.mono + [Float](repeating: 0, count: max(frame - audio.frameCount, 0))
    guard let spectra = try? STFT<Float>(frameLength: frame, hop: frame / 2, padding: .none).forward(samples) else {
      return nil
    }
    var weighted = 0.0
    var total = 0.0
    for (index, power) in spectra.power.enumerated() {
      weighted += Double(power) * Double(index % spectra.binCount)
      total += Double(power)
    }
    return total > 0 ? weighted / total * audio.sampleRate / Double(frame) : nil
  }
}
