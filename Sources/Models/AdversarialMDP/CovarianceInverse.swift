internal import Solvers

/// Estimates of (γ I + Σ)⁻¹ from samples of the features that a policy meets.
public enum CovarianceInverse {
  /// The inverse of the regularised mean, (γ I + 1/n Σ φφᵀ)⁻¹.
  ///
  /// - Parameters:
  ///   - samples: feature vectors one after the other, `[n, dimension]`.
  ///   - dimension: length d of a vector.
  ///   - regularization: γ.
  /// - Returns: `[d, d]`, row after row.
  /// - Throws: `MDPError.singularCovariance` where there is no inverse, `.wrongCount` for a broken vector.
  public static func direct(
    _ samples: [Double],
    dimension: Int,
    regularization: Double
  ) throws(MDPError) -> [Double] {
    let count = try checkedCount(samples, dimension)
    var matrix = [Double](repeating: 0, count: dimension * dimension)
    for sample in 0..<count {
      for i in 0..<dimension {
        for j in 0..<dimension {
          matrix[i * dimension + j] += samples[sample * dimension + i] * samples[sample * dimension + j] / Double(count)
        }
      }
    }
    for i in 0..<dimension { matrix[i * dimension + i] += regularization }
    guard SmallMatrix.invert(&matrix, 0, dimension) else {
      throw .singularCovariance(layer: 0, regularization: regularization)
    }
    return matrix
  }

  /// Matrix geometric resampling: (γ I + Σ)⁻¹ as the mean of truncated Neumann series, each from samples of its own.
  ///
  /// Z₀ = I, Zₙ = Zₙ₋₁ (I - c (γ I + φₙ φₙᵀ)), T = c Σ_{n=0…N} Zₙ with c = ½; the mean of T over the series.
  ///
  /// Source: Neu and Olkhovskaya, "Efficient and robust algorithms for adversarial linear contextual bandits", 2020, as Luo, Wei and Lee use
  /// it, 2021.
  ///
  /// - Parameters:
  ///   - samples: feature vectors, `[series, length, dimension]`.
  ///   - series: number of series M.
  ///   - dimension: length d of a vector.
  ///   - regularization: γ.
  /// - Returns: `[d, d]`, row after row.
  /// - Throws: `MDPError.wrongCount`.
  public static func geometricResampling(
    _ samples: [Double],
    series: Int,
    dimension: Int,
    regularization: Double
  ) throws(MDPError) -> [Double] {
    let count = try checkedCount(samples, dimension)
    guard series >= 1, count % series == 0 else {
      throw .wrongCount(what: "samples of \(series) series", expected: series, got: count)
    }
    let (d, length, c) = (dimension, count / series, 0.5)
    var total = [Double](repeating: 0, count: d * d)
    for chain in 0..<series {
      var z = SmallMatrix.identity(d)
      for place in z.indices { total[place] += c * z[place] }
      for step in 0..<length {
        let first = (chain * length + step) * d
        for row in 0..<d {
          var along = 0.0
          for i in 0..<d { along += z[row * d + i] * samples[first + i] }
          for i in 0..<d {
            z[row * d + i] -= c * (regularization * z[row * d + i] + along * samples[first + i])
            total[row * d + i] += c * z[row * d + i]
          }
        }
      }
    }
    return total.map { $0 / Double(series) }
  }

  /// The largest factor by which the difference of two symmetric matrices stretches a vector.
  ///
  /// - Throws: `SolverError` where an entry is not finite.
  public static func spectralDistance(_ a: [Double], _ b: [Double], dimension: Int) throws -> Double {
    let difference = (0..<dimension * dimension).map { place in
      // Both are symmetric up to sampling; the symmetric part is what a quadratic form sees.
      let turned = place % dimension * dimension + place / dimension
      return (a[place] + a[turned] - b[place] - b[turned]) / 2
    }
    let values = try SymmetricEigen(Matrix(difference, rows: dimension, columns: dimension)).values
    return values.reduce(0) { max($0, abs($1)) }
  }

  private static func checkedCount(_ samples: [Double], _ dimension: Int) throws(MDPError) -> Int {
    guard dimension >= 1, !samples.isEmpty, samples.count % dimension == 0 else {
      throw .wrongCount(what: "samples of \(dimension) features", expected: dimension, got: samples.count)
    }
    return samples.count / dimension
  }
}

/// Matrices so small that a call of a library would cost more than the work.
enum SmallMatrix {
  static func identity(_ size: Int) -> [Double] { (0..<size * size).map { $0 % (size + 1) == 0 ? 1 : 0 } }

  /// Replaces a symmetric positive definite matrix, in a part of an array, by its inverse.
  ///
  /// Gauss and Jordan's sweeps over the diagonal, which need no pivoting here.
  ///
  /// - Returns: false where a pivot is not positive to rounding; the part then holds no inverse.
  static func invert(_ matrix: inout [Double], _ first: Int, _ size: Int) -> Bool {
    var scale = 0.0
    for i in 0..<size { scale = max(scale, abs(matrix[first + i * size + i])) }
    for k in 0..<size {
      let row = first + k * size
      let pivot = matrix[row + k]
      guard pivot > scale * 1e-15 else { return false }
      matrix[row + k] = 1
      for j in 0..<size { matrix[row + j] /= pivot }
      for i in 0..<size where i != k {
        let other = first + i * size
        let factor = matrix[other + k]
        matrix[other + k] = 0
        for j in 0..<size { matrix[other + j] -= factor * matrix[row + j] }
      }
    }
    return true
  }
}
