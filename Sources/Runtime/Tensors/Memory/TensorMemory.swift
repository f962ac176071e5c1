internal import Glibc
internal import Synchronization

/// The buffers of all tensors: aligned to 64 bytes, and kept for reuse when a tensor goes.
public enum TensorMemory {
  /// What the tensors hold at one moment.
  public struct Statistics: Sendable, Equatable {
    /// Bytes of the buffers of living tensors.
    public var used = 0
    /// Largest value that `used` has had since the last reset.
    public var peak = 0
    /// Bytes of buffers that wait for reuse.
    public var cached = 0
    /// Buffers asked for so far.
    public var requests = 0
    /// Requests that no waiting buffer served.
    public var misses = 0
  }

  private struct State {
    var statistics = Statistics()
    var limit = 2 << 30
    var free = [[UnsafeMutableRawPointer]](repeating: [], count: 512)
  }

  // Pointers in the lists belong to nobody: whoever takes one out owns it.
  private struct Guarded: @unchecked Sendable { var state = State() }
  private static let guarded = Mutex(Guarded())

  /// What the tensors hold now.
  public static var statistics: Statistics { guarded.withLock { $0.state.statistics } }

  /// Lets `peak` begin again from what is used now.
  public static func resetPeak() {
    guarded.withLock { $0.state.statistics.peak = $0.state.statistics.used }
  }

  /// Most bytes that wait for reuse; 2 GiB at first.
  ///
  /// Buffers beyond it go back to the system.
  public static var cacheLimit: Int {
    get { guarded.withLock { $0.state.limit } }
    set { guarded.withLock { $0.state.limit = newValue } }
  }

  /// Gives all waiting buffers back to the system.
  public static func releaseCache() {
    guarded.withLock { guarded in
      for index in guarded.state.free.indices {
        for pointer in guarded.state.free[index] { free(pointer) }
        guarded.state.free[index] = []
      }
      guarded.state.statistics.cached = 0
    }
  }

  /// Sizes in eighths of powers of two, 64 bytes at least: a buffer wastes 12 % at most.
  static func sizeClass(_ bytes: Int) -> (index: Int, size: Int) {
    guard bytes > 512 else {
      let units = max(1, (bytes + 63) / 64)
      return (units - 1, units * 64)
    }
    let power = Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount
    let step = 1 << (power - 3)
    let steps = (bytes - 1 - (1 << power)) / step + 1
    return (8 + (power - 9) * 8 + steps - 1, (1 << power) + steps * step)
  }

  static func allocate(_ bytes: Int) -> (pointer: UnsafeMutableRawPointer, index: Int, size: Int) {
    precondition(bytes >= 0 && bytes < 1 << 46, "Tensor: a buffer of \(bytes) bytes cannot be had")
    let (index, size) = sizeClass(bytes)
    let address = guarded.withLock { guarded -> UInt in
      let found = guarded.state.free[index].popLast()
      guarded.state.statistics.requests += 1
      guarded.state.statistics.used += size
      guarded.state.statistics.peak = max(guarded.state.statistics.peak, guarded.state.statistics.used)
      if found != nil { guarded.state.statistics.cached -= size } else { guarded.state.statistics.misses += 1 }
      return UInt(bitPattern: found)
    }
    if let found = UnsafeMutableRawPointer(bitPattern: address) { return (found, index, size) }
    return (fresh(size), index, size)
  }

  /// A buffer from the system, large ones on huge pages where the system grants them.
  ///
  /// A first walk over small pages costs a fault every 4 KiB, and later walks a search in the page tables.
  private static func fresh(_ size: Int) -> UnsafeMutableRawPointer {
    let huge = 2 << 20
    let isLarge = size >= 2 * huge
    guard let pointer = aligned_alloc(isLarge ? huge : 64, size) else {
      preconditionFailure("Tensor: the system has no \(size) bytes left")
    }
    // Advice only, for whole huge pages: a refusal changes nothing but the time.
    if isLarge { madvise(pointer, size / huge * huge, MADV_HUGEPAGE) }
    return pointer
  }

  static func release(_ pointer: UnsafeMutableRawPointer, index: Int, size: Int) {
    let address = UInt(bitPattern: pointer)
    let keeps = guarded.withLock { guarded -> Bool in
      guarded.state.statistics.used -= size
      guard guarded.state.statistics.cached + size <= guarded.state.limit else { return false }
      guard let pointer = UnsafeMutableRawPointer(bitPattern: address) else { return false }
      guarded.state.free[index].append(pointer)
      guarded.state.statistics.cached += size
      return true
    }
    if !keeps { free(pointer) }
  }
}
