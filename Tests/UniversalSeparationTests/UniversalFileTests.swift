import Acoustics
import Foundation
import Layers
import Tensors
import TestSupport
import Testing
import UniversalSeparation

@Suite("Universal separation of files")
struct UniversalFileTests {
  private static func separator() throws -> UniversalSeparator {
    var random = RandomStream(seed: 7)
    var separator = try freshSeparator(hearing: [3, 9], random: &random)
    separator.batch = 2
    return separator
  }

  private static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// Whether a file holds a sound, to what the grouping of segments changes by rounding.
  private func holds(_ path: String, _ sound: Audio) throws -> Bool {
    let found = try Audio(contentsOf: path)
    return found.sampleRate == sound.sampleRate && found.frameCount == sound.frameCount
      && zip(found.mono, sound.mono).allSatisfy { abs($0 - $1) < 1e-5 }
  }

  @Test("a file equals sound in memory, by condition, by classes and by the tree")
  func equal() throws {
    var random = RandomStream(seed: 8)
    let separator = try Self.separator()
    let mixture = Audio(random.normal([42_500], deviation: 0.1).values, sampleRate: 8000)
    let condition: Tensor<Float> = random.uniform([12], in: 0..<1)
    try Self.withFolder { folder in
      let (input, output) = (folder + "/in.wav", folder + "/out.wav")
      try mixture.write(to: input, format: .wavFloat)
      try separator.separate(file: input, condition: condition, to: output, format: .wavFloat)
      #expect(try holds(output, separator.separate(mixture, condition: condition)))
      var shares: [Double] = []
      try separator.separate(file: input, classes: [9], to: output, format: .wavFloat) { shares.append($0) }
      #expect(try holds(output, separator.separate(mixture, classes: [9])))
      #expect(shares == [16_000 / 42_500, 32_000 / 42_500, 1])
      let outputs = (0..<4).map { "\(folder)/\($0).wav" }
      try separator.separate(file: input, ontology: .scenes, level: 1, to: outputs, format: .wavFloat)
      let stems = try separator.separate(mixture, ontology: .scenes, level: 1)
      for (path, stem) in zip(outputs, stems) { #expect(try holds(path, stem.sound)) }
      #expect(try outputs.map { try Audio(contentsOf: $0).peak > 0 } == [false, true, false, true])
    }
  }

  @Test("a file of another rate and of two channels is mixed down and resampled")
  func resampled() throws {
    let separator = try Self.separator()
    try Self.withFolder { folder in
      let tone = (0..<66_150).map { Float(0.3 * sin(Double($0) * 0.12)) }
      try Audio(channels: [tone, tone.map { -0.5 * $0 }], sampleRate: 22_050).write(
        to: folder + "/in.flac",
        format: .flac
      )
      try separator.separate(file: folder + "/in.flac", classes: [3], to: folder + "/out.wav", format: .wavFloat)
      let mixture = Audio(try Audio(contentsOf: folder + "/in.flac").mono, sampleRate: 22_050)
      #expect(try holds(folder + "/out.wav", separator.separate(mixture.resampled(to: 8000), classes: [3])))
    }
  }

  @Test("four minutes take as much memory as one", .timeLimit(.minutes(2)))
  func memory() async {
    // A process of its own: the memory of other tests would count.
    await #expect(processExitsWith: .success) {
      let separator = try Self.separator()
      try Self.withFolder { folder in
        var peaks: [Int] = []
        for minutes in [1, 4] {
          var random = RandomStream(seed: 3)
          let writer = try AudioWriter(path: folder + "/in.wav", channels: 1, sampleRate: 48_000)
          for _ in 0..<minutes * 60 { try writer.append([random.normal([48_000], deviation: 0.1).values]) }
          try writer.close()
          try separator.separate(file: folder + "/in.wav", classes: [3], to: folder + "/out.wav")
          let written = try AudioProperties(ofFile: folder + "/out.wav").frameCount
          precondition(written == minutes * 480_000)
          peaks.append(peakResidentMemory())
        }
        // Held as a whole, the three minutes more would take 34 MB.
        precondition(peaks[1] - peaks[0] < 5_000_000, "peak grew from \(peaks[0]) to \(peaks[1]) bytes")
      }
    }
  }

  @Test("a file that cannot be separated is refused before an output is begun")
  func refused() throws {
    let separator = try Self.separator()
    func text(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "nothing was refused"
      } catch { return "\(error)" }
    }
    try Self.withFolder { folder in
      let (input, output) = (folder + "/in.wav", folder + "/out.wav")
      try Audio([Float](repeating: 0.1, count: 9001), sampleRate: 8000).write(to: input, format: .wavFloat)
      // The writer takes no number that is not finite: the last sample is made one afterwards.
      let bytes = try Data(contentsOf: URL(fileURLWithPath: input)).dropLast(4) + [0, 0, 0xC0, 0x7F]
      try bytes.write(to: URL(fileURLWithPath: input))
      #expect(
        text { try separator.separate(file: input, classes: [], to: output) }
          == "number of classes must be at least 1, got 0"
      )
      #expect(
        text { try separator.separate(file: input, classes: [12], to: output) }
          == "there is no class 12; classes are numbered from 0 to 11"
      )
      #expect(
        text { try separator.separate(file: input, ontology: .scenes, level: 1, to: [output]) }
          == "number of outputs must be 4, one for each of music, animal, machine, nature, got 1"
      )
      #expect(
        text { try separator.separate(file: input, condition: .zeros([3]), to: output) }
          == "conditions must have shape [12], got shape [3]"
      )
      #expect(
        text { try separator.network.separate(file: input, condition: .zeros([12]), to: output, seconds: 0.02) }
          == "samples of a segment must be more than the 256 of a frame, got 160"
      )
      #expect(!FileManager.default.fileExists(atPath: output))
      #expect(
        text { try separator.separate(file: input, classes: [3], to: output) }
          == "sample 9000 of the mixture is not finite; mend the recording"
      )
      #expect(
        text { try separator.separate(file: folder + "/none.wav", classes: [3], to: output) }
          == "cannot read \"\(folder)/none.wav\": System error : No such file or directory."
      )
      try Audio([], sampleRate: 8000).write(to: input)
      #expect(
        text { try separator.separate(file: input, classes: [3], to: output) }
          == "number of samples of \"\(input)\" must be at least 1, got 0"
      )
    }
  }
}
