internal import Glibc
internal import Solvers
public import Statistics
public import Tensors

/// Normal classes of equal chance with one covariance, whose means lie on a line through the origin: μₖ = cₖ u.
public struct GaussianClasses: Sendable, Equatable {
  /// Places cₖ of the means, ascending.
  public let places: [Double]
  /// Direction u of the line, `[features]`.
  public let direction: [Double]
  private let covariance: Covariance

  private enum Covariance: Sendable, Equatable {
    /// Standard deviations of independent features.
    case diagonal([Double])
    /// Lower triangle L of Σ = L Lᵀ, `[features, features]`.
    case factor(Tensor<Double>)
  }

  /// Number of classes.
  public var classes: Int { places.count }
  /// Number of features.
  public var features: Int { direction.count }

  private init(_ places: [Double], _ direction: [Double], _ covariance: Covariance) {
    (self.places, self.direction, self.covariance) = (places, direction, covariance)
  }

  /// The paper's simulation in its easy mode: constant mean vectors -1, 1, 2, 4, 8, …; the first half of the features has
  /// variance n, the others 1, all independent.
  ///
  /// Source: `data/generate_data.py` of ML-GSAI/Revisiting-Dis-vs-Gen-Classifiers.
  public static func simulation(features: Int, classes: Int) -> GaussianClasses {
    let deviations = (0..<features).map { $0 < features / 2 ? Double(features).squareRoot() : 1 }
    return GaussianClasses(simulationPlaces(classes), Array(repeating: 1, count: features), .diagonal(deviations))
  }

  /// The simulation with covariances off the diagonal of AᵀA, Aᵢⱼ uniform in -1…1.
  ///
  /// - Throws: `SolverError.notPositiveDefinite` where these outweigh the variances, as they do for many features.
  public static func hardSimulation(
    features: Int,
    classes: Int,
    random: inout RandomStream
  ) throws -> GaussianClasses {
    let a = random.uniform([features, features], in: -1..<1, of: Double.self)
    var sigma = Matrix(a.matmul(a, transposesLeft: true).values, rows: features, columns: features)
    for index in 0..<features { sigma[index, index] = index < features / 2 ? Double(features) : 1 }
    let places = simulationPlaces(classes)
    return try GaussianClasses(places, Array(repeating: 1, count: features), .factor(lowerFactor(sigma)))
  }

  private static func simulationPlaces(_ classes: Int) -> [Double] {
    precondition(classes >= 2, "GaussianClasses: there must be 2 classes or more, got \(classes)")
    return (0..<classes).map { $0 == 0 ? -1 : pow(2, Double($0 - 1)) }
  }

  /// Two classes at ±shift in the first of each pair of features; the two have variance 1 and a correlation.
  ///
  /// Naive Bayes, which takes all features for independent, cannot use the second ones; the best linear rule does.
  ///
  /// - Throws: `SolverError.notPositiveDefinite` for a correlation outside -1…1.
  public static func correlatedPairs(_ pairs: Int, correlation: Double, shift: Double) throws -> GaussianClasses {
    let sigma = Matrix<Double>(rows: 2 * pairs, columns: 2 * pairs) { row, column in
      row == column ? 1 : row / 2 == column / 2 ? correlation : 0
    }
    let direction = (0..<2 * pairs).map { $0.isMultiple(of: 2) ? shift : 0 }
    return try GaussianClasses([-1, 1], direction, .factor(lowerFactor(sigma)))
  }

  private static func lowerFactor(_ sigma: Matrix<Double>) throws -> Tensor<Double> {
    let lower = try Cholesky(sigma).factor
    return Tensor(lower.values, shape: [lower.rows, lower.columns])
  }

  /// Error of the best rule that there is, exactly.
  ///
  /// Along Σ⁻¹u the classes are normal with variance 1 at cₖ s, s² = uᵀΣ⁻¹u; the best rule cuts half-way.
  public var bayesError: Double {
    let scale = whitenedLength
    let tails = (1..<classes).reduce(0.0) { sum, label in
      sum + StandardNormal.cumulative(-scale * (places[label] - places[label - 1]) / 2)
    }
    return 2 * tails / Double(classes)
  }

  /// Error in the limit of many samples of naive Bayes, which weighs the features by their variances only; two classes.
  public var naiveBayesLimit: Double {
    precondition(classes == 2, "naiveBayesLimit: known for two classes, not for \(classes)")
    let u = Tensor(direction)
    let (weights, spread): (Tensor<Double>, Tensor<Double>)
    switch covariance {
    case .diagonal: return bayesError
    case .factor(let lower):
      weights = u / lower.squared().sum(1)
      spread = weights.reshaped([1, features]).matmul(lower)
    }
    let distance = weights.dotProduct(u) * (places[1] - places[0]) / 2
    return StandardNormal.cumulative(-distance / spread.dotProduct(spread).squareRoot())
  }

  private var whitenedLength: Double {
    switch covariance {
    case .diagonal(let deviations):
      return zip(direction, deviations).reduce(0) { $0 + ($1.0 / $1.1) * ($1.0 / $1.1) }.squareRoot()
    case .factor(let lower):
      // Forward substitution: |L⁻¹ u|.
      let l = lower.values
      var white = direction
      for row in white.indices {
        for column in 0..<row { white[row] -= l[row * features + column] * white[column] }
        white[row] /= l[row * features + row]
      }
      return white.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
  }

  /// Draws independent samples; the classes come by chance, each as likely as the others.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - hasEveryClass: whether to draw again until every class has a sample.
  ///   - random: source of random numbers.
  /// - Returns: the samples.
  /// - Throws: `StatisticsError.badSetting` where there are fewer samples asked for than classes that must have one.
  public func sample(
    _ count: Int,
    hasEveryClass: Bool = true,
    random: inout RandomStream
  ) throws -> LabelledData {
    guard !hasEveryClass || count >= classes else {
      throw StatisticsError.badSetting(
        function: "GaussianClasses.sample",
        setting: "the number of samples m",
        expected: "\(classes) or more, one a class",
        got: Double(count)
      )
    }
    var labels: [Int] = []
    repeat {
      let draws = random.uniform([count], of: Double.self)
      labels = draws.values.map { Int($0 * Double(classes)) }
    } while hasEveryClass && Set(labels).count < classes
    let noise = random.normal([count, features], of: Double.self)
    let centers = Tensor(labels.map { places[$0] }).reshaped([count, 1]) * Tensor(direction)
    let spread =
      switch covariance {
      case .diagonal(let deviations): noise * Tensor(deviations)
      case .factor(let lower): noise.matmul(lower, transposesRight: true)
      }
    return try LabelledData(features: centers + spread, labels: labels, classes: classes)
  }
}
