import Acoustics
import Tensors
import Testing

@Suite("Made sounds")
struct SceneSoundTests {
  @Test("every sound has its level, is finite and the same for the same stream", arguments: SceneSound.allCases)
  func events(_ kind: SceneSound) {
    var (first, second) = (RandomStream(seed: 5), RandomStream(seed: 5))
    let sound = kind.event(random: &first)
    #expect(sound == kind.event(random: &second))
    #expect(sound != kind.event(random: &second))
    let power = sound.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(sound.count)
    #expect(abs(power.squareRoot() - 0.1) < 1e-4)
  }
}
