import Signals
import Solvers
import TestSupport
import Testing

@Suite("Quadrature, inversion, linear systems")
struct NumericalMethodTests {
  @Test("Gauss-Kronrod is exact for polynomials of degree 31")
  func polynomials() throws {
    for degree in [0, 1, 2, 10, 19, 20, 31] {
      let power = { (x: Double) in (0..<degree).reduce(1.0) { value, _ in value * x } }
      let estimate = try GaussKronrod().integrate(from: -0.5, to: 2, power)
      let expected = (power(2) * 2 - power(-0.5) * -0.5) / Double(degree + 1)
      #expect(mismatch([estimate.value], [expected], relative: 1e-14) == nil)
      // Up to degree 19 the Gauss rule is exact too, so the first estimate of the error is already rounding.
      #expect(degree > 19 || estimate.evaluations == 21)
    }
  }

  @Test("refinement finds kinks and narrow peaks")
  func adaptive() throws {
    let kink = try GaussKronrod().integrate(from: 0, to: 1) { abs($0 - 0.3) }
    #expect(abs(kink.value - 0.29) <= 1e-13)
    let peak = try GaussKronrod().integrate(from: 0, to: 1) { 1e-3 / (1e-6 + ($0 - 0.4) * ($0 - 0.4)) }
    #expect(abs(peak.value - 3.137425993674648) <= 1e-12)
    let root = try GaussKronrod().integrate(from: 0, to: 1) { $0.squareRoot() }
    #expect(abs(root.value - 2.0 / 3) <= 1e-12)
    let back = try GaussKronrod().integrate(from: 1, to: 0) { $0 }
    #expect(abs(back.value + 0.5) <= 1e-15)
    #expect(try GaussKronrod().integrate(from: 1, to: 1) { $0 }.value == 0)
  }

  @Test("all inversions of a smooth transform agree with its original")
  func inversions() throws {
    // F = 1/(s+1)², f = t exp(-t).
    let transform: @Sendable (Complex<Double>) -> Complex<Double> = { 1 / (($0 + 1) * ($0 + 1)) }
    let times = [0.2, 1, 2.5, 6]
    let expected = times.map { $0 * Complex.exp(Complex(-$0)).real }
    #expect(mismatch(try times.map { try InverseLaplace.talbot(at: $0, transform) }, expected, absolute: 1e-9) == nil)
    let real = try times.map { try InverseLaplace.stehfest(at: $0) { transform(Complex($0)).real } }
    // Fourteen terms of Stehfest's rule give three digits, no more.
    #expect(mismatch(real, expected, absolute: 1e-3) == nil)
    let deHoog = try times.map { try InverseLaplace.deHoog(at: [$0], transform)[0] }
    #expect(mismatch(deHoog, expected, absolute: 1e-8) == nil)
    let curve = try InverseLaplace.fourier(span: 40, count: 4000, transform)
    // f' jumps at 0, so the series converges like 1/n².
    #expect(mismatch([20, 100, 250, 600].map { curve[$0] }, expected, absolute: 2e-4) == nil)
  }

  @Test("a tridiagonal system returns what it was made from", arguments: [1, 2, 3, 50])
  func tridiagonal(count: Int) throws {
    var random = SplitMix(seed: UInt64(count))
    let lower = (0..<count).map { _ in random.uniform() - 0.5 }
    let upper = (0..<count).map { _ in random.uniform() - 0.5 }
    let diagonal = (0..<count).map { _ in 1.5 + random.uniform() }
    let x = (0..<count).map { _ in random.uniform() }
    var right = (0..<count).map { row in
      diagonal[row] * x[row] + (row > 0 ? lower[row] * x[row - 1] : 0) + (row + 1 < count ? upper[row] * x[row + 1] : 0)
    }
    try Tridiagonal(lower: lower, diagonal: diagonal, upper: upper).solve(&right)
    #expect(mismatch(right, x, absolute: 1e-14) == nil)
  }

  @Test(
    "the matrix exponential squares to that of twice the matrix",
    arguments: [
      Matrix2(-4, 2, 4, -2), Matrix2(0, 1, -1, 0), Matrix2(1, 1, 0, 1), Matrix2(0, 0, 0, 0), Matrix2(-300, 1, 200, -2),
    ]
  )
  func exponential(matrix: Matrix2) {
    let half = Matrix2(matrix.a / 2, matrix.b / 2, matrix.c / 2, matrix.d / 2).exponential()
    let whole = matrix.exponential()
    let square = half * half
    let tolerance = 1e-13
    for (x, y) in [(whole.a, square.a), (whole.b, square.b), (whole.c, square.c), (whole.d, square.d)] {
      #expect(abs(x - y) <= tolerance * max(1, abs(y)))
    }
  }

  @Test("a rotation's exponential is a rotation by that angle")
  func rotation() {
    let turn = Matrix2(0, -.pi / 2, .pi / 2, 0).exponential()
    for (x, y) in [(turn.a, 0.0), (turn.b, -1), (turn.c, 1), (turn.d, 0)] { #expect(abs(x - y) <= 1e-15) }
  }

  @Test("least squares finds a line, and Levenberg-Marquardt Rosenbrock's valley floor")
  func leastSquares() throws {
    let x = (0..<9).map(Double.init)
    let line = try LeastSquares.solve(columns: [x.map { _ in 1 }, x], x.map { 2 + 3 * $0 })
    #expect(mismatch(line, [2, 3], absolute: 1e-13) == nil)
    let solution = try LevenbergMarquardt().minimize(from: [-1.2, 1]) { p in
      .init(residuals: [10 * (p[1] - p[0] * p[0]), 1 - p[0]], jacobian: [[-20 * p[0], -1], [10, 0]])
    }
    #expect(mismatch(solution.parameters, [1, 1], absolute: 1e-9) == nil)
    #expect(solution.sumOfSquares <= 1e-18)
  }

  @Test("a fit of a decay with noise reaches the stationary point")
  func decay() throws {
    var random = SplitMix(seed: 9)
    let times = (0..<40).map { 0.1 * Double($0) }
    let data = times.map { 3 * Complex.exp(Complex(-1.7 * $0)).real + 0.01 * random.roughlyNormal() }
    func model(_ p: [Double]) -> LevenbergMarquardt.Model {
      let shapes = times.map { Complex.exp(Complex(-p[1] * $0)).real }
      return .init(
        residuals: zip(shapes, data).map { p[0] * $0 - $1 },
        jacobian: [shapes, zip(shapes, times).map { -p[0] * $0 * $1 }]
      )
    }
    let solution = try LevenbergMarquardt().minimize(from: [1, 1]) { model($0) }
    let end = model(solution.parameters)
    for column in end.jacobian {
      #expect(abs(zip(column, end.residuals).reduce(0) { $0 + $1.0 * $1.1 }) <= 1e-7)
    }
    #expect(mismatch(solution.parameters, [3, 1.7], relative: 0.02) == nil)
  }
}
