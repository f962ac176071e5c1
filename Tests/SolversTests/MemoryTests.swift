import Glibc
import Solvers
import Testing

@Suite("Memory of matrices")
struct MemoryTests {
  /// In a process of its own: what other tests keep and give back does not count.
  @Test("a matrix takes the memory of one that has gone, and no new pages")
  func reuse() async {
    await #expect(processExitsWith: .success) {
      func faults() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_minflt
      }
      // 3.9 MB, or 957 pages, twice.
      let square = Matrix<Double>(rows: 700, columns: 700) { Double($0 - $1) }
      func work() -> Double { (square.transposed + square)[3, 5] }
      precondition(work() == 0 && work() == 0)
      let before = faults()
      for _ in 0..<20 { precondition(work() == 0) }
      precondition(faults() - before < 957)
    }
  }
}
