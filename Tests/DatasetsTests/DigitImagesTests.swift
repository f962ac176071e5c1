import Datasets
import TestSupport
import Testing

@Suite("Pictures of digits")
struct DigitImagesTests {
  @Test("a line of the table is 64 grey values and a digit")
  func reading() throws {
    let line = (0..<64).map { "\($0 % 17)" }.joined(separator: ",")
    let images = try DigitImages(csv: Array("\(line),7\n\(line),0\n".utf8))
    #expect(images.labels == [7, 0])
    #expect(images.pixels.count == 128)
    #expect(Array(images.pixels[..<3]) == [0, 1.0 / 16, 2.0 / 16])
  }

  @Test(
    "a broken line is named",
    arguments: ["1,2,3", "\([String](repeating: "17", count: 65).joined(separator: ","))"]
  )
  func broken(_ line: String) {
    let good = [String](repeating: "1", count: 65).joined(separator: ",")
    let error = #expect(throws: DatasetError.self) { try DigitImages(csv: Array("\(good)\n\(line)\n".utf8)) }
    #expect(error?.description == "table of digits, line 2: expected 64 whole numbers in 0…16 and a digit")
  }

  @Test("drawn digits are those of their seed, and a nearest-mean rule tells most of them apart")
  func drawn() {
    var (first, again) = (SplitMix(seed: 3), SplitMix(seed: 3))
    let images = DigitImages.drawn(600, using: &first)
    #expect(images == DigitImages.drawn(600, using: &again))
    #expect(images.pixels.allSatisfy { (0...1).contains($0) })
    var means = [[Double]](repeating: [Double](repeating: 0, count: 64), count: 10)
    for index in 0..<300 {
      for place in 0..<64 { means[images.labels[index]][place] += images.pixels[index * 64 + place] / 30 }
    }
    let right = (300..<600).count { index in
      let distances = means.map { mean in
        mean.indices.reduce(0) { sum, place in
          let step = mean[place] - images.pixels[index * 64 + place]
          return sum + step * step
        }
      }
      return distances.firstIndex(of: distances.min() ?? 0) == images.labels[index]
    }
    // Far above the 30 of chance, and not all: the shapes vary.
    #expect((180..<300).contains(right))
  }
}
