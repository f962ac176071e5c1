extension SplitComplex {
  /// Makes values that a body sets, all of them: memory is touched once only.
  init(unsetCount count: Int, _ body: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void) {
    var imaginary: [Scalar] = []
    let real = [Scalar](unsafeUninitializedCapacity: count) { re, initialized in
      imaginary = [Scalar](unsafeUninitializedCapacity: count) { im, initialized in
        if let re = re.baseAddress, let im = im.baseAddress { body(re, im) }
        initialized = count
      }
      initialized = count
    }
    self.init(real: real, imaginary: imaginary)
  }

  /// Both parts as memory to read.
  func withUnsafeParts(_ body: (UnsafePointer<Scalar>, UnsafePointer<Scalar>) -> Void) {
    real.withUnsafeBufferPointer { re in
      imaginary.withUnsafeBufferPointer { im in
        if let re = re.baseAddress, let im = im.baseAddress { body(re, im) }
      }
    }
  }

  /// Both parts as memory to write.
  mutating func withUnsafeMutableParts(_ body: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void) {
    real.withUnsafeMutableBufferPointer { re in
      imaginary.withUnsafeMutableBufferPointer { im in
        if let re = re.baseAddress, let im = im.baseAddress { body(re, im) }
      }
    }
  }
}
