public import Tensors

/// Runs of one experiment that differ only in their random numbers, on all processors.
///
/// Each run has a stream of its own and computes on one thread, values go in and come out, so the results are the same to the
/// last bit with any number of threads.
///
/// ```swift
/// let errors = Seeds(20, seed: 7).run { index, random in experiment(&random) }
/// let summary = Summary(errors)
/// ```
public struct Seeds: Sendable, Equatable {
  /// Number of runs.
  public let count: Int
  /// Where the streams of all runs come from.
  public let random: RandomStream

  /// Plans runs.
  ///
  /// - Parameters:
  ///   - count: number of runs, not negative.
  ///   - seed: equal seeds give equal runs.
  public init(_ count: Int, seed: UInt64) { self.init(count, random: RandomStream(seed: seed)) }

  /// Plans runs whose streams come from a given one.
  public init(_ count: Int, random: RandomStream) {
    precondition(count >= 0, "Seeds: the number of runs must not be negative, got \(count)")
    (self.count, self.random) = (count, random)
  }

  /// Does all runs.
  ///
  /// - Parameters:
  ///   - threads: how many run at a time; as many as `Threads.count` says when nil.
  ///   - body: one run, from its number and its own stream.
  /// - Returns: what the runs return, in their order.
  /// - Throws: what the first run in order that failed throws.
  public func run<Result: Sendable, Failure: Error>(
    threads: Int? = nil,
    _ body: @Sendable (_ index: Int, _ random: inout RandomStream) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    let source = random
    return try Threads.independently(count, threads: threads) { (index) throws(Failure) in
      var stream = source.stream(UInt64(index))
      return try body(index, &stream)
    }
  }

  /// Does all runs under several conditions; run i has the same stream under each, so that differences are paired.
  ///
  /// - Parameters:
  ///   - conditions: such as methods to compare, or values of a parameter.
  ///   - threads: how many run at a time; as many as `Threads.count` says when nil.
  ///   - body: one run, from the condition, its number and its own stream.
  /// - Returns: what the runs return, for each condition in their order.
  /// - Throws: what the first run in order that failed throws.
  public func run<Condition: Sendable, Result: Sendable, Failure: Error>(
    over conditions: [Condition],
    threads: Int? = nil,
    _ body: @Sendable (_ condition: Condition, _ index: Int, _ random: inout RandomStream) throws(Failure) -> Result
  ) throws(Failure) -> [[Result]] {
    let runs = count
    let source = random
    let results = try Threads.independently(conditions.count * runs, threads: threads) { (task) throws(Failure) in
      var stream = source.stream(UInt64(task % runs))
      return try body(conditions[task / runs], task % runs, &stream)
    }
    return conditions.indices.map { Array(results[$0 * runs..<($0 + 1) * runs]) }
  }
}
