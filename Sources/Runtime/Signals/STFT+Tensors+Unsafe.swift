internal import Tensors

/// Tensors as the memory that the transforms read and write.
extension STFT where Scalar: TensorScalar {
  /// Spectra `[…, 2, frames, bins]` that a body sets.
  func spectra(_ shape: [Int], _ body: (SpectraMemory<Scalar>) -> Void) -> Tensor<Scalar> {
    let result = Tensor<Scalar>(uninitialized: shape)
    body(memory(result.output, shape))
    return result
  }

  /// Spectra `[…, 2, frames, bins]`, to be read.
  func withMemory(of spectra: Tensor<Scalar>, _ body: (SpectraMemory<Scalar>) -> Void) {
    spectra.withUnsafeValues { values in
      // Nothing writes to spectra that a map reads.
      if let base = values.baseAddress { body(memory(UnsafeMutablePointer(mutating: base), spectra.shape)) }
    }
  }

  private func memory(_ base: UnsafeMutablePointer<Scalar>, _ shape: [Int]) -> SpectraMemory<Scalar> {
    let frames = shape[shape.count - 2]
    let size = frames * binCount
    let count = shape.dropLast(3).reduce(1, *)
    return SpectraMemory(re: base, im: base + size, distance: 2 * size, count: count, frames: frames)
  }

  /// Signals `[…, samples]` that a body sets.
  static func signals(_ shape: [Int], _ body: (UnsafeMutablePointer<Scalar>) -> Void) -> Tensor<Scalar> {
    let result = Tensor<Scalar>(uninitialized: shape)
    body(result.output)
    return result
  }
}
