import Glibc

/// Seconds of a clock that only goes forward.
func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
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

/// Largest memory that the process has had, in bytes.
func peakMemory() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}
