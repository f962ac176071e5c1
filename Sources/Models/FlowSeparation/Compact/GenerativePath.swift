public import Diffusion
internal import Tensors

/// What the network learns to predict, and on which way from noise to data.
public enum GenerativePath: Sendable, Equatable {
  /// The velocity of a straight path.
  case flow(RectifiedFlow)
  /// The noise of a diffusion.
  case noise(NoiseSchedule)
  /// v = √ᾱ ε - √(1 - ᾱ) x_0 of a diffusion.
  ///
  /// Source: T. Salimans, J. Ho, "Progressive distillation", 2022.
  case rotation(NoiseSchedule)

  /// The published flow.
  public static var rectified: GenerativePath { .flow(RectifiedFlow()) }

  /// The noise schedule of the released diffusion baseline.
  ///
  /// - Throws: never in practice: its constants are possible.
  public static func publishedSchedule() throws(DiffusionError) -> NoiseSchedule {
    try .rootLinear(0.0015...0.0195)
  }

  /// Noisy items, what the network is told of their times, and what it should say.
  struct Lesson {
    var items: Tensor<Float>
    var times: [Float]
    var goal: Tensor<Float>
  }

  func lesson(_ data: Tensor<Float>, random: inout RandomStream) throws -> Lesson {
    let noise: Tensor<Float> = random.normal(data.shape)
    switch self {
    case .flow(let flow):
      let times = random.uniform([data.shape[0]]).values
      let items = try flow.point(from: noise, to: data, at: times)
      return Lesson(items: items, times: times, goal: flow.velocity(from: noise, to: data))
    case .noise(let schedule), .rotation(let schedule):
      var steps: [Int] = []
      for _ in 0..<data.shape[0] { steps.append(random.integer(in: 0..<schedule.count)) }
      let items = try schedule.noised(data, noise: noise, at: steps)
      let times = steps.map { Self.time(schedule.timesteps[$0]) }
      guard case .rotation = self else { return Lesson(items: items, times: times, goal: noise) }
      let (a, b) = Self.factors(steps.map { schedule.signal[$0] })
      return Lesson(items: items, times: times, goal: noise * a - data * b)
    }
  }

  /// Data from noise, in steps.
  func sample(
    from start: Tensor<Float>,
    steps: Int,
    solver: RectifiedFlow.Solver,
    eta: Double,
    random: inout RandomStream,
    watching: (_ items: Tensor<Float>) -> Void,
    predict: (_ items: Tensor<Float>, _ times: [Float]) throws -> Tensor<Float>
  ) throws -> Tensor<Float> {
    let batch = start.shape[0]
    switch self {
    case .flow(let flow):
      return try flow.sample(from: start, steps: steps, by: solver, watching: { watching($1) }) { items, time in
        try predict(items, [Float](repeating: time, count: batch))
      }
    case .noise(let schedule), .rotation(let schedule):
      // ±6 deviations: one step from pure noise divides by √ᾱ ≈ 0.08, so that errors would grow without it.
      return try schedule.respaced(to: steps).sample(
        from: start,
        by: .ddim(eta: eta),
        clippedTo: -6...6,
        random: &random,
        watching: { watching($1) }
      ) { items, moments in
        let said = try predict(items, moments.map(Self.time))
        guard case .rotation = self else { return NoisePrediction(noise: said) }
        // ε = √ᾱ v + √(1 - ᾱ) x_t.
        let (a, b) = Self.factors(moments.map { schedule.signal[$0] })
        return NoisePrediction(noise: said * a + items * b)
      }
    }
  }

  /// Step k of a thousand as a time in 0…1.
  private static func time(_ step: Int) -> Float { Float(step) / 1000 }

  /// √ᾱ and √(1 - ᾱ) of each item.
  private static func factors(_ signal: [Double]) -> (Tensor<Float>, Tensor<Float>) {
    let shape = [signal.count, 1, 1, 1]
    return (
      Tensor(signal.map { Float($0.squareRoot()) }, shape: shape),
      Tensor(signal.map { Float((1 - $0).squareRoot()) }, shape: shape)
    )
  }
}
