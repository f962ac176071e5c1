internal import Glibc

/// How fast the heads of TransNormerLLM forget: head i multiplies what lies one position back by e^(-slope).
///
/// Source: Z. Qin and others, "TransNormerLLM", 2023, section 3.1; constants, no gradient.
public enum DecaySlopes {
  /// Slopes 2^(-8(i + 1)/h) for a power of two of heads; otherwise those of the next lower power c, then every second one of 2c.
  ///
  /// - Parameter heads: number of heads h.
  /// - Returns: one slope a head.
  /// - Throws: `.size` where there is no head.
  public static func standard(heads: Int) throws(LightningAttentionError) -> [Double] {
    try LightningAttentionError.positive(heads, "number of heads")
    let power = 1 << (Int.bitWidth - 1 - heads.leadingZeroBitCount)
    let rest = stride(from: 0, to: 2 * power, by: 2).prefix(heads - power)
    let between = geometric(2 * power)
    return geometric(power) + rest.map { between[$0] }
  }

  /// Slopes of one layer: the standard ones times 1 - layer/(layers - 1) + 10⁻⁵, so that the last layer hardly forgets.
  ///
  /// - Parameters:
  ///   - layer: which layer, from 0.
  ///   - layers: number of layers; a single one has the full slopes.
  ///   - heads: number of heads.
  /// - Returns: one slope a head.
  /// - Throws: `.size` where there is no head, or no such layer.
  public static func layer(_ layer: Int, of layers: Int, heads: Int) throws(LightningAttentionError) -> [Double] {
    guard (0..<max(layers, 0)).contains(layer) else {
      throw .size(what: "layer", expected: "in 0..<\(layers)", got: layer)
    }
    let factor = 1 - Double(layer) / Double(max(1, layers - 1)) + 1e-5
    return try standard(heads: heads).map { $0 * factor }
  }

  private static func geometric(_ heads: Int) -> [Double] {
    (0..<heads).map { exp2(-8 * Double($0 + 1) / Double(heads)) }
  }
}
