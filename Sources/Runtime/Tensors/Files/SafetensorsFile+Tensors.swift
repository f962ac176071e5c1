extension SafetensorsFile {
  /// Reads a file.
  ///
  /// - Throws: `FileError` or `SafetensorsError`.
  public init(path: String) throws { try self.init(FileAccess.read(path)) }

  /// Writes the file, replacing an old one at once.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String) throws { try FileAccess.write(encoded(), to: path) }

  /// Adds a tensor.
  public mutating func append(_ name: String, _ tensor: Tensor<Float>) { append(name, .float32, tensor) }

  /// Adds a tensor.
  public mutating func append(_ name: String, _ tensor: Tensor<Double>) { append(name, .float64, tensor) }

  /// Adds a tensor of whole numbers.
  public mutating func append(_ name: String, _ tensor: Tensor<Int>) { append(name, .int64, tensor) }

  private mutating func append<Scalar>(_ name: String, _ type: DataType, _ tensor: Tensor<Scalar>) {
    let bytes = tensor.withUnsafeValues { [UInt8](UnsafeRawBufferPointer($0)) }
    entries.append(Entry(name: name, type: type, shape: tensor.shape, bytes: bytes))
  }

  /// A tensor by name; halves, bfloat16 and doubles are converted.
  ///
  /// - Throws: `SafetensorsError.missing` or `.wrongType`.
  public func floats(_ name: String) throws(SafetensorsError) -> Tensor<Float> {
    let entry = try entry(name)
    var result = Tensor<Float>(uninitialized: entry.shape)
    switch entry.type {
    case .float32: result.copyBytes(entry.bytes)
    case .float64: result.copyValues(of: entry.words(UInt64.self).map { Float(Double(bitPattern: $0)) })
    case .float16: result.copyValues(of: entry.words(UInt16.self).map { Float(half: $0) })
    case .bfloat16: result.copyValues(of: entry.words(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) })
    default: throw .wrongType(name, expected: "F32, F64, F16 or BF16", got: entry.type.rawValue)
    }
    return result
  }

  /// A tensor of doubles by name; floats are converted.
  ///
  /// - Throws: `SafetensorsError.missing` or `.wrongType`.
  public func doubleTensor(_ name: String) throws(SafetensorsError) -> Tensor<Double> {
    let values = try doubles(name)
    return Tensor(values, shape: try entry(name).shape)
  }

  /// A tensor of whole numbers by name.
  ///
  /// - Throws: `SafetensorsError.missing` or `.wrongType`.
  public func integers(_ name: String) throws(SafetensorsError) -> Tensor<Int> {
    let entry = try entry(name)
    switch entry.type {
    case .int64: return Tensor(entry.words(UInt64.self).map { Int(Int64(bitPattern: $0)) }, shape: entry.shape)
    case .int32: return Tensor(entry.words(UInt32.self).map { Int(Int32(bitPattern: $0)) }, shape: entry.shape)
    case .uint8: return Tensor(entry.bytes.map(Int.init), shape: entry.shape)
    default: throw .wrongType(name, expected: "I64, I32 or U8", got: entry.type.rawValue)
    }
  }

  private func entry(_ name: String) throws(SafetensorsError) -> Entry {
    guard let entry = self[name] else { throw .missing(name, known: entries.map(\.name).sorted()) }
    return entry
  }
}

extension Tensor {
  /// Sets all values from little-endian bytes of the same type.
  mutating func copyBytes(_ bytes: [UInt8]) {
    withUnsafeMutableValues { values in
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(values).copyMemory(from: $0) }
    }
  }
}

extension Float {
  /// The number that 16 bits mean in IEEE half precision.
  init(half bits: UInt16) {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023)
    switch exponent {
    case 0: self = sign * fraction * 0x1p-24
    case 31: self = fraction == 0 ? sign * .infinity : .nan
    default: self = sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}
