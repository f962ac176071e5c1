/// Which restriction maps a sheaf may have.
public enum SheafFamily: Sendable, Equatable {
  /// Diagonal matrices.
  case diagonal
  /// Orthogonal matrices of a form.
  case bundle(OrthogonalForm)
  /// Any matrices.
  case general

  /// Numbers that one map needs.
  func parameterCount(_ size: Int) throws(SheafError) -> Int {
    switch self {
    case .diagonal: return size
    case .bundle(let form): return try form.parameterCount(size)
    case .general: return size * size
    }
  }
}

/// Sizes and switches of a sheaf diffusion network.
public struct SheafConfiguration: Sendable {
  /// Which maps are learned.
  public var family: SheafFamily
  /// Size d of the learned part of a stalk.
  public var stalk: Int
  /// Number of diffusion steps.
  public var layers: Int
  /// Channels h.
  public var hidden: Int
  /// Further stalk dimensions.
  public var fixed = FixedDimensions()
  /// Whether the learner sums features over the stalk first.
  public var isSparseLearner = false
  /// Whether bundles have learned edge weights.
  public var hasEdgeWeights = false
  /// Whether a second linear layer follows the first.
  public var hasSecondLinear = false
  /// Whether every layer learns a sheaf; else the first one's serves all.
  public var isNonlinear = true
  /// How Laplacians are scaled.
  public var normalization = SheafNormalization.block
  /// What follows the learner.
  public var activation = SheafActivation.tanh
  /// Whether W₁ mixes the stalk.
  public var hasLeftWeights = true
  /// Whether W₂ mixes channels.
  public var hasRightWeights = true
  /// Share of hidden values dropped.
  public var dropout = 0.0
  /// Share of features dropped.
  public var inputDropout = 0.0

  /// Chooses family and sizes; the rest as published unless changed.
  public init(_ family: SheafFamily, stalk: Int, layers: Int, hidden: Int) {
    (self.family, self.stalk, self.layers, self.hidden) = (family, stalk, layers, hidden)
  }

  /// Size of a whole stalk.
  public var wholeStalk: Int { stalk + fixed.signs.count }

  func check() throws(SheafError) {
    for (what, value) in [("number of layers", layers), ("number of channels", hidden)] where value < 1 {
      throw .notPositive(what: what, got: value)
    }
    guard stalk >= 1 else { throw .stalkSize(family: "sheaf", expected: "1 or more", got: stalk) }
    _ = try family.parameterCount(stalk)
    guard family == .diagonal || hasLeftWeights && hasRightWeights else {
      throw .fixedWeights(family: family == .general ? "general" : "bundle")
    }
  }
}

/// A published configuration: network, training and data set.
public struct SheafPreset: Sendable {
  /// The network.
  public var network: SheafConfiguration
  /// How it is trained.
  public var training: NodeTraining

  /// Texas: bundle, 105153 parameters.
  public static var texas: SheafPreset {
    var network = SheafConfiguration(.bundle(.householder), stalk: 3, layers: 4, hidden: 20)
    (network.isSparseLearner, network.hasEdgeWeights, network.dropout) = (true, true, 0.7)
    return SheafPreset(network: network, training: NodeTraining(rate: 0.02, decay: 5e-3, epochs: 1500, patience: 200))
  }

  /// Wisconsin: bundle with both fixed dimensions, 278113 parameters.
  public static var wisconsin: SheafPreset {
    var network = SheafConfiguration(.bundle(.householder), stalk: 3, layers: 2, hidden: 32)
    network.fixed = FixedDimensions(lowPass: true, highPass: true)
    (network.hasEdgeWeights, network.dropout) = (true, 0.7276)
    let training = NodeTraining(rate: 0.02, decay: 6.6857e-4, epochs: 500, patience: 200)
    return SheafPreset(network: network, training: training)
  }

  /// Cornell: diagonal, 138577 parameters.
  public static var cornell: SheafPreset {
    var network = SheafConfiguration(.diagonal, stalk: 4, layers: 2, hidden: 16)
    network.fixed = FixedDimensions(lowPass: true)
    (network.dropout, network.inputDropout) = (0.7, 0.2)
    var training = NodeTraining(rate: 0.02, decay: 6.9148e-4, epochs: 500, patience: 200)
    training.sheafDecay = 3.1764e-4
    return SheafPreset(network: network, training: training)
  }

  /// Chameleon: diagonal, 410395 parameters.
  public static var chameleon: SheafPreset {
    var network = SheafConfiguration(.diagonal, stalk: 4, layers: 5, hidden: 32)
    network.fixed = FixedDimensions(lowPass: true)
    (network.hasSecondLinear, network.inputDropout) = (true, 0.7)
    var training = NodeTraining(rate: 0.01, decay: 2.9699e-4, epochs: 1000, patience: 100)
    (training.sheafDecay, training.selectsByAccuracy) = (1.26389e-3, true)
    return SheafPreset(network: network, training: training)
  }

  /// Squirrel: bundle, 295017 parameters.
  public static var squirrel: SheafPreset {
    var network = SheafConfiguration(.bundle(.householder), stalk: 3, layers: 5, hidden: 32)
    network.fixed = FixedDimensions(lowPass: true)
    (network.hasSecondLinear, network.hasEdgeWeights, network.inputDropout) = (true, true, 0.7)
    var training = NodeTraining(rate: 0.01, decay: 1.12158e-4, epochs: 1000, patience: 100)
    training.selectsByAccuracy = true
    return SheafPreset(network: network, training: training)
  }
}
