public import Tensors

/// Losses of all episodes, fixed before the first one: θ_{k,h}, `[episodes, layers, d]`.
public struct LossSequence: Sendable, Equatable {
  /// Number of episodes K.
  public let episodes: Int
  /// θ, `[episodes, layers, d]` in one array.
  public let parameters: [Double]
  private let width: Int

  /// Makes a sequence from its parameters.
  ///
  /// - Parameters:
  ///   - parameters: θ, `[episodes, layers, d]`.
  ///   - mdp: the process; with it every loss must be in 0…1.
  /// - Throws: `MDPError.badSetting` for less than one episode, `.wrongCount` or `.badLoss`.
  public init(_ parameters: [Double], for mdp: LinearMDP) throws(MDPError) {
    let width = mdp.layers * mdp.dimension
    guard parameters.count % width == 0 else {
      throw .wrongCount(what: "parameters of an episode's losses", expected: width, got: parameters.count % width)
    }
    episodes = parameters.count / width
    guard episodes >= 1 else {
      throw .badSetting(setting: "the number of episodes K", expected: "1 or more", got: Double(episodes))
    }
    (self.parameters, self.width) = (parameters, width)
    for episode in 0..<episodes {
      let losses = mdp.losses(self[episode])
      // Rounding of a sum of features may leave a loss of 1 just above it.
      if let pair = losses.firstIndex(where: { !($0 >= -1e-9 && $0 <= 1 + 1e-9) }) {
        let (layer, place) = pair.quotientAndRemainder(dividingBy: mdp.pairs)
        let (state, action) = place.quotientAndRemainder(dividingBy: mdp.actions)
        throw .badLoss(episode: episode, layer: layer, state: state, action: action, got: losses[pair])
      }
    }
  }

  /// θ of one episode, `[layers, d]`.
  public subscript(episode: Int) -> [Double] { Array(parameters[episode * width..<(episode + 1) * width]) }

  /// Losses of random bits with a good feature in each layer that looks bad for the first quarter of every 80 episodes, while its
  /// neighbour looks perfect: a learner that trusts the beginning is led astray.
  ///
  /// Each bit is 1 with chance ½; the favourite feature's with chance ¼, or ¾ in the bad quarter, when the next feature's is always 0.
  ///
  /// - Throws: `MDPError.badSetting` for less than one episode.
  public static func decoys(
    episodes: Int,
    for mdp: LinearMDP,
    random: inout RandomStream
  ) throws(MDPError) -> LossSequence {
    let (layers, d) = (mdp.layers, mdp.dimension)
    guard episodes >= 1 else {
      throw .badSetting(setting: "the number of episodes K", expected: "1 or more", got: Double(episodes))
    }
    let favourites = (0..<layers).map { _ in random.integer(in: 0..<d) }
    let draws = random.uniform([episodes, layers, d], of: Double.self).values
    let parameters = draws.indices.map { place -> Double in
      let (row, feature) = place.quotientAndRemainder(dividingBy: d)
      let (episode, layer) = row.quotientAndRemainder(dividingBy: layers)
      let isBad = episode % 80 < 20
      var chance = 0.5
      if feature == favourites[layer] {
        chance = isBad ? 0.75 : 0.25
      } else if isBad, feature == (favourites[layer] + 1) % d {
        chance = 0
      }
      return draws[place] < chance ? 1 : 0
    }
    return try LossSequence(parameters, for: mdp)
  }

  /// Loss of the best fixed policy over the first episodes.
  public func comparator(_ mdp: LinearMDP, first count: Int) -> Double {
    var sums = [Double](repeating: 0, count: width)
    for place in 0..<count * width { sums[place % width] += parameters[place] }
    return mdp.leastLoss(mdp.losses(sums))
  }
}
