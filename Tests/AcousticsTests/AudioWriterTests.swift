import Acoustics
import Foundation
import Testing

@Suite("Audio files written block by block")
struct AudioWriterTests {
  private func withFile(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".wav").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test("blocks join to the sound that is written at once")
  func blocks() throws {
    try withFile { path in
      let sound = Audio(channels: [[0.1, -0.2, 0.3, 0.4, -0.5], [0, 0.5, 0, -0.25, 1]], sampleRate: 11025)
      let writer = try AudioWriter(path: path, channels: 2, sampleRate: 11025, format: .wavFloat)
      for range in [0..<2, 2..<2, 2..<5] { try writer.append(sound.channels.map { Array($0[range]) }) }
      try writer.close()
      #expect(try Audio(contentsOf: path).channels == sound.channels)
      let properties = try AudioProperties(ofFile: path)
      #expect(properties.frameCount == 5 && properties.channelCount == 2 && properties.sampleRate == 11025)
    }
  }

  @Test("what does not fit is refused by name")
  func refused() throws {
    try withFile { path in
      let writer = try AudioWriter(path: path, channels: 1, sampleRate: 8000)
      #expect(throws: AudioError.notFinite(function: "AudioWriter", channel: 0, sample: 1)) {
        try writer.append([[0, .nan]])
      }
      #expect(throws: AudioError.wrongCount(function: "AudioWriter", argument: "channels", expected: 1, got: 2)) {
        try writer.append([[0], [0]])
      }
      try writer.close()
      #expect(throws: AudioError.unwritable(path: path, reason: "it is closed")) { try writer.append([[0]]) }
    }
    #expect(throws: AudioError.self) { try AudioWriter(path: "/nowhere/a.wav", channels: 1, sampleRate: 8000) }
    #expect(throws: AudioError.self) { try AudioProperties(ofFile: "/nowhere/a.wav") }
  }
}
