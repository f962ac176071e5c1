internal import CRegression
internal import Glibc
internal import Tensors

/// The function that logistic regression minimises, of the weights row by row and then the biases.
///
/// One pass over the samples gives value and gradient: while a few samples are in the nearest cache their scores, the slopes by
/// them and their share of the gradient are computed. Products of so few rows would cost a library more to prepare than to do.
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
    data.features.withUnsafeValues { x in
      point.withUnsafeBufferPointer { w in
        gradient.withUnsafeMutableBufferPointer { g in
          withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.block * rows) { scores in
            guard let x = x.baseAddress, let w = w.baseAddress, let g = g.baseAddress, let scores = scores.baseAddress
            else { return }
            for first in stride(from: 0, to: data.count, by: Self.block) {
              let count = min(Self.block, data.count - first)
              ocr_scores_f64(x + first * n, w, scores, count, rows, n)
              for index in 0..<count {
                value += loss(scores + index * rows, biases: w + whole, data.labels[first + index], slopes: g + whole)
              }
              ocr_add_gradient_f64(x + first * n, scores, g, count, rows, n)
            }
          }
        }
      }
    }
    return (value, gradient)
  }

  /// Samples a block: of up to 256 features they fit in the nearest cache.
  private static let block = 16

  /// Loss of one sample; its scores, still without biases, become the derivatives by them, which are added to the biases' slopes.
  private func loss(
    _ scores: UnsafeMutablePointer<Double>,
    biases: UnsafePointer<Double>,
    _ label: Int,
    slopes: UnsafeMutablePointer<Double>
  ) -> Double {
    for k in 0..<rows { scores[k] += biases[k] }
    let loss = rows == 1 ? binary(&scores[0], label) : softmax(scores, label)
    for k in 0..<rows { slopes[k] += scores[k] }
    return loss
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
  private func softmax(_ scores: UnsafeMutablePointer<Double>, _ label: Int) -> Double {
    let weight = classWeights[label]
    let own = scores[label]
    var largest = scores[0]
    for k in 1..<rows { largest = max(largest, scores[k]) }
    var total = 0.0
    for k in 0..<rows {
      scores[k] = exp(scores[k] - largest)
      total += scores[k]
    }
    for k in 0..<rows { scores[k] *= weight / total }
    scores[label] -= weight
    return weight * (log(total) + largest - own)
  }
}
