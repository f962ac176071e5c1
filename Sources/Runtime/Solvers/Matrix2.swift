#if canImport(Glibc)
  internal import Glibc
#endif

/// A 2 × 2 matrix of doubles, for coupled pairs such as a mobile and a stationary phase.
public struct Matrix2: Sendable, Equatable {
  /// Entry of row 0, column 0.
  public var a: Double
  /// Entry of row 0, column 1.
  public var b: Double
  /// Entry of row 1, column 0.
  public var c: Double
  /// Entry of row 1, column 1.
  public var d: Double

  /// Makes the matrix with rows (a, b) and (c, d).
  public init(_ a: Double, _ b: Double, _ c: Double, _ d: Double) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  /// The matrix exponential, in closed form.
  ///
  /// With m half the trace and N = A - m, N² = δ: exp(A) = eᵐ (cosh √δ + N sinh √δ / √δ), and cosine and sine for δ < 0.
  /// Products eᵐ cosh are formed from exp(m ± √δ), so that stiff exchange neither overflows nor loses the slow part.
  public func exponential() -> Matrix2 {
    let mean = (a + d) / 2
    let half = (a - d) / 2
    let delta = half * half + b * c
    let root = abs(delta).squareRoot()
    let even: Double
    let odd: Double
    if delta < 0 {
      even = exp(mean) * cos(root)
      odd = exp(mean) * sin(root) / root
    } else if root < 0.5 {
      even = exp(mean) * cosh(root)
      odd = exp(mean) * (root < 1e-8 ? 1 : sinh(root) / root)
    } else {
      let fast = exp(mean - root)
      let slow = exp(mean + root)
      even = (slow + fast) / 2
      odd = (slow - fast) / (2 * root)
    }
    return Matrix2(even + half * odd, b * odd, c * odd, even - half * odd)
  }

  /// Product of two matrices.
  public static func * (x: Matrix2, y: Matrix2) -> Matrix2 {
    Matrix2(x.a * y.a + x.b * y.c, x.a * y.b + x.b * y.d, x.c * y.a + x.d * y.c, x.c * y.b + x.d * y.d)
  }
}
