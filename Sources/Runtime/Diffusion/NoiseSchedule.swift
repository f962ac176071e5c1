internal import Glibc

/// How much noise each step of a diffusion adds, and all that follows from it, in double precision.
///
/// x_t = √ᾱ_t x_0 + √(1 - ᾱ_t) ε with ᾱ_t = ∏ (1 - β_s). Source: J. Ho, A. Jain, P. Abbeel, "Denoising diffusion probabilistic
/// models", 2020; A. Nichol, P. Dhariwal, "Improved denoising diffusion probabilistic models", 2021.
public struct NoiseSchedule: Sendable, Equatable {
  /// β_t, the variance that step t adds.
  public let betas: [Double]
  /// What the network is told at step t: the step's number in the schedule it was trained with.
  public let timesteps: [Int]
  /// ᾱ_t, the share of the signal's variance that is left after step t.
  public let signal: [Double]
  /// β̃_t = β_t (1 - ᾱ_{t-1}) / (1 - ᾱ_t), the variance of the step back when the beginning is known.
  public let posteriorVariances: [Double]
  /// log β̃_t, where the first entry, of a variance of zero, is replaced by the second.
  public let logPosteriorVariances: [Double]

  /// Whether factors are rounded to single precision first, as the reference code does; set by its parity tests only.
  package var roundsFactors = false

  /// Number of steps T.
  public var count: Int { betas.count }

  /// Makes a schedule of given variances.
  ///
  /// - Parameters:
  ///   - betas: β_t in 0..<1, two at least.
  ///   - timesteps: what the network is told; 0, 1, … where nil.
  /// - Throws: `.value`.
  public init(betas: [Double], timesteps: [Int]? = nil) throws(DiffusionError) {
    guard betas.count >= 2 else {
      throw .value(what: "number of steps", expected: "at least 2", got: "\(betas.count)")
    }
    for (step, beta) in betas.enumerated() where !(beta > 0 && beta < 1) {
      throw .value(what: "β of step \(step)", expected: "between 0 and 1", got: "\(beta)")
    }
    if let timesteps, timesteps.count != betas.count {
      throw .value(what: "number of timesteps", expected: "\(betas.count)", got: "\(timesteps.count)")
    }
    self.betas = betas
    self.timesteps = timesteps ?? Array(betas.indices)
    var left = 1.0
    var signal: [Double] = []
    for beta in betas {
      left *= 1 - beta
      signal.append(left)
    }
    self.signal = signal
    let before = [1] + signal.dropLast()
    let variances = betas.indices.map { betas[$0] * (1 - before[$0]) / (1 - signal[$0]) }
    posteriorVariances = variances
    logPosteriorVariances = variances.indices.map { log(variances[max(1, $0)]) }
  }

  /// β from 10⁻⁴ to 0.02 along a line for a thousand steps; scaled so that other numbers of steps end alike.
  ///
  /// - Throws: `.value`.
  public static func linear(steps: Int = 1000) throws(DiffusionError) -> NoiseSchedule {
    let scale = 1000 / Double(max(1, steps))
    let (first, last) = (scale * 1e-4, scale * 0.02)
    let betas = (0..<steps).map { first + (last - first) * Double($0) / Double(max(1, steps - 1)) }
    return try NoiseSchedule(betas: betas)
  }

  /// β whose square roots lie on a line, as latent diffusion takes them.
  ///
  /// - Parameters:
  ///   - range: β of the first and of the last step.
  ///   - steps: number of steps.
  /// - Returns: the schedule.
  /// - Throws: `.value`.
  public static func rootLinear(
    _ range: ClosedRange<Double>,
    steps: Int = 1000
  ) throws(DiffusionError) -> NoiseSchedule {
    let (first, last) = (range.lowerBound.squareRoot(), range.upperBound.squareRoot())
    let betas = (0..<steps).map { step in
      let root = first + (last - first) * Double(step) / Double(max(1, steps - 1))
      return root * root
    }
    return try NoiseSchedule(betas: betas)
  }

  /// ᾱ along a squared cosine, which leaves more signal in the middle.
  ///
  /// - Throws: `.value`.
  public static func cosine(steps: Int = 1000) throws(DiffusionError) -> NoiseSchedule {
    func left(_ share: Double) -> Double {
      let root = cos((share + 0.008) / 1.008 * Double.pi / 2)
      return root * root
    }
    let count = Double(max(1, steps))
    let betas = (0..<steps).map { min(0.999, 1 - left(Double($0 + 1) / count) / left(Double($0) / count)) }
    return try NoiseSchedule(betas: betas)
  }

  /// Fewer steps with the same ᾱ at those that stay: the first, the last, and others at equal distances.
  ///
  /// The network is still told the original numbers.
  ///
  /// - Parameter count: steps that stay, 2 to all.
  /// - Returns: the shorter schedule.
  /// - Throws: `.value`.
  public func respaced(to count: Int) throws(DiffusionError) -> NoiseSchedule {
    guard (2...self.count).contains(count) else {
      throw .value(what: "number of steps that stay", expected: "in 2…\(self.count)", got: "\(count)")
    }
    let distance = Double(self.count - 1) / Double(count - 1)
    let kept = (0..<count).map { Int((Double($0) * distance).rounded(.toNearestOrEven)) }
    var before = 1.0
    var betas: [Double] = []
    for step in kept {
      betas.append(1 - signal[step] / before)
      before = signal[step]
    }
    return try NoiseSchedule(betas: betas, timesteps: kept.map { timesteps[$0] })
  }

  /// ᾱ of the step before t; 1 at the first.
  public func signal(before step: Int) -> Double { step == 0 ? 1 : signal[step - 1] }
}
