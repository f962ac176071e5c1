import Solvers
import TestSupport
import Testing

@Suite("Special functions")
struct SpecialFunctionTests {
  @Test("Bessel functions satisfy I(ν-1) - I(ν+1) = 2ν/x I(ν)", arguments: [0.5, 1, 2, 3.7, 10, 25])
  func recurrence(order: Double) throws {
    for x in [0.01, 0.5, 3, 11, 19.9, 20.1, 45, 90, 400, 3000] where order >= 1 {
      let below = try Bessel.scaledI(order: order - 1, x)
      let here = try Bessel.scaledI(order: order, x)
      let above = try Bessel.scaledI(order: order + 1, x)
      // The difference cancels where x is large: the error is judged against its terms.
      #expect(abs(below - above - 2 * order / x * here) <= 5e-15 * (order + x) * below)
    }
  }

  @Test("half-integer order is elementary: I½(x) = √(2/πx) sinh x", arguments: [0.1, 1, 5, 19, 21, 40, 700])
  func halfOrder(x: Double) throws {
    let expected = (2 / (.pi * x)).squareRoot() * (1 - sameExponential(-2 * x)) / 2
    #expect(mismatch([try Bessel.scaledI(order: 0.5, x)], [expected], relative: 2e-13) == nil)
  }

  /// exp by its own power series with halving, so that the test does not lean on the library it checks.
  private func sameExponential(_ x: Double) -> Double {
    let small = x / 1024
    var term = 1.0
    var sum = 1.0
    for k in 1...12 {
      term *= small / Double(k)
      sum += term
    }
    return (0..<10).reduce(sum) { value, _ in value * value }
  }

  @Test("series and asymptotic form meet at 20")
  func join() {
    for step in [-1e-9, 1e-9] {
      let x = 20 + step
      // Derivative of exp(-x) I₀ is exp(-x)(I₁ - I₀): a straight line through 20 must fit on both sides.
      let slope = Bessel.scaledI1(20) - Bessel.scaledI0(20)
      #expect(abs(Bessel.scaledI0(x) - Bessel.scaledI0(20) - slope * step) <= 2e-16)
    }
    #expect(Bessel.scaledI1(-3) == -Bessel.scaledI1(3))
    #expect(Bessel.scaledI0(-3) == Bessel.scaledI0(3))
  }

  @Test("incomplete gamma: P + Q = 1, and whole shapes are Poisson sums")
  func incompleteGamma() throws {
    for a in [0.3, 1, 2.5, 7, 30, 200, 5000] {
      for x in [0.001, 0.5, 1, 6, 29, 180, 230, 4900, 5100] {
        let p = try IncompleteGamma.lower(a, x)
        let q = try IncompleteGamma.upper(a, x)
        #expect(abs(p + q - 1) <= 1e-14)
      }
    }
    #expect(mismatch([try IncompleteGamma.upper(3, 2.5)], [0.5438131158833297], relative: 1e-14) == nil)
    #expect(mismatch([try IncompleteGamma.lower(0.5, 2)], [0.9544997361036416], relative: 1e-14) == nil)
    #expect(try IncompleteGamma.lower(2, 0) == 0)
    #expect(try IncompleteGamma.upper(2, .infinity) == 0)
  }

  @Test("log-gamma and erfc of the C library are passed on")
  func passedOn() {
    #expect(mismatch([logGamma(10)], [12.801827480081469], relative: 1e-15) == nil)
    #expect(mismatch([erfc(1)], [0.15729920705028513], relative: 1e-14) == nil)
  }

  @Test("Goldstein's J: mixture, quadrature and incomplete gamma agree")
  func goldstein() throws {
    var random = SplitMix(seed: 5)
    for draw in 0..<200 {
      let a = 100 * random.uniform()
      let y = a * (0.5 + random.uniform())
      let mixture = try GoldsteinJ(a: a)(y)
      let quadrature = try GoldsteinJ.byQuadrature(a, y)
      #expect(abs(mixture - quadrature) <= 1e-12, "draw \(draw): a = \(a), y = \(y)")
    }
    // J(a, y) + J(y, a) = 1 + exp(-a-y) I₀(2√(ay)).
    for (a, y) in [(3.0, 5.0), (400, 380), (9000, 9100)] {
      let root = a.squareRoot() - y.squareRoot()
      let expected = 1 + sameExponential(-root * root / 1) * Bessel.scaledI0(2 * (a * y).squareRoot())
      #expect(abs(try GoldsteinJ(a: a)(y) + GoldsteinJ(a: y)(a) - expected) <= 3e-14)
    }
  }

  @Test("derivatives of J equal central differences", arguments: [(2.0, 3.0), (50, 45), (400, 420)])
  func derivatives(a: Double, y: Double) throws {
    let step = 1e-4 * a.squareRoot()
    let byY = try (GoldsteinJ(a: a)(y + step) - GoldsteinJ(a: a)(y - step)) / (2 * step)
    let byA = try (GoldsteinJ(a: a + step)(y) - GoldsteinJ(a: a - step)(y)) / (2 * step)
    #expect(abs(byY - GoldsteinJ.derivativeByY(a, y)) <= 1e-8)
    #expect(abs(byA - GoldsteinJ.derivativeByA(a, y)) <= 1e-8)
  }

  @Test("far from the front J is exactly 0 or 1, in any order of arguments")
  func saturation() throws {
    let step = try GoldsteinJ(a: 10_000)
    #expect(try step([0, 20_000, 1, 40_000, 5]) == [0, 1, 0, 1, 0])
    #expect(try GoldsteinJ(a: 0)([0, 1, 1e6]) == [1, 1, 1])
  }
}
