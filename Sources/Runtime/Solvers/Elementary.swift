#if canImport(Glibc)
  internal import Glibc
#endif

/// C's functions under names that no method hides.
enum Elementary {
  static func log(_ x: Double) -> Double { Glibc.log(x) }
  static func log1p(_ x: Double) -> Double { Glibc.log1p(x) }
  static func exp(_ x: Double) -> Double { Glibc.exp(x) }
}
