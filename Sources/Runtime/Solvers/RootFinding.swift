/// Where a function of one variable is zero.
public enum RootFinding {
  /// A zero between two points at which the function has opposite signs, by Brent's method.
  ///
  /// Inverse quadratic interpolation and secants, with bisection where they do not shrink the bracket fast enough.
  ///
  /// - Parameters:
  ///   - low: one end of the bracket.
  ///   - high: the other end.
  ///   - tolerance: how close to the zero the result is; never less than four units in the last place.
  ///   - function: continuous between the ends.
  /// - Returns: the zero.
  /// - Throws: `SolverError.outOfRange` where the signs are equal, `.notFinite`, and what the function throws.
  ///
  /// Source: R. Brent, "Algorithms for minimization without derivatives", 1973, chapter 4.
  public static func brent(
    from low: Double,
    to high: Double,
    tolerance: Double = 1e-14,
    _ function: (Double) throws -> Double
  ) throws -> Double {
    func value(_ x: Double) throws -> Double {
      let y = try function(x)
      guard y.isFinite else { throw SolverError.notFinite(function: "RootFinding.brent", at: "\(x)") }
      return y
    }
    var bracket = Bracket(a: low, fa: try value(low), b: high, fb: try value(high))
    if bracket.fa == 0 { return low }
    guard (bracket.fa > 0) != (bracket.fb > 0) || bracket.fb == 0 else {
      throw SolverError.outOfRange(
        function: "RootFinding.brent",
        argument: "the product of the function's values at both ends",
        expected: "negative",
        got: bracket.fa * bracket.fb
      )
    }
    while let next = bracket.next(tolerance) {
      bracket.take(next, try value(next))
    }
    return bracket.b
  }

  /// b is the best point, c lies across the zero from it, a is where b was before.
  private struct Bracket {
    var a, fa, b, fb, c, fc, step, before: Double

    init(a: Double, fa: Double, b: Double, fb: Double) {
      (self.a, self.fa, self.b, self.fb) = (a, fa, b, fb)
      (c, fc) = (a, fa)
      step = b - a
      before = step
    }

    /// The next point, or nil where the bracket is small enough.
    mutating func next(_ tolerance: Double) -> Double? {
      if abs(fc) < abs(fb) {
        (a, fa, b, fb) = (b, fb, c, fc)
        (c, fc) = (a, fa)
      }
      let smallest = 2 * Double.ulpOfOne * abs(b) + tolerance / 2
      let half = (c - b) / 2
      guard abs(half) > smallest, fb != 0 else { return nil }
      let trial = interpolated(half)
      if abs(before) >= smallest, abs(fa) > abs(fb), let trial,
        2 * abs(trial) < min(3 * abs(half) - smallest, abs(before))
      {
        (before, step) = (step, trial)
      } else {
        (before, step) = (half, half)
      }
      return b + (abs(step) > smallest ? step : half > 0 ? smallest : -smallest)
    }

    /// A step towards the half of the bracket that holds the zero, or nil where interpolation points elsewhere.
    private func interpolated(_ half: Double) -> Double? {
      let s = fb / fa
      var p: Double
      var q: Double
      if a == c {
        (p, q) = (2 * half * s, 1 - s)
      } else {
        let (u, v) = (fa / fc, fb / fc)
        p = s * (2 * half * u * (u - v) - (b - a) * (v - 1))
        q = (u - 1) * (v - 1) * (s - 1)
      }
      if p > 0 { q = -q } else { p = -p }
      let step = p / q
      return step.isFinite && step * half > 0 ? step : nil
    }

    mutating func take(_ point: Double, _ value: Double) {
      (a, fa, b, fb) = (b, fb, point, value)
      if (fb > 0) == (fc > 0) {
        (c, fc) = (a, fa)
        step = b - a
        before = step
      }
    }
  }
}
