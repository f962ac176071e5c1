/// Why a decision process, a learner or a run is refused.
public enum MDPError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Arrays that belong together differ in length.
  case wrongCount(what: String, expected: Int, got: Int)
  /// A setting is outside its range.
  case badSetting(setting: String, expected: String, got: Double)
  /// A feature vector is longer than 1.
  case longFeature(layer: Int, state: Int, action: Int, norm: Double)
  /// Probabilities of the next state are negative or do not add up to 1.
  case badTransition(layer: Int, state: Int, action: Int, sum: Double, least: Double)
  /// A loss is outside 0…1.
  case badLoss(episode: Int, layer: Int, state: Int, action: Int, got: Double)
  /// A covariance has no inverse.
  case singularCovariance(layer: Int, regularization: Double)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .wrongCount(let what, let expected, let got): "\(what): expected \(expected) values, got \(got)"
    case .badSetting(let setting, let expected, let got): "\(setting) must be \(expected), got \(got)"
    case .longFeature(let layer, let state, let action, let norm):
      "feature of layer \(layer), state \(state), action \(action) has length \(norm), at most 1 allowed; scale the features"
    case .badTransition(let layer, let state, let action, let sum, let least):
      "transition from layer \(layer), state \(state), action \(action): probabilities add up to \(sum) and the least is \(least); "
        + "make them non-negative with sum 1"
    case .badLoss(let episode, let layer, let state, let action, let got):
      "loss of episode \(episode), layer \(layer), state \(state), action \(action) is \(got), must be in 0...1; scale the losses"
    case .singularCovariance(let layer, let regularization):
      "covariance of layer \(layer) is singular with gamma = \(regularization); make gamma positive"
    }
  }

  static func positive(_ value: Double, _ setting: String) throws(MDPError) {
    guard value > 0, value.isFinite else { throw .badSetting(setting: setting, expected: "positive", got: value) }
  }
}
