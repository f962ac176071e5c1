import Layers
import Tensors
import TestSupport
import Testing

extension ParityData {
  /// An array with its shape, in single precision.
  func tensor(_ name: String) throws -> Tensor<Float> {
    let shape = try #require(file[name]?.shape, "\(name)")
    return Tensor(try self[name].map { Float($0) }, shape: shape)
  }

  /// The weights under the reference's names.
  func weights() throws -> SafetensorsFile {
    var weights = SafetensorsFile()
    for name in names where name.hasPrefix("param.") { weights.append(String(name.dropFirst(6)), try tensor(name)) }
    return weights
  }

  /// A whole number of the metadata.
  func integer(_ name: String) throws -> Int { try #require(file.metadata[name].flatMap { Int($0) }, "\(name)") }
}

/// Checks that a tensor equals one of a fixture, relative to the largest entry there.
func expectParity(_ got: Tensor<Float>, _ data: ParityData, _ name: String, _ tolerance: Double) throws {
  let expected = try data[name]
  let scale = expected.reduce(1e-12) { max($0, abs($1)) }
  let problem = mismatch(got.values.map(Double.init), expected, absolute: tolerance * scale)
  #expect(problem == nil, "\(name): \(problem ?? "")")
}

/// Loads a fixture's weights, and checks the gradients of its loss for input and parameters.
///
/// - Parameters:
///   - model: with the fixture's sizes.
///   - data: the fixture.
///   - input: name of the input; its gradient is `grad.` with the rest of the name.
///   - ignoring: names in the file that are no weights of the model.
///   - tolerance: of gradients, relative to the largest entry.
///   - loss: the scalar whose gradients the fixture holds, from the model and its input.
func expectGradientParity<Model: Module>(
  _ model: Model,
  _ data: ParityData,
  input: String,
  ignoring: Set<String> = [],
  tolerance: Double,
  loss: (inout Model, Tensor<Float>) throws -> Tensor<Float>
) throws {
  let x = try data.tensor(input)
  let expectedNames = Set(data.names.filter { $0.hasPrefix("param.") }.map { String($0.dropFirst(6)) })
  #expect(Set(model.namedTensors.map(\.name)) == expectedNames.subtracting(ignoring))
  try withGradient(of: Float.self) { tape in
    var copy = model
    var names: [String] = []
    let watchedInput = tape.watch(x)
    var watched = [watchedInput]
    copy.updateParameters { name, tensor in
      names.append(name)
      watched.append(tape.watch(tensor))
      return watched[watched.count - 1]
    }
    let gradients = tape.gradients(of: try loss(&copy, watchedInput), at: watched)
    // Some fixtures hold gradients of the weights only.
    let inputGradient = "grad." + input.dropFirst(3)
    if data.names.contains(inputGradient) { try expectParity(gradients[0], data, inputGradient, tolerance) }
    for (name, gradient) in zip(names, gradients.dropFirst()) {
      try expectParity(gradient, data, "grad." + name, tolerance)
    }
  }
}
