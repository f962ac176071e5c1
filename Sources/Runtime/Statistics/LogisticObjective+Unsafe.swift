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
          withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.block * (rows + 2)) { scores in
            guard let x = x.baseAddress, let w = w.baseAddress, let g = g.baseAddress, let scores = scores.baseAddress
            else { return }
            for first in stride(from: 0, to: data.count, by: Self.block) {
              let samples = first..<min(first + Self.block, data.count)
              ocr_scores_f64(x + first * n, w, scores, samples.count, rows, n)
              value += losses(samples, scores, biases: w + whole, slopes: g + whole)
              ocr_add_gradient_f64(x + first * n, scores, g, samples.count, rows, n)
            }
          }
        }
      }
    }
    return (value, gradient)
  }

  /// Samples a block: of up to 256 features they fit in the nearest cache.
  private static let block = 16

  /// Loss of some samples; scores, given without biases, become the derivatives by them and are added to those by the biases.
  private func losses(
    _ samples: Range<Int>,
    _ scores: UnsafeMutablePointer<Double>,
    biases: UnsafePointer<Double>,
    slopes: UnsafeMutablePointer<Double>
  ) -> Double {
    if rows > 1 {
      return data.labels.withUnsafeBufferPointer { labels in
        let labels = labels.baseAddress.map { $0 + samples.lowerBound }
        let scratch = scores + samples.count * rows
        return ocr_softmax_f64(scores, biases, labels, classWeights, samples.count, rows, scratch, slopes)
      }
    }
    var loss = 0.0
    for (index, sample) in samples.enumerated() {
      scores[index] += biases[0]
      loss += binary(&scores[index], data.labels[sample])
      slopes[0] += scores[index]
    }
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
}
