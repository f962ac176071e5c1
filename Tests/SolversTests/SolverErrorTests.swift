import Signals
import Solvers
import Testing

/// A call that must fail, and what it must say.
struct RefusedCall: Sendable, CustomTestStringConvertible {
  let message: String
  let call: @Sendable () throws -> Void
  var testDescription: String { message }

  init(_ message: String, _ call: @escaping @Sendable () throws -> Void) {
    self.message = message
    self.call = call
  }
}

@Suite("Errors of solvers")
struct SolverErrorTests {
  static let calls: [RefusedCall] = [
    RefusedCall("GoldsteinJ: a must be in 0…1e12, got -1.0") { _ = try GoldsteinJ(a: -1) },
    RefusedCall("GoldsteinJ: a must be in 0…1e12, got nan") { _ = try GoldsteinJ(a: .nan) },
    RefusedCall("GoldsteinJ: y must be not negative, got -2.0") { _ = try GoldsteinJ(a: 1)([1, -2]) },
    RefusedCall("Bessel.scaledI: order must be finite and not negative, got -1.0") {
      _ = try Bessel.scaledI(order: -1, 1)
    },
    RefusedCall("Bessel.scaledI: x must be finite and not negative, got -3.0") { _ = try Bessel.scaledI(order: 1, -3) },
    RefusedCall("IncompleteGamma.lower: a must be positive and finite, got 0.0") {
      _ = try IncompleteGamma.lower(0, 1)
    },
    RefusedCall("IncompleteGamma.upper: x must be not negative, got nan") { _ = try IncompleteGamma.upper(1, .nan) },
    RefusedCall("GaussKronrod.integrate: a limit must be finite, got inf") {
      _ = try GaussKronrod().integrate(from: 0, to: .infinity) { $0 }
    },
    RefusedCall("GaussKronrod.integrate: the function given is not finite at a point of 0.0…1.0") {
      _ = try GaussKronrod().integrate(from: 0, to: 1) { _ in .nan }
    },
    RefusedCall("Tridiagonal: the matrix is singular (zero pivot in row 1)") {
      _ = try Tridiagonal(lower: [0, 1], diagonal: [1, 1], upper: [1, 0])
    },
    RefusedCall("Tridiagonal: upper must have 2 values, got 1") {
      _ = try Tridiagonal(lower: [0, 1], diagonal: [1, 1], upper: [1])
    },
    RefusedCall("LeastSquares.solve: the matrix is singular (zero pivot in row 1)") {
      _ = try LeastSquares.solve(columns: [[1, 1, 1], [2, 2, 2]], [1, 2, 3])
    },
    RefusedCall("LevenbergMarquardt: residuals must have 2 values, got 1") {
      _ = try LevenbergMarquardt().minimize(from: [1, 2]) { _ in .init(residuals: [1], jacobian: [[1], [1]]) }
    },
    RefusedCall("LevenbergMarquardt: the function given is not finite at the starting point [1.0]") {
      _ = try LevenbergMarquardt().minimize(from: [1]) { _ in .init(residuals: [.nan], jacobian: [[1]]) }
    },
    RefusedCall("InverseLaplace.talbot: time must be positive and finite, got 0.0") {
      _ = try InverseLaplace.talbot(at: 0) { $0 }
    },
    RefusedCall("InverseLaplace.stehfest: terms must be even, 2…20, got 7.0") {
      _ = try InverseLaplace.stehfest(at: 1, terms: 7) { $0 }
    },
    RefusedCall("InverseLaplace.fourier: tolerance must be between 0 and 1, got 2.0") {
      _ = try InverseLaplace.fourier(span: 1, count: 8, tolerance: 2) { $0 }
    },
  ]

  @Test("bad input gets one clear error", arguments: calls)
  func refused(_ refused: RefusedCall) {
    let error = #expect(throws: SolverError.self) { try refused.call() }
    #expect(error?.description == refused.message)
  }

  @Test("an integral that does not settle says how far it came")
  func notConverged() {
    let error = #expect(throws: SolverError.self) {
      try GaussKronrod(maximumIntervals: 3).integrate(from: 0, to: 1) { 1e-9 / (1e-18 + ($0 - 0.4) * ($0 - 0.4)) }
    }
    guard case .notConverged(_, let steps, _, _) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(steps == 3)
  }

  @Test("Talbot's contour refuses an essential singularity that it passes too closely")
  func talbot() {
    let error = #expect(throws: SolverError.self) {
      try InverseLaplace.talbot(at: 200, nodes: 24) { Complex.exp(-400 * $0 / ($0 + 2)) / $0 }
    }
    guard case .unstableInversion(let method, let time, _) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(method == "Talbot's contour")
    #expect(time == 200)
  }
}
