/// Sizes and choices of a Demucs.
public struct DemucsConfiguration: Sendable, Equatable {
  /// Names of the sources in order.
  public var sources = ["drums", "bass", "other", "vocals"]
  /// Channels of the mixture.
  public var audioChannels = 2
  /// Channels of the first layer; they double from layer to layer.
  public var channels = 64
  /// Number of layers of the encoder, and of the decoder.
  public var depth = 6
  /// Layers of the bidirectional LSTM in the middle; none where 0.
  public var lstmLayers = 2
  /// Whether convolutions end in gated linear units; ReLU where not.
  public var hasGates = true
  /// Whether each layer of the encoder mixes its channels once more.
  public var hasRewrite = true
  /// Taps of the first convolution of a layer of the decoder.
  public var context = 3
  /// Whether the network works at twice the rate.
  public var resamples = true
  /// Deviation of weights that new weights are moved towards; left alone where nil.
  public var rescale: Float? = 0.1
  /// Samples a second, in Hz.
  public var sampleRate = 44100.0

  /// Taps of the layers that change the rate.
  public static let kernel = 8
  /// Factor by which each layer of the encoder lowers the rate.
  public static let stride = 4

  /// Makes the published sizes.
  public init() {}

  /// The second version: 265.7 million parameters.
  public static let base = DemucsConfiguration()

  /// The first version, with 100 channels and without resampling: 648.5 million parameters.
  public static var firstVersion: DemucsConfiguration {
    var own = base
    (own.channels, own.resamples) = (100, false)
    return own
  }

  /// A model that trains in minutes on two cores: mono at 8 kHz, 1.04 million parameters.
  public static var scaled: DemucsConfiguration {
    var own = base
    (own.audioChannels, own.channels, own.depth) = (1, 16, 4)
    (own.resamples, own.sampleRate) = (false, 8000)
    own.sources = ["drums", "bass", "other", "lead"]
    return own
  }

  /// Channels after each layer of the encoder.
  var widths: [Int] { (0..<depth).map { channels << $0 } }

  /// Number of learned values of a network of these sizes, without making it.
  public var parameterCount: Int {
    let gate = hasGates ? 2 : 1
    let inputs = [audioChannels] + widths
    var count = 0
    for layer in 0..<depth {
      let (before, width) = (inputs[layer], inputs[layer + 1])
      let outputs = layer == 0 ? audioChannels * sources.count : before
      count += before * width * Self.kernel + width + width * outputs * Self.kernel + outputs
      if hasRewrite { count += gate * width * (width * (1 + context) + 2) }
    }
    let width = inputs[depth]
    for layer in 0..<lstmLayers {
      // Four gates with two biases each, in both directions.
      count += 2 * 4 * width * ((layer == 0 ? width : 2 * width) + width + 2)
    }
    return lstmLayers > 0 ? count + 2 * width * width + width : count
  }

  func check() throws(SeparationError) {
    let model = "Demucs"
    let sizes = [
      ("sources", sources.count, 1), ("audioChannels", audioChannels, 1), ("channels", channels, 1),
      ("depth", depth, 1), ("lstmLayers", lstmLayers, 0), ("context", context, 1),
    ]
    for (name, value, least) in sizes { try SeparationError.check(model, name, value, atLeast: least) }
  }
}
