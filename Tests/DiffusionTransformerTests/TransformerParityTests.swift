import DiffusionTransformers
import Layers
import Tensors
import TestSupport
import Testing

private let paper = "linear-diffusion-transformer"

/// The fixtures' README: single precision against PyTorch in double, relative to the largest entry.
private let floatTolerance = 2e-5

/// Whether values are the expected ones, relative to the largest of them.
private func differ(_ got: Tensor<Float>, _ expected: [Double], within tolerance: Double = floatTolerance) -> String? {
  mismatch(got.values.map(Double.init), expected, ofLargest: tolerance)
}

/// Numbers in a fixture's name, such as rows, columns and heads in `litattn_b2_8x8_d12_h2_k5`.
struct FixtureSizes {
  let rows: Int
  let columns: Int
  let heads: Int
  let mixing: TokenMixing

  init(_ name: String) throws {
    let parts = name.split(separator: "_").map(String.init)
    func number(_ letter: String) -> Int? {
      parts.first { $0.hasPrefix(letter) && Int($0.dropFirst()) != nil }.flatMap { Int($0.dropFirst()) }
    }
    let grid = try #require(
      parts.compactMap { part -> [Int]? in
        let sides = part.split(separator: "x").compactMap { Int($0) }
        return sides.count == 2 ? sides : nil
      }.first
    )
    (rows, columns, heads) = (grid[0], grid[1], try #require(number("h")))
    mixing = name.hasPrefix("softmax") ? .softmax : .linear(number("k").map { DepthwiseKernel(size: $0) })
  }
}

@Suite("Parity of diffusion transformers")
struct TransformerParityTests {
  static let attentions = ["litattn", "linattn", "softmaxattn"].flatMap { Parity.cases(paper, prefix: $0) }
  static let blocks = Parity.cases(paper, prefix: "litblock")

  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let forms = ["litattn", "linattn", "softmaxattn", "litblock", "frechet", "diffusion"]
    let names = Parity.committedNames(paper)
    #expect(names.count == 7)
    for name in names { #expect(forms.contains { name.hasPrefix($0) }, "\(name)") }
  }

  /// Runs a part on watched inputs and weights; compares the result and all gradients with those of a file.
  private func check<Part: Module>(
    _ file: SafetensorsFile,
    _ part: Part,
    inputs names: [String],
    fixtureName: (String) -> String,
    tolerance: (String) -> Double = { _ in floatTolerance },
    _ body: (Part, [Tensor<Float>]) throws -> Tensor<Float>
  ) throws {
    var part = part
    let weights = part.namedTensors.map { fixtureName($0.name) }
    let values = try names.map { try file.floats($0) } + weights.map { try file.floats("w." + $0) }
    let upstream = try file.floats("dy")
    let (y, gradients) = try withGradient(of: Float.self) { tape in
      let watched = values.map(tape.watch)
      var index = names.count - 1
      part.updateParameters { _, own in
        index += 1
        return watched[index].reshaped(own.shape)
      }
      let y = try body(part, watched)
      return (y.withoutGradient(), tape.gradients(of: y * upstream, at: watched))
    }
    #expect(differ(y, try file.doubles("y")) == nil)
    let expected = names.map { "d" + $0 } + weights.map { "dw." + $0 }
    for (gradient, name) in zip(gradients, expected) {
      #expect(differ(gradient, try file.doubles(name), within: tolerance(name)) == nil, "\(name)")
    }
  }

  @Test("attention's output and all gradients equal PyTorch's", arguments: attentions)
  func attention(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let sizes = try FixtureSizes(fixture.name)
    var random = RandomStream(seed: 1)
    let width = try file.floats("x").shape[2]
    let layer = try MixingAttention(width: width, heads: sizes.heads, mixing: sizes.mixing, random: &random)
    try check(file, layer, inputs: ["x"], fixtureName: { $0 }) { layer, inputs in
      try layer(inputs[0], rows: sizes.rows, columns: sizes.columns)
    }
  }

  @Test("in double precision a block's output and all gradients equal PyTorch's", arguments: blocks)
  func blockInDouble(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let (y, gradients) = try BlockInDouble(file, FixtureSizes(fixture.name)).evaluate()
    #expect(mismatch(y, try file.doubles("y"), ofLargest: 1e-10) == nil)
    for (name, gradient) in gradients {
      // Gradients of weights are stored in single precision.
      let tolerance = name.hasPrefix("w.") ? Double(Float.ulpOfOne) : 1e-10
      #expect(mismatch(gradient, try file.doubles("d" + name), ofLargest: tolerance) == nil, "\(name)")
    }
  }

  @Test("a block's output and all gradients equal PyTorch's", arguments: blocks)
  func block(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let sizes = try FixtureSizes(fixture.name)
    var random = RandomStream(seed: 1)
    let width = try file.floats("x").shape[2]
    let block = try ModulatedBlock(width: width, heads: sizes.heads, mixing: sizes.mixing, random: &random)
    let rename = { (name: String) in
      name.hasPrefix("adaLN_modulation.1.") ? "ada." + name.dropFirst("adaLN_modulation.1.".count) : name
    }
    // No more is asked of single precision than its own rounding of the queries leaves.
    let sensitivity = try BlockInDouble(file, sizes).sensitivity()
    let tolerance = { (name: String) in max(floatTolerance, sensitivity[String(name.dropFirst())] ?? 0) }
    try check(file, block, inputs: ["x", "c"], fixtureName: rename, tolerance: tolerance) { block, inputs in
      try block(inputs[0], condition: inputs[1], rows: sizes.rows, columns: sizes.columns)
    }
  }
}
