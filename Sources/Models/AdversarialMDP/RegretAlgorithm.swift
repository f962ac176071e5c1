internal import Glibc

/// How the loss of an episode becomes an estimate of Q for all pairs of a layer.
public enum QEstimator: String, Sendable, Equatable, CaseIterable {
  /// Q̂ = z L with z = φᵀ Σ̂⁺ φ(s_h, a_h), which may be as low as -H/γ.
  case plain
  /// Q̂ = z L - H min(z, 0) + H E min(φᵀ Σ̂⁺ φ(s', a'), 0): the same mean, and never below -H/√γ.
  case magnitudeReduced
}

/// What a learner is made of.
public struct LearnerSettings: Sendable, Equatable {
  /// How policies follow from estimates.
  public var rule: PolicyUpdate
  /// How estimates follow from losses.
  public var estimator: QEstimator
  /// η, the rate of learning.
  public var rate: Double
  /// β, the size of the bonus for pairs that are seldom seen.
  public var bonus: Double
  /// γ, what is added to the covariance before it is inverted.
  public var regularization: Double

  /// Puts a learner together.
  ///
  /// - Throws: `MDPError.badSetting` for a rate that is not positive, or a negative bonus or γ.
  public init(
    rule: PolicyUpdate,
    estimator: QEstimator,
    rate: Double,
    bonus: Double,
    regularization: Double
  ) throws(MDPError) {
    try MDPError.positive(rate, "the rate eta")
    guard bonus >= 0, bonus.isFinite else {
      throw .badSetting(setting: "the bonus beta", expected: "zero or positive", got: bonus)
    }
    guard regularization >= 0, regularization.isFinite else {
      throw .badSetting(setting: "the regularization gamma", expected: "zero or positive", got: regularization)
    }
    (self.rule, self.estimator) = (rule, estimator)
    (self.rate, self.bonus, self.regularization) = (rate, bonus, regularization)
  }
}

/// The three learners that the report compares, with constants that work at its scale.
///
/// The exponents of K are the papers'; the constants are far bolder than their proofs allow, whose own make every learner stand still for
/// all K within reach.
public enum RegretAlgorithm: String, Sendable, Equatable, CaseIterable {
  /// Exponential weights on plain estimates: Luo, Wei and Lee, NeurIPS 2021, arXiv 2107.08346.
  case luo = "Luo et al. 2021"
  /// Log-barrier on plain estimates: Dai and others, first algorithm.
  case logBarrier = "Dai et al., log-barrier"
  /// Exponential weights on magnitude-reduced estimates: Dai and others, second algorithm.
  case magnitudeReduced = "Dai et al., magnitude-reduced"

  /// The learner for a number of episodes.
  ///
  /// - Parameters:
  ///   - episodes: K.
  ///   - rateFactor: what the rate is multiplied by, for stress tests.
  /// - Returns: η, β and γ by K: for the baseline η = 0.1 (K/1000)^(-2/3), β = 0.05 K^(-1/3), γ = K^(-2/3); for the others η = 0.1 (K/1000)^(-1/2),
  ///   β = 0.05 K^(-1/2), γ = 1/K, with a three times larger η for the log-barrier.
  /// - Throws: `MDPError.badSetting` for less than one episode or a factor that is not positive.
  public func settings(episodes: Int, rateFactor: Double = 1) throws(MDPError) -> LearnerSettings {
    guard episodes >= 1 else {
      throw .badSetting(setting: "the number of episodes K", expected: "1 or more", got: Double(episodes))
    }
    let k = Double(episodes)
    switch self {
    case .luo:
      return try LearnerSettings(
        rule: .exponential,
        estimator: .plain,
        rate: 0.1 * rateFactor * pow(k / 1000, -2 / 3.0),
        bonus: 0.05 * pow(k, -1 / 3.0),
        regularization: pow(k, -2 / 3.0)
      )
    case .logBarrier, .magnitudeReduced:
      let isBarrier = self == .logBarrier
      return try LearnerSettings(
        rule: isBarrier ? .logBarrier : .exponential,
        estimator: isBarrier ? .plain : .magnitudeReduced,
        rate: (isBarrier ? 0.3 : 0.1) * rateFactor * (1000 / k).squareRoot(),
        bonus: 0.05 / k.squareRoot(),
        regularization: 1 / k
      )
    }
  }

  /// The learner with constants for which the proofs hold, up to the bonus: η(1000) = 0.15, γ = 2Hη for the baseline and (2Hη)² for the others, β = 2ηH².
  ///
  /// - Throws: `MDPError.badSetting` for less than one episode.
  public func provenSettings(episodes: Int, layers: Int) throws(MDPError) -> LearnerSettings {
    var settings = try settings(episodes: episodes)
    let h = Double(layers)
    settings.rate = 0.15 * pow(Double(episodes) / 1000, self == .luo ? -2 / 3.0 : -0.5)
    settings.regularization = 2 * h * settings.rate
    if self != .luo { settings.regularization *= settings.regularization }
    settings.bonus = 2 * settings.rate * h * h
    return settings
  }
}
