extension Tensor {
  /// The first value, to be read while the storage is kept alive.
  package var pointer: UnsafePointer<Scalar> {
    UnsafePointer(storage.base.assumingMemoryBound(to: Scalar.self) + offset)
  }

  /// Where a tensor that was just made, and that nobody else has, is written.
  package var output: UnsafeMutablePointer<Scalar> {
    storage.base.assumingMemoryBound(to: Scalar.self) + offset
  }

  /// Gives the values for writing, copied first where other tensors share them.
  package mutating func withMutablePointer<Result>(_ body: (UnsafeMutablePointer<Scalar>) -> Result) -> Result {
    makeUnique()
    let storage = storage
    return withExtendedLifetime(storage) {
      body(storage.base.assumingMemoryBound(to: Scalar.self) + offset)
    }
  }

  package mutating func makeUnique() {
    precondition(!isRecorded, "Tensor: a value that a gradient is taken of cannot be changed in place")
    if isKnownUniquelyReferenced(&storage) { return }
    let copy = Storage(bytes: count * MemoryLayout<Scalar>.stride)
    copy.base.copyMemory(
      from: storage.base + offset * MemoryLayout<Scalar>.stride,
      byteCount: count * MemoryLayout<Scalar>.stride
    )
    storage = copy
    offset = 0
  }

  /// The values in order, for reading within the closure.
  public func withUnsafeValues<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeBufferPointer(start: pointer, count: count)) }
  }

  /// The values in order, for reading and writing within the closure.
  public mutating func withUnsafeMutableValues<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    makeUnique()
    let storage = storage
    return try withExtendedLifetime(storage) {
      try body(
        UnsafeMutableBufferPointer(start: storage.base.assumingMemoryBound(to: Scalar.self) + offset, count: count)
      )
    }
  }

  /// Sets all values of a tensor that nobody else has.
  package func fill(_ value: Scalar) { output.update(repeating: value, count: count) }

  package func copyValues(of values: [Scalar]) {
    values.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { output.update(from: base, count: count) }
    }
  }

  /// A tensor of the same shape, value by value; no gradient passes.
  package func mapValues<Other>(_ body: (Scalar) -> Other) -> Tensor<Other> {
    let result = Tensor<Other>(like: self)
    withExtendedLifetime(storage) {
      let from = pointer
      let to = result.output
      for index in 0..<count { to[index] = body(from[index]) }
    }
    return result
  }
}
