public import Tensors

/// Gathers all tensors in a file.
struct TensorWriter: ParameterVisitor {
  var path = NamePath()
  var file = SafetensorsFile()

  mutating func visit(_ name: String, _ tensor: inout Tensor<Float>) { file.append(path.full(name), tensor) }
  mutating func visitState(_ name: String, _ tensor: inout Tensor<Float>) { file.append(path.full(name), tensor) }
  mutating func enter(_ name: String) { path.enter(name) }
  mutating func leave() { path.leave() }
}

/// Sets all tensors from a file, and keeps the first error.
struct TensorReader: ParameterVisitor {
  var path = NamePath()
  let file: SafetensorsFile
  /// Whether tensors that have a shape must keep it; slots of optimisers are free until first used.
  let isStrict: Bool
  var prefix = ""
  var error: (any Error)?

  init(file: SafetensorsFile, isStrict: Bool, prefix: String = "") {
    (self.file, self.isStrict, self.prefix) = (file, isStrict, prefix)
  }

  mutating func visit(_ name: String, _ tensor: inout Tensor<Float>) { read(name, &tensor, free: false) }
  mutating func visitState(_ name: String, _ tensor: inout Tensor<Float>) {
    read(name, &tensor, free: tensor.shape == [0])
  }
  mutating func enter(_ name: String) { path.enter(name) }
  mutating func leave() { path.leave() }

  private mutating func read(_ name: String, _ tensor: inout Tensor<Float>, free: Bool) {
    guard error == nil else { return }
    let full = prefix + path.full(name)
    do {
      if !isStrict, file[full] == nil { return }
      let found = try file.floats(full)
      guard free || found.shape == tensor.shape else {
        error = WeightError(name: full, expected: tensor.shape, got: found.shape)
        return
      }
      tensor = found
    } catch { self.error = error }
  }
}

/// Weights that do not fit a model.
public struct WeightError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The parameter.
  public var name: String
  /// Its shape in the model.
  public var expected: [Int]
  /// Its shape in the file.
  public var got: [Int]

  /// Name and shapes.
  public var description: String { "weights: '\(name)' must have shape \(expected), the file has \(got)" }
}

extension Module {
  /// All tensors under their names, state included.
  public func safetensors() -> SafetensorsFile {
    var copy = self
    var writer = TensorWriter()
    copy.visitParameters(&writer)
    return writer.file
  }

  /// Writes all tensors under their names to a `.safetensors` file.
  ///
  /// - Throws: `FileError`.
  public func save(_ path: String) throws { try safetensors().write(to: path) }

  /// Sets all tensors from a file by name; nothing changes where one does not fit.
  ///
  /// - Parameters:
  ///   - file: weights, such as a state dict of PyTorch saved as safetensors.
  ///   - prefix: what stands before each name in the file.
  ///   - isPartial: whether tensors that the file lacks may keep their values.
  /// - Throws: `SafetensorsError.missing`, `.wrongType`, or `WeightError`.
  public mutating func load(_ file: SafetensorsFile, prefix: String = "", isPartial: Bool = false) throws {
    var copy = self
    var reader = TensorReader(file: file, isStrict: !isPartial, prefix: prefix)
    copy.visitParameters(&reader)
    if let error = reader.error { throw error }
    self = copy
  }

  /// Sets all tensors from a `.safetensors` file by name.
  ///
  /// - Throws: `FileError`, `SafetensorsError` or `WeightError`.
  public mutating func load(_ path: String) throws { try load(SafetensorsFile(path: path)) }
}
