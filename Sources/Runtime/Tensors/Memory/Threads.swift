internal import CDNNL

/// The threads that tensor operations use.
public enum Threads {
  /// How many threads an operation may use; at first as many as there are processors, or OMP_NUM_THREADS.
  ///
  /// Applies to the calling thread's operations, and to linear algebra in double precision on all threads. Element-wise operations, reductions, norms and random numbers give the
  /// same bits with any count; matrix products and convolutions may differ in the last bits.
  public static var count: Int {
    get { Int(ofd_threads()) }
    set {
      precondition(newValue > 0, "Threads.count: must be at least 1, got \(newValue)")
      ofd_set_threads(Int32(newValue))
      setLibraryThreads(newValue)
    }
  }

  /// Whether the caller is one of several threads of a loop.
  static var isInLoop: Bool { ofd_in_parallel() != 0 }

  /// Calls `body` for 0..<chunks, on several threads where there is more than one chunk.
  package static func run(_ chunks: Int, _ body: (Int) -> Void) {
    if chunks < 2 || count < 2 {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var body = body
      withUnsafeMutablePointer(to: &body) { pointer in
        withSerialLibraries {
          ofd_parallel(chunks, { $0?.assumingMemoryBound(to: ((Int) -> Void).self).pointee($1) }, pointer)
        }
      }
    }
  }

  /// Cuts 0..<count into ranges of about equal cost, as many as threads, and runs them; one range where cost is small.
  ///
  /// `cost` is the work of one element, where 1 is about what an addition of memory-bound values takes.
  package static func split(_ count: Int, cost: Int = 1, _ body: (Range<Int>) -> Void) {
    let smallest = 1 << 15
    let parts = min(Self.count, max(1, count &* cost / smallest), max(1, count))
    guard parts > 1 else { return body(0..<count) }
    run(parts) { part in body(count * part / parts..<count * (part + 1) / parts) }
  }
}
