/// The buffer of one or several tensors.
///
/// Sendable because a buffer is written only while one tensor alone refers to it.
package final class Storage: @unchecked Sendable {
  package let base: UnsafeMutableRawPointer
  private let index: Int
  private let size: Int

  package init(bytes: Int) {
    (base, index, size) = TensorMemory.allocate(bytes)
  }

  deinit { TensorMemory.release(base, index: index, size: size) }
}
