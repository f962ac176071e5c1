#if canImport(Glibc)
  internal import Glibc
#endif

/// The processors that this process may use.
enum Processors {
  /// Their number, at least 1.
  static let count = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)
}
