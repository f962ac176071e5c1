import Glibc

/// Most bytes of memory that the process has had resident since it began.
public func peakResidentMemory() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}
