import Acoustics
import Foundation
import Layers
import Separation
import Synchronization
import Tensors
import TestSupport
import Testing

/// A separator whose estimates are known: parts of the mixture that depend on the place.
struct Toy: Separator {
  var sampleRate = 8000.0
  var channelCount = 1
  var sourceCount: Int { 4 }
  var keepsOrder: Bool { true }
  /// Samples that a segment is seen with.
  var margin = 3

  func validLength(_ samples: Int) -> Int { samples + margin }

  func callAsFunction(_ mixture: Tensor<Float>) -> Tensor<Float> {
    let count = mixture.shape[2]
    let place = Tensor<Float>((0..<count).map { Float($0) / Float(count) })
    return .stacked([mixture, mixture * -0.5, mixture * place, mixture * (1 - place)], axis: 1)
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}

/// A separator without an order: the halves of the mixture's value range, named by the sign of a segment's first sample.
struct Turning: Separator {
  var sampleRate = 8000.0
  var channelCount = 1
  var sourceCount: Int { 2 }

  func callAsFunction(_ mixture: Tensor<Float>) -> Tensor<Float> {
    let parts = [mixture.relu(), -(-mixture).relu()]
    return .stacked(mixture[0, 0, 0] > 0 ? parts : parts.reversed(), axis: 1)
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}

/// A separator that notes how much it is given.
struct Watched: Separator {
  var sampleRate = 8000.0
  var channelCount = 1
  var sourceCount: Int { 1 }
  let lengths = SharedLengths()

  func validLength(_ samples: Int) -> Int { samples + 2 }

  func callAsFunction(_ mixture: Tensor<Float>) -> Tensor<Float> {
    lengths.withLock { $0.append(mixture.shape[2]) }
    return mixture.expanded(at: 1)
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}

/// Lengths that several copies of a model note down together.
final class SharedLengths: Sendable {
  private let lengths = Mutex<[Int]>([])
  func withLock<Result: Sendable>(_ body: (inout sending [Int]) -> sending Result) -> Result { lengths.withLock(body) }
}

@Suite("Separation of files and long sound")
struct FileSeparationTests {
  private func noise(_ count: Int, channels: Int = 1, rate: Double = 8000) -> Audio {
    var random = RandomStream(seed: 4)
    return Audio(
      channels: (0..<channels).map { _ in
        // Smooth, so that resampling loses nothing that matters.
        let values = random.normal([count]).values
        return (0..<count).map { index in
          (max(0, index - 20)...index).reduce(0) { $0 + values[$1] } / 60
        }
      },
      sampleRate: rate
    )
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test("segments of a model without an order are put in one order, and join without a step")
  func order() throws {
    let mixture = noise(5000)
    let parts = try OverlapAdd(segment: 700, overlap: 0.25).separate(mixture, with: Turning())
    let expected = [mixture.channels[0].map { max($0, 0) }, mixture.channels[0].map { min($0, 0) }]
    let isTurned = zip(parts[0].channels[0], expected[0]).contains { abs($0 - $1) > 1e-5 }
    for source in 0..<2 {
      let wanted = expected[isTurned ? 1 - source : source]
      #expect(zip(parts[source].channels[0], wanted).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test(
    "a file equals sound in memory, at another rate, format and number of channels",
    arguments: [(8000.0, 1, Audio.Format.wavFloat), (16000, 2, .flac), (11025, 1, .wav24)]
  )
  func file(_ rate: Double, _ channels: Int, _ format: Audio.Format) throws {
    try withFolder { folder in
      let sound = noise(Int(rate * 3.3), channels: channels, rate: rate)
      try sound.write(to: folder + "/mixture", format: format)
      let read = try Audio(contentsOf: folder + "/mixture")
      let expected = try Audio(read.mono, sampleRate: rate).resampled(to: 8000)
      let plan = OverlapAdd(segment: 5000, overlap: 0.25)
      let found = try Toy().separate(file: folder + "/mixture", plan: plan)
      #expect(found.count == 4 && abs(found[0].frameCount - expected.frameCount) <= 1)
      let difference = zip(found[0].channels[0], expected.channels[0]).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(difference < 2e-4)
      let outputs = (0..<4).map { "\(folder)/source\($0).wav" }
      try Toy().separate(file: folder + "/mixture", to: outputs, format: .wavFloat, plan: plan)
      for (path, source) in zip(outputs, found) { #expect(try Audio(contentsOf: path).channels == source.channels) }
    }
  }

  @Test("a model of two channels takes a mono file twice")
  func repeated() throws {
    try withFolder { folder in
      try noise(3000).write(to: folder + "/mono.wav", format: .wavFloat)
      var model = Toy()
      model.channelCount = 2
      let found = try model.separate(file: folder + "/mono.wav")
      #expect(found[0].channels.count == 2 && found[0].channels[0] == found[0].channels[1])
    }
  }

  @Test("no more than a segment and its margin is in the model's hands at once")
  func boundedMemory() throws {
    let model = Watched()
    try withFolder { folder in
      try noise(80_000).write(to: folder + "/long.wav")
      try model.separate(file: folder + "/long.wav", to: [folder + "/a.wav"], plan: OverlapAdd(segment: 8000))
      #expect(try AudioProperties(ofFile: folder + "/a.wav").frameCount == 80_000)
    }
    let lengths = model.lengths.withLock { $0 }
    #expect(lengths.count == 14 && lengths.allSatisfy { $0 <= 8002 })
  }
}
