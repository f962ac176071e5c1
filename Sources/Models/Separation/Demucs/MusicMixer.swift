public import Tensors

/// Songs of stems, cut, changed and mixed anew for each batch of a training.
///
/// Per source and item: a random shift, sign, exchange of left and right, and gain in 0.25…1.25; then each source is
/// permuted within groups of four items, so that stems of different songs meet.
///
/// Source: A. Défossez and others, 2019, Section 5.3, without changes of pitch and tempo.
public struct MusicMixer: Sendable {
  /// Stems, `[songs][sources][channels][samples]`.
  public let songs: [[[[Float]]]]
  /// Items among which sources are permuted.
  public var group = 4

  /// Takes songs, each divided by the deviation of its mixture.
  ///
  /// - Parameter songs: stems, `[songs][sources][channels][samples]`, stems of a song of one length.
  /// - Throws: `SeparationError.wrongCount` where stems of a song differ in length, or songs in sources.
  public init(songs: [[[[Float]]]]) throws(SeparationError) {
    guard let first = songs.first else { throw .wrongCount(what: "songs", expected: 1, got: 0) }
    for (number, song) in songs.enumerated() {
      guard song.count == first.count else {
        throw .wrongCount(what: "stems of song \(number)", expected: first.count, got: song.count)
      }
      for stem in song.joined() where stem.count != song[0][0].count {
        throw .wrongCount(what: "samples of a stem of song \(number)", expected: song[0][0].count, got: stem.count)
      }
    }
    self.songs = songs.map { song in
      let mixture = song[0].indices.flatMap { channel in Self.sum(song.map { $0[channel] }) }
      let scale = 1 / InputMoments(mixture).deviation
      return song.map { $0.map { $0.map { $0 * scale } } }
    }
  }

  /// The sum of a song's stems, `[channels][samples]`.
  public func mixture(_ song: Int) -> [[Float]] {
    songs[song][0].indices.map { channel in Self.sum(songs[song].map { $0[channel] }) }
  }

  /// Draws a batch.
  ///
  /// - Parameters:
  ///   - count: number of items, a multiple of the group.
  ///   - samples: length of each; songs are at least as long.
  ///   - random: supplies the choices.
  /// - Returns: `[count, channels, samples]` and `[count, sources, channels, samples]`.
  /// - Throws: `SeparationError.setting` for a number of items that is no multiple of the group, `.tooShort` for short songs.
  public func batch(
    _ count: Int,
    samples: Int,
    _ random: inout RandomStream
  ) throws(SeparationError) -> (mixture: Tensor<Float>, sources: Tensor<Float>) {
    guard count % group == 0, count > 0 else {
      throw .setting(model: "MusicMixer", name: "items", expected: "a multiple of \(group)", got: count)
    }
    let shortest = songs.reduce(Int.max) { min($0, $1[0][0].count) }
    guard shortest >= samples else { throw .tooShort(samples: shortest, needed: samples) }
    var items: [[[[Float]]]] = (0..<count).map { _ in
      songs[random.integer(in: 0..<songs.count)].map { changed($0, samples, &random) }
    }
    for start in Swift.stride(from: 0, to: count, by: group) {
      for source in items[start].indices {
        let order = random.permutation(group)
        let stems = order.map { items[start + $0][source] }
        for index in 0..<group { items[start + index][source] = stems[index] }
      }
    }
    let (sources, channels) = (items[0].count, items[0][0].count)
    let stems = Tensor<Float>(
      items.flatMap { $0.flatMap { $0.flatMap { $0 } } },
      shape: [count, sources, channels, samples]
    )
    return (stems.sum(1), stems)
  }

  private func changed(_ stem: [[Float]], _ samples: Int, _ random: inout RandomStream) -> [[Float]] {
    let start = random.integer(in: 0..<stem[0].count - samples + 1)
    let gain = Float(0.25 + random.uniform()) * (random.uniform() < 0.5 ? -1 : 1)
    let isTurned = random.uniform() < 0.5
    let cut = stem.map { $0[start..<start + samples].map { $0 * gain } }
    return isTurned ? cut.reversed() : cut
  }

  private static func sum(_ parts: [[Float]]) -> [Float] {
    parts[0].indices.map { index in parts.reduce(0) { $0 + $1[index] } }
  }
}
