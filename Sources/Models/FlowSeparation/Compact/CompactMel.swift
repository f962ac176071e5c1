internal import Glibc
public import Signals
public import Tensors

/// Log-mel pictures of the replication: 8 kHz, frames of 256 every 128 samples, 32 triangles from 50 to 4000 Hz, standardised.
public struct CompactMel: Sendable {
  /// Frames of a picture of one second, the last one repeated.
  public static let frames = 64
  /// Bands of a picture.
  public static let bands = 32
  /// dB that one unit of a picture stands for: 3 units of the natural logarithm of power.
  public static let decibelsPerUnit = 30 / M_LN10
  /// The transform.
  public let stft = STFT<Float>(frameLength: 256, hop: 128)
  let bank: MelFilterBank<Float>

  /// Prepares transform and filters.
  ///
  /// - Throws: `SignalError`.
  public init() throws(SignalError) {
    bank = try MelFilterBank(
      bands: Self.bands,
      frameLength: 256,
      sampleRate: 8000,
      range: 50...4000,
      scale: .htk,
      isNormalized: false
    )
  }

  /// (ln(mel power + 10⁻⁵) + 5)/3 of one second, `[1, 64, 32]`.
  ///
  /// - Parameter samples: 8000 of them.
  /// - Returns: the picture.
  /// - Throws: `FlowSeparationError.shape`, or `SignalError`.
  public func picture(_ samples: [Float]) throws -> Tensor<Float> {
    guard samples.count == 8000 else {
      throw FlowSeparationError.shape(what: "one second of sound", expected: "[8000]", got: [samples.count])
    }
    let bands = bank.bands(of: try stft.forward(samples).power)
    let values = bands.map { (logf($0 + 1e-5) + 5) / 3 }
    return Tensor(values + values.suffix(Self.bands), shape: [1, Self.frames, Self.bands])
  }

  /// Pictures of sounds, `[count, 1, 64, 32]`.
  ///
  /// - Throws: `FlowSeparationError.shape`, or `SignalError`.
  public func pictures(_ sounds: [[Float]]) throws -> Tensor<Float> { .stacked(try sounds.map(picture)) }

  /// Log-spectral distance of pictures in dB: root of the mean square difference over frames and bands, one an item.
  public static func distances(_ a: Tensor<Float>, _ b: Tensor<Float>) -> [Double] {
    (a - b).squared().mean([1, 2, 3]).values.map { Double($0).squareRoot() * decibelsPerUnit }
  }

  /// Mel power of a picture, without the repeated frame, `[63, 32]`.
  func power(_ picture: Tensor<Float>) -> [Float] {
    picture.values.prefix((Self.frames - 1) * Self.bands).map { max(0, expf(3 * $0 - 5) - 1e-5) }
  }
}
