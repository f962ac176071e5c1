import Solvers
import TestSupport
import Testing

@Suite("Roots, rules, lines and minima")
struct OptimizationTests {
  @Test("Brent's method finds zeros to rounding, with few evaluations")
  func roots() throws {
    var count = 0
    let root = try RootFinding.brent(from: 0, to: 1) { x in
      count += 1
      return cosine(x) - x
    }
    #expect(abs(root - 0.7390851332151607) <= 1e-15)
    #expect(count <= 10)
    #expect(try RootFinding.brent(from: -2, to: 0) { $0 } == 0)
    #expect(try RootFinding.brent(from: 0, to: 2) { $0 } == 0)
    // A function that secants alone would leave at once.
    #expect(abs(try RootFinding.brent(from: -1, to: 4) { $0 < 1 ? -1 : 1e6 } - 1) <= 1e-13)
    for seed in 0..<200 {
      var random = SplitMix(seed: UInt64(seed))
      let place = random.roughlyNormal()
      let steep = 1 + 9 * random.uniform()
      let root = try RootFinding.brent(from: place - 3 * random.uniform() - 0.1, to: place + 5) { x in
        let d = steep * (x - place)
        return d * d * d + d
      }
      #expect(abs(root - place) <= 1e-13, "seed \(seed)")
    }
  }

  private func cosine(_ x: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for k in 1...12 {
      term *= -x * x / Double((2 * k - 1) * 2 * k)
      sum += term
    }
    return sum
  }

  @Test("Gauss's rules have NumPy's nodes and integrate polynomials exactly")
  func rules() throws {
    let hermite = try GaussRule.hermite(5)
    #expect(
      mismatch(hermite.nodes, [-2.02018287, -0.95857246, 0, 0.95857246, 2.02018287], absolute: 1e-8) == nil
    )
    #expect(
      mismatch(hermite.weights, [0.01995324, 0.39361932, 0.94530872, 0.39361932, 0.01995324], absolute: 1e-8) == nil
    )
    #expect(
      mismatch(try GaussRule.legendre(4).nodes, [-0.86113631, -0.33998104, 0.33998104, 0.86113631], absolute: 1e-8)
        == nil
    )
    for count in [1, 2, 7, 40] {
      let legendre = try GaussRule.legendre(count)
      let degree = 2 * count - 2
      let power = legendre.integrate { x in (0..<degree).reduce(1.0) { product, _ in product * x } }
      #expect(abs(power - 2 / Double(degree + 1)) <= 1e-14 * Double(count))
    }
    let normal = try GaussRule.normal(12)
    // E z⁸ = 105.
    #expect(abs(normal.integrate { $0 * $0 * $0 * $0 * $0 * $0 * $0 * $0 } - 105) <= 1e-10)
  }

  @Test("a broken line meets its points and is level beyond them")
  func interpolation() throws {
    let line = try LinearInterpolation([0, 1, 3], [2, 4, 0])
    #expect([-1, 0, 0.5, 1, 2, 3, 9].map { line($0) } == [2, 2, 3, 4, 2, 0, 0])
    #expect(line(.nan).isNaN)
    #expect(try LinearInterpolation([5], [7])(0) == 7)
  }

  @Test("Rosenbrock's valley in 2 to 50 dimensions", arguments: [2, 10, 50])
  func rosenbrock(count: Int) throws {
    var evaluations = 0
    let start = (0..<count).map { $0 % 2 == 0 ? -1.2 : 1.0 }
    let solution = try LBFGS().minimize(from: start) { x in
      evaluations += 1
      var value = 0.0
      var gradient = [Double](repeating: 0, count: count)
      for i in 0..<count - 1 {
        let (a, b) = (1 - x[i], x[i + 1] - x[i] * x[i])
        value += a * a + 100 * b * b
        gradient[i] += -2 * a - 400 * x[i] * b
        gradient[i + 1] += 200 * b
      }
      return (value, gradient)
    }
    #expect(solution.isConverged)
    #expect(solution.value <= 1e-12)
    #expect(mismatch(solution.point, [Double](repeating: 1, count: count), absolute: 1e-6) == nil)
    // SciPy's L-BFGS-B needs 45 in two dimensions.
    #expect(evaluations <= 60 * (1 + count / 10))
  }

  @Test("200 random quadratics end at their minima, Wolfe's conditions or not")
  func quadratics() throws {
    for seed in 0..<UInt64(200) {
      var random = SplitMix(seed: seed)
      let n = Int.random(in: 1...12, using: &random)
      let a = randomDefinite(n, seed: seed)
      let place = randomMatrix(n, 1, seed: seed + 1).values
      let solution = try LBFGS().minimize(from: [Double](repeating: 0, count: n)) { x in
        let gap = zip(x, place).map { $0 - $1 }
        let slope = a * gap
        return (0.5 * zip(gap, slope).reduce(0) { $0 + $1.0 * $1.1 }, slope)
      }
      #expect(mismatch(solution.point, place, absolute: 1e-6) == nil, "seed \(seed)")
    }
  }

  @Test("least squares without negative entries satisfy the optimality conditions; SciPy's numbers")
  func nonNegative() throws {
    let a = Dense([[1, 2, -1], [3, 1, 0.5], [-2, 1, 1], [0.4, 1, 2]])
    let x = try a.nonNegativeLeastSquares([1, -1, 3, 2])
    #expect(mismatch(x, [0, 0.70481928, 0.71084337], absolute: 1e-8) == nil)
    for seed in 0..<UInt64(200) {
      var random = SplitMix(seed: seed)
      let (rows, columns) = (Int.random(in: 1...9, using: &random), Int.random(in: 1...9, using: &random))
      let a = randomMatrix(rows, columns, seed: seed)
      let b = randomMatrix(rows, 1, seed: seed + 7).values
      let x = try a.nonNegativeLeastSquares(b)
      let residual = zip(b, a * x).map { $0 - $1 }
      let slope = a.transposed * residual
      #expect(x.allSatisfy { $0 >= 0 }, "seed \(seed)")
      #expect(slope.allSatisfy { $0 <= 1e-8 }, "seed \(seed)")
      #expect(abs(zip(x, slope).reduce(0) { $0 + $1.0 * $1.1 }) <= 1e-7, "seed \(seed)")
    }
  }

  @Test("the incomplete beta function has SciPy's values")
  func beta() throws {
    let cases = [
      (0.5, 3.0, 0.01, 0.18625375), (2, 0.7, 0.9, 0.67477224), (30, 40, 0.4, 0.3181438), (500, 0.5, 0.999, 0.31731045),
      (1e6, 2e6, 0.33333, 0.49516837),
    ]
    for (a, b, x, expected) in cases {
      #expect(abs(try IncompleteBeta.regularized(a, b, x) - expected) <= 1e-8)
      #expect(abs(try IncompleteBeta.regularized(b, a, 1 - x) - (1 - expected)) <= 1e-8)
    }
  }

  static let refused: [RefusedCall] = [
    RefusedCall(
      "RootFinding.brent: the product of the function's values at both ends must be negative, got 2.0"
    ) { _ = try RootFinding.brent(from: 1, to: 2) { $0 } },
    RefusedCall("RootFinding.brent: the function given is not finite at 0.0") {
      _ = try RootFinding.brent(from: 0, to: 2) { 1 / $0 }
    },
    RefusedCall("GaussRule.hermite: count must be in 1…1000, got 0.0") { _ = try GaussRule.hermite(0) },
    RefusedCall("LinearInterpolation: y must have 2 values, got 1") { _ = try LinearInterpolation([1, 2], [1]) },
    RefusedCall("LinearInterpolation: x[1] must be finite and above x before it, got 1.0") {
      _ = try LinearInterpolation([1, 1], [1, 2])
    },
    RefusedCall("LBFGS.minimize: the gradient must have 2 values, got 1") {
      _ = try LBFGS().minimize(from: [0, 0]) { _ in (0, [1]) }
    },
    RefusedCall("LBFGS.minimize: the function given is not finite at the starting point") {
      _ = try LBFGS().minimize(from: [0]) { _ in (.nan, [1]) }
    },
    RefusedCall("Matrix.nonNegativeLeastSquares: right must have 1 values, got 2") {
      _ = try Dense([[1.0]]).nonNegativeLeastSquares([1, 2])
    },
    RefusedCall("IncompleteBeta.regularized: x must be in 0…1, got 1.5") {
      _ = try IncompleteBeta.regularized(1, 1, 1.5)
    },
  ]

  @Test("bad input gets one clear error", arguments: refused)
  func refusals(_ refused: RefusedCall) {
    let error = #expect(throws: SolverError.self) { try refused.call() }
    #expect(error?.description == refused.message)
  }
}
