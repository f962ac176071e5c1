internal import CDNNL
internal import COpenBLAS
internal import Synchronization

/// OpenBLAS has one number of threads for the whole process; this is who wants it to be 1.
private struct SerialRegions {
  var depth = 0
  var before: Int32 = 1
}

private let serialRegions = Mutex(SerialRegions())

extension Threads {
  static func setLibraryThreads(_ count: Int) {
    serialRegions.withLock { regions in
      if regions.depth == 0 { openblas_set_num_threads(Int32(count)) } else { regions.before = Int32(count) }
    }
  }

  /// Runs a body while OpenBLAS uses the calling thread only: its own threads would fight with ours for the processors.
  static func withSerialLibraries<Result>(_ body: () throws -> Result) rethrows -> Result {
    serialRegions.withLock { regions in
      if regions.depth == 0 {
        regions.before = openblas_get_num_threads()
        openblas_set_num_threads(1)
      }
      regions.depth += 1
    }
    defer {
      serialRegions.withLock { regions in
        regions.depth -= 1
        if regions.depth == 0 { openblas_set_num_threads(regions.before) }
      }
    }
    return try body()
  }

  /// Results of tasks 0..<tasks that have nothing to do with each other, each computed on one thread throughout.
  ///
  /// Threads take the next task as they become free. What a task computes does not depend on how many threads there are:
  /// operations inside it use one thread, with one worker too.
  ///
  /// - Throws: what the first task in order that failed throws.
  package static func independently<Result: Sendable, Failure: Error>(
    _ tasks: Int,
    threads: Int? = nil,
    _ body: @Sendable (Int) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    let workers = max(1, min(threads ?? count, tasks))
    let outcomes = withSerialLibraries {
      withoutActuallyEscaping(body) { body in TaskQueue(tasks, body).drained(by: workers) }
    }
    var results: [Result] = []
    results.reserveCapacity(tasks)
    for outcome in outcomes { results.append(try outcome.get()) }
    return results
  }
}

/// Tasks that several threads take from, and what became of them.
private final class TaskQueue<Result: Sendable, Failure: Error>: Sendable {
  private typealias Outcome = Swift.Result<Result, Failure>
  private struct State {
    var next = 0
    var hasFailed = false
    var outcomes: [Outcome?]
  }

  private let state: Mutex<State>
  private let body: @Sendable (Int) throws(Failure) -> Result

  init(_ tasks: Int, _ body: @escaping @Sendable (Int) throws(Failure) -> Result) {
    state = Mutex(State(outcomes: Array(repeating: nil, count: tasks)))
    self.body = body
  }

  /// Does all tasks, on this thread and others, and gives what became of them up to the first failure.
  func drained(by workers: Int) -> [Swift.Result<Result, Failure>] {
    var work = drain
    withUnsafeMutablePointer(to: &work) { pointer in
      ofd_workers(workers, { $0?.assumingMemoryBound(to: (() -> Void).self).pointee() }, pointer)
    }
    return state.withLock { $0.outcomes.compactMap { $0 } }
  }

  private func drain() {
    while let task = next() {
      let outcome = Outcome { () throws(Failure) in try body(task) }
      state.withLock { state in
        state.outcomes[task] = outcome
        if case .failure = outcome { state.hasFailed = true }
      }
    }
  }

  /// The next task; none after a failure, since all before it are taken already.
  private func next() -> Int? {
    state.withLock { state in
      guard state.next < state.outcomes.count, !state.hasFailed else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }
}
