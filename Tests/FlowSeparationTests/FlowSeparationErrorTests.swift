import FlowSeparation
import Layers
import Tensors
import Testing

@Suite("Refusals of flow separation")
struct FlowSeparationErrorTests {
  private func text(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was refused"
    } catch { return "\(error)" }
  }

  @Test("group norms need whole groups")
  func groups() {
    var random = RandomStream(seed: 1)
    var sizes = VelocityUNetConfiguration()
    sizes.width = 48
    let message = text { _ = try VelocityUNet(sizes, random: &random) }
    #expect(message == "48 channels do not fall into 32 groups; choose a multiple of 32")
  }

  @Test("pictures and latents need sides that can be halved")
  func multiples() throws {
    var random = RandomStream(seed: 1)
    let autoencoder = CompactAutoencoder(random: &random)
    let odd = text { _ = try autoencoder.encoded(.zeros([1, 1, 63, 32])) }
    #expect(odd == "sides of log-mel pictures must be multiples of 4, got [63, 32]; pad or cut it")
    let flat = text { _ = try autoencoder.encoded(.zeros([1, 64, 32])) }
    #expect(flat == "log-mel pictures must have shape [batch, 1, frames, bands], got [1, 64, 32]")
    let network = try CompactVelocityNetwork(queryWidth: 2, random: &random)
    let latent = Tensor<Float>.zeros([1, 4, 3, 8])
    let uneven = text { _ = try network(latent, mixtures: latent, times: [0], queries: .zeros([1, 2])) }
    #expect(uneven == "sides of latents must be multiples of 2, got [3, 8]; pad or cut it")
  }

  @Test("mixtures, queries, contexts and times must fit")
  func shapes() throws {
    var random = RandomStream(seed: 1)
    let network = try CompactVelocityNetwork(queryWidth: 2, random: &random)
    let latent = Tensor<Float>.zeros([1, 4, 4, 8])
    let queries = text { _ = try network(latent, mixtures: latent, times: [0], queries: .zeros([1, 5])) }
    #expect(queries == "queries must have shape [1, 2], got [1, 5]")
    let mixtures = text {
      _ = try network(latent, mixtures: .zeros([1, 4, 4, 4]), times: [0], queries: .zeros([1, 2]))
    }
    #expect(mixtures == "latents of the mixtures must have shape [1, 4, 4, 8], got [1, 4, 4, 4]")
    let times = text { _ = try RectifiedFlow().point(from: latent, to: latent, at: [0, 1]) }
    #expect(times == "times must have shape [1], got [2]")
    let mask = text { _ = try TextContext(tokens: .zeros([1, 3, 12]), mask: .zeros([1, 4])) }
    #expect(mask == "mask of the text context must have shape [1, 3], got [1, 4]")
  }

  @Test("steps, sounds, levels and vocabularies must be possible")
  func values() throws {
    let steps = text { _ = try RectifiedFlow().sample(from: .zeros([1]), steps: 0) { x, _ in x } }
    #expect(steps == "number of steps must be at least 1, got 0")
    let second = text { _ = try CompactMel().picture([Float](repeating: 0, count: 80)) }
    #expect(second == "one second of sound must have shape [8000], got [80]")
    let short = text { _ = try PaddedMel.published().logMel([Float](repeating: 0, count: 100)) }
    #expect(short == "the sound has 100 samples; 433 are needed for one frame")
    let silent = text { _ = try MelInversion.ratio([0, 0], [1, 1]) }
    #expect(silent == "the target is silent, so that its level says nothing; leave it out or report it apart")
    let vocabulary = text { _ = try WordPiece(vocabulary: "[UNK]\n[SEP]\nbird") }
    #expect(vocabulary == "the vocabulary lacks '[CLS]'; is it the vocab.txt of the sentence encoder?")
    let words = text { _ = try QueryWords([]) }
    #expect(words == "number of words must be at least 1, got 0")
  }
}
