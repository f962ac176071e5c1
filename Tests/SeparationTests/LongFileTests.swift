import Acoustics
import Foundation
import Separation
import Tensors
import TestSupport
import Testing

/// Separators of one minute and of four, in processes of their own so that no other test's memory counts.
@Suite("Memory of long files")
struct LongFileTests {
  /// Separates files of one and of four minutes at 48 kHz and stops unless the longer one takes no more memory.
  ///
  /// Held as a whole, its three minutes more would take 34 MB, and their estimates 6 MB each.
  private static func check(_ model: some Separator) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outputs = (0..<model.sourceCount).map { "\(folder)/\($0).wav" }
    var peaks: [Int] = []
    for minutes in [1, 4] {
      var random = RandomStream(seed: 3)
      let writer = try AudioWriter(path: folder + "/mixture.wav", channels: 1, sampleRate: 48_000)
      for _ in 0..<minutes * 60 { try writer.append([random.normal([48_000], deviation: 0.1).values]) }
      try writer.close()
      try model.separate(file: folder + "/mixture.wav", to: outputs)
      let written = try AudioProperties(ofFile: outputs[0]).frameCount
      precondition(written == minutes * 480_000)
      peaks.append(peakResidentMemory())
    }
    precondition(peaks[1] - peaks[0] < 5_000_000, "peak grew from \(peaks[0]) to \(peaks[1]) bytes")
  }

  @Test("Conv-TasNet takes as much for four minutes as for one", .timeLimit(.minutes(2)))
  func tasnet() async {
    await #expect(processExitsWith: .success) {
      var random = RandomStream(seed: 1)
      try Self.check(ConvTasNet(.tiny, random: &random))
    }
  }

  @Test(
    "Demucs, which measures the whole file first, takes as much for four minutes as for one",
    .timeLimit(.minutes(2))
  )
  func demucs() async {
    await #expect(processExitsWith: .success) {
      var random = RandomStream(seed: 1)
      var sizes = DemucsConfiguration.scaled
      sizes.channels = 4
      try Self.check(Demucs(sizes, random: &random))
    }
  }
}
