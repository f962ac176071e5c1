import Statistics
import Tensors
import TestSupport
import Testing

@Suite("Fréchet distance")
struct FrechetDistanceTests {
  @Test(
    "equals the matrix square root of SciPy",
    arguments: Parity.cases("linear-diffusion-transformer", prefix: "frechet")
  )
  func parity(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let found = try FrechetDistance(file.doubleTensor("a"), file.doubleTensor("b"), space: "test")
    // The file keeps the distance in single precision.
    #expect(mismatch([found.value], try file.doubles("fd"), relative: 1e-7) == nil)
    #expect(found.counts == [60, 80] && found.space == "test")
  }

  @Test("a set is at no distance from itself, and at the square of a shift from its shifted self")
  func shifts() throws {
    var random = RandomStream(seed: 1)
    let a = random.normal([50, 4], of: Double.self)
    #expect(try FrechetDistance(a, a, space: "").value < 1e-10)
    let shifted = a + Tensor<Double>([3, 0, 4, 0])
    #expect(abs(try FrechetDistance(a, shifted, space: "").value - 25) < 1e-9)
    // For B = 4A the traces leave tr A.
    let wide = try FrechetDistance(a, a * 2, space: "").value
    let centred = a - a.mean(0)
    let expected = (centred * centred).sum().value / 49 + (a.mean(0) * a.mean(0)).sum().value
    #expect(abs(wide - expected) < 1e-9)
  }

  @Test("fewer samples than features give a finite distance")
  func singular() throws {
    var random = RandomStream(seed: 2)
    let (a, b) = (random.normal([3, 8], of: Double.self), random.normal([4, 8], of: Double.self))
    let (one, other) = (try FrechetDistance(a, b, space: ""), try FrechetDistance(b, a, space: ""))
    #expect(one.value.isFinite && one.value > 0)
    #expect(abs(one.value - other.value) < 1e-6 * one.value)
  }

  @Test("what cannot be measured is named")
  func refused() {
    let a = Tensor<Double>.zeros([3, 2])
    let wrong = #expect(throws: StatisticsError.self) { try FrechetDistance(a, .zeros([3, 4]), space: "") }
    #expect(wrong?.description == "FrechetDistance: b must have shape [samples ≥ 2, as many features], got [3, 4]")
    let few = #expect(throws: StatisticsError.self) { try FrechetDistance(.zeros([1, 2]), a, space: "") }
    #expect(few?.description == "FrechetDistance: a must have shape [samples ≥ 2, as many features], got [1, 2]")
    var broken = a
    broken[1, 1] = .nan
    let value = #expect(throws: StatisticsError.self) { try FrechetDistance(a, broken, space: "") }
    #expect(value?.description == "FrechetDistance: b[3] must be finite, got nan")
  }
}
