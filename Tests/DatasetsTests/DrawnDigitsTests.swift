import Datasets
import TestSupport
import Testing

@Suite("Drawn digits")
struct DrawnDigitsTests {
  private static func digits(_ count: Int, seed: UInt64 = 1) -> DrawnDigits {
    var random = SplitMix(seed: seed)
    return DrawnDigits(count, using: &random)
  }

  @Test("classes come in turn, pixels are counts of ink, and equal seeds draw equal digits")
  func form() {
    let digits = Self.digits(25)
    #expect(digits.labels == (0..<25).map { $0 % 10 })
    #expect(digits.pixels.count == 25 * 64)
    #expect(digits.pixels.allSatisfy { (0...16).contains($0) && $0 == $0.rounded() })
    #expect(Self.digits(25) == digits)
    #expect(Self.digits(25, seed: 2) != digits)
  }

  @Test("a digit is more like the mean of its own class than like that of any other")
  func nearestMean() {
    let digits = Self.digits(1000)
    func picture(_ index: Int) -> [Double] { Array(digits.pixels[64 * index..<64 * (index + 1)]) }
    var means = [[Double]](repeating: .init(repeating: 0, count: 64), count: 10)
    for index in 0..<500 { means[index % 10] = zip(means[index % 10], picture(index)).map { $0 + $1 / 50 } }
    let right = (500..<1000).count { index in
      let distances = means.map { mean in zip(mean, picture(index)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
      return distances.indices.min { distances[$0] < distances[$1] } == index % 10
    }
    // Distinct, and yet not so uniform that a mean would tell them all.
    #expect((350..<495).contains(right))
  }
}
