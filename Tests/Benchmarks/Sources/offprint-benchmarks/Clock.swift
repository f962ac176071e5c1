import Glibc

/// What time is counted by: with one thread the processor's, which other programs on the machine do not lengthen.
struct Stopwatch {
  let clock: clockid_t

  init(threads: Int) { clock = threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC }

  /// Seconds of the clock.
  func seconds() -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Median time of one call, in seconds, over calls that fill about the given time.
  func median(budget: Double, _ body: () -> Void) -> Double {
    body()
    body()
    let start = seconds()
    body()
    let once = max(seconds() - start, 1e-7)
    // Short calls are timed in bunches, so that the clock's own cost does not count.
    let bunch = max(1, Int(2e-4 / once))
    var times: [Double] = []
    let end = seconds() + budget
    repeat {
      let start = seconds()
      for _ in 0..<bunch { body() }
      times.append((seconds() - start) / Double(bunch))
    } while seconds() < end || times.count < 5
    times.sort()
    return times[times.count / 2]
  }
}

/// Largest memory that the process has had, in bytes.
func peakMemory() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}
