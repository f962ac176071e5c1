import DiffusionTransformers
import Tensors
import TestSupport

/// A modulated block written from operations on `Tensor<Double>`, for fixtures that hold results in double precision.
///
/// It also tells how far single precision can carry the gradients: those that come back through the attention are divided by
/// φ(q) · z, and a query that the rectifier leaves almost nothing of has few correct digits in it.
struct BlockInDouble {
  private typealias Values = Tensor<Double>

  let file: SafetensorsFile
  let sizes: FixtureSizes
  let names: [String]

  init(_ file: SafetensorsFile, _ sizes: FixtureSizes) {
    (self.file, self.sizes) = (file, sizes)
    let weights = file.entries.map(\.name).filter { $0.hasPrefix("w.") }
    names = ["x", "c"] + weights.sorted()
  }

  /// The output, and the gradient of each name.
  ///
  /// - Parameter disturbance: signs of an error of every query: for its input and for its dot product, one rounding to single
  ///   precision each of the sum of the products' sizes.
  func evaluate(disturbance: RandomStream? = nil) throws -> (y: [Double], gradients: [String: [Double]]) {
    let values = try names.map(file.doubleTensor)
    let upstream = try file.doubleTensor("dy")
    let (y, gradients) = withGradient(of: Double.self) { tape in
      let watched = Dictionary(uniqueKeysWithValues: zip(names, values.map(tape.watch)))
      func named(_ name: String) -> Values { watched[name]! }
      func linear(_ x: Values, _ name: String) -> Values {
        x.linear(named("w.\(name).weight"), bias: named("w.\(name).bias"))
      }
      let (x, parts) = (named("x"), linear(named("c").silu(), "ada").split(into: 6, axis: 1).map { $0.expanded(at: 1) })
      func modulated(_ x: Values, _ shift: Int) -> Values {
        x.normalized(Normalization(length: x.shape[2], epsilon: 1e-6)).multiplyAdd(parts[shift + 1] + 1, parts[shift])
      }
      let inner = modulated(x, 0)
      var joined = linear(inner, "attn.qkv").split(into: 3, axis: 2)
      if var random = disturbance {
        let weight = values[names.firstIndex(of: "w.attn.qkv.weight")!].split(into: 3)[0]
        let size = inner.withoutGradient().abs().linear(weight.abs(), bias: nil)
        let signs = random.bernoulli(size.shape, probability: 0.5, of: Double.self) * 2 - 1
        joined[0] = joined[0] + size * signs * Double(Float.ulpOfOne)
      }
      let mixed = linear(attention(joined, watched["w.attn.dwc.weight"], watched["w.attn.dwc.bias"]), "attn.proj")
      let y = mixed.multiplyAdd(parts[2], x)
      let result = linear(linear(modulated(y, 3), "mlp.fc1").geluTanh(), "mlp.fc2").multiplyAdd(parts[5], y)
      return (result.withoutGradient(), tape.gradients(of: result * upstream, at: names.map(named)))
    }
    return (y.values, Dictionary(uniqueKeysWithValues: zip(names, gradients.map { $0.values })))
  }

  /// Linear attention of queries, keys and values, with the depthwise convolution of the values where there is one.
  private func attention(_ parts: [Values], _ kernel: Values?, _ bias: Values?) -> Values {
    let v = parts[2]
    let read = Values.rectifiedAttention(parts[0], parts[1], v, heads: sizes.heads)
    guard let kernel else { return read }
    let channels = kernel.shape[0]
    let pictures = v.transposed(1, 2).reshaped([
      v.shape[0] * v.shape[2] / channels, channels, sizes.rows, sizes.columns,
    ])
    let options = ConvolutionOptions(axes: 2, padding: kernel.shape[2] / 2, groups: channels)
    let local = pictures.convolved(kernel, bias: bias, options).reshaped([v.shape[0], v.shape[2], v.shape[1]])
    return read + local.transposed(1, 2)
  }

  /// Largest share of its largest entry by which each gradient moves, over eight disturbances.
  func sensitivity() throws -> [String: Double] {
    let exact = try evaluate().gradients
    var found: [String: Double] = [:]
    for seed in 0..<8 {
      for (name, moved) in try evaluate(disturbance: RandomStream(seed: UInt64(seed))).gradients {
        let (values, largest) = (exact[name]!, exact[name]!.map(abs).max() ?? 1)
        let shift = zip(moved, values).map { abs($0 - $1) }.max() ?? 0
        found[name] = max(found[name] ?? 0, shift / largest)
      }
    }
    return found
  }
}
