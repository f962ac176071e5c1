import Acoustics
import Separation
import Signals
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Mixtures, masks and made voices")
struct MixtureTests {
  private func mixer() throws -> SpeechMixer {
    var random = RandomStream(seed: 2)
    let voices = [SyntheticVoice.low, .high].map { voice in (0..<3).map { _ in voice.babble(seconds: 2, &random) } }
    return try SpeechMixer(voices: voices)
  }

  @Test("a mixture is the sum of two voices whose levels differ by at most 2.5 dB")
  func item() throws {
    let mixer = try mixer()
    for item in mixer.items(20, samples: 8000, seed: 1) {
      #expect(Set(item.voices) == [0, 1])
      for index in item.mixture.indices {
        #expect(item.mixture[index] == item.sources.reduce(0) { $0 + $1[index] })
      }
      let levels = item.sources.map { Audio($0, sampleRate: 8000).rootMeanSquare }
      #expect(abs(20 * log10(levels[0] / levels[1])) < 2.51)
      #expect(abs((levels[0] * levels[1]).squareRoot() - 0.1) < 1e-4)
    }
    #expect(mixer.items(3, samples: 800, seed: 5) == mixer.items(3, samples: 800, seed: 5))
  }

  @Test("a batch has the items' shapes")
  func batch() throws {
    var random = RandomStream(seed: 1)
    let batch = try mixer().batch(3, samples: 1000, &random)
    #expect(batch.mixture.shape == [3, 1, 1000] && batch.sources.shape == [3, 2, 1, 1000])
  }

  @Test("masks improve a mixture, ratio less than binary less than Wiener's")
  func oracles() throws {
    let items = try mixer().items(8, samples: 16000, seed: 3)
    let means = try OracleMask.allCases.map { mask in
      try items.reduce(0.0) { sum, item in
        let estimates = try mask.estimates(mixture: item.mixture, sources: item.sources)
        return try sum + SeparationScore(mixture: item.mixture, sources: item.sources, estimates: estimates).improvement
      } / Double(items.count)
    }
    #expect(means[0] > 5 && means[0] < means[2] && means[1] < means[2])
  }

  @Test("masks of ratios add up to the mixture")
  func wholeness() throws {
    let item = try mixer().items(1, samples: 8000, seed: 3)[0]
    for mask in [OracleMask.ratio, .wiener] {
      let estimates = try mask.estimates(mixture: item.mixture, sources: item.sources)
      for index in item.mixture.indices {
        #expect(abs(estimates[0][index] + estimates[1][index] - item.mixture[index]) < 1e-4)
      }
    }
  }

  @Test("made voices have their pitch")
  func pitch() throws {
    var random = RandomStream(seed: 9)
    /// The frequency in Hz at which the envelope beats most, over windows of a tenth of a second.
    func beat(_ voice: SyntheticVoice) -> Int {
      let sound = voice.babble(seconds: 4, &random).map { Double(abs($0)) }
      let powers = (70...300).map { frequency in
        stride(from: 0, to: sound.count - 800, by: 800).reduce(0.0) { total, start in
          var (real, imaginary) = (0.0, 0.0)
          for index in start..<start + 800 {
            let angle = 2 * .pi * Double(frequency * index) / 8000
            real += sound[index] * cos(angle)
            imaginary += sound[index] * sin(angle)
          }
          return total + real * real + imaginary * imaginary
        }
      }
      return 70 + (powers.firstIndex(of: powers.max() ?? 0) ?? 0)
    }
    #expect((80...140).contains(beat(.low)))
    #expect((160...270).contains(beat(.high)))
  }
}
