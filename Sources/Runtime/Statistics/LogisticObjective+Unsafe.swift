internal import Glibc
internal import Tensors

/// The function that logistic regression minimises, of the weights row by row and then the biases.
///
/// One pass over the samples gives value and gradient: while a sample is in the nearest cache its scores, their slopes and its
/// share of the gradient are computed. Products of so few rows would cost a library more to prepare than to do.
struct LogisticObjective {
  /// Rows of weights: 1 in the binary form, else the number of classes.
  let rows: Int
  private let data: LabelledData
  private let classWeights: [Double]

  init(_ data: LabelledData, rows: Int, dataWeight: Double, isBalanced: Bool) {
    (self.data, self.rows) = (data, rows)
    classWeights = data.classCounts.map { count in
      isBalanced ? dataWeight * Double(data.count) / Double(data.classes * count) : dataWeight
    }
  }

  func classifier(_ point: [Double]) -> LinearClassifier {
    let whole = rows * data.featureCount
    let weights = Tensor(Array(point[..<whole]), shape: [rows, data.featureCount])
    let biases = Tensor(Array(point[whole...]))
    guard rows == 1 else { return LinearClassifier(weights: weights, biases: biases) }
    return LinearClassifier(
      weights: .concatenated([.zeros([1, data.featureCount]), weights]),
      biases: .concatenated([.zeros([1]), biases])
    )
  }

  func valueAndGradient(_ point: [Double]) -> (value: Double, gradient: [Double]) {
    let (n, whole) = (data.featureCount, rows * data.featureCount)
    var gradient = point
    for place in whole..<point.count { gradient[place] = 0 }
    var value = 0.0
    for place in 0..<whole { value += 0.5 * point[place] * point[place] }
    // Scores of one sample, which become the derivatives by them.
    var slopes = [Double](repeating: 0, count: rows)
    data.features.withUnsafeValues { x in
      point.withUnsafeBufferPointer { w in
        gradient.withUnsafeMutableBufferPointer { g in
          guard let from = x.baseAddress, let weights = w.baseAddress, let to = g.baseAddress else { return }
          for (index, label) in data.labels.enumerated() {
            let sample = from + index * n
            for k in 0..<rows { slopes[k] = Self.dot(weights + k * n, sample, n) + weights[whole + k] }
            value += rows == 1 ? binary(&slopes[0], label) : softmax(&slopes, label)
            for k in 0..<rows {
              Self.add(sample, times: slopes[k], to: to + k * n, n)
              to[whole + k] += slopes[k]
            }
          }
        }
      }
    }
    return (value, gradient)
  }

  /// Loss of one sample; its score becomes the derivative.
  private func binary(_ score: inout Double, _ label: Int) -> Double {
    let weight = classWeights[label]
    let sign = label == 1 ? 1.0 : -1.0
    let margin = sign * score
    let small = exp(-abs(margin))
    score = -weight * sign * (margin > 0 ? small : 1) / (1 + small)
    return weight * (max(-margin, 0) + log1p(small))
  }

  /// Loss of one sample; its scores become the derivatives.
  private func softmax(_ scores: inout [Double], _ label: Int) -> Double {
    let weight = classWeights[label]
    let own = scores[label]
    var largest = scores[0]
    for score in scores { largest = max(largest, score) }
    var total = 0.0
    for k in scores.indices {
      scores[k] = exp(scores[k] - largest)
      total += scores[k]
    }
    for k in scores.indices { scores[k] *= weight / total }
    scores[label] -= weight
    return weight * (log(total) + largest - own)
  }

  private typealias Lanes = SIMD8<Double>
  private static let laneBytes = 8 * MemoryLayout<Double>.stride

  private static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ n: Int) -> Double {
    let (x, y) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
    var sums = Lanes.zero
    for block in 0..<n / 8 {
      let place = block * laneBytes
      sums +=
        x.loadUnaligned(fromByteOffset: place, as: Lanes.self)
        * y.loadUnaligned(fromByteOffset: place, as: Lanes.self)
    }
    var sum = sums.sum()
    for place in n / 8 * 8..<n { sum += a[place] * b[place] }
    return sum
  }

  /// Adds a multiple of x to y.
  private static func add(
    _ x: UnsafePointer<Double>,
    times factor: Double,
    to y: UnsafeMutablePointer<Double>,
    _ n: Int
  ) {
    let (from, to) = (UnsafeRawPointer(x), UnsafeMutableRawPointer(y))
    for block in 0..<n / 8 {
      let place = block * laneBytes
      let sum =
        to.loadUnaligned(fromByteOffset: place, as: Lanes.self)
        + factor * from.loadUnaligned(fromByteOffset: place, as: Lanes.self)
      to.storeBytes(of: sum, toByteOffset: place, as: Lanes.self)
    }
    for place in n / 8 * 8..<n { y[place] += factor * x[place] }
  }
}
