internal import Tensors

/// How the rate changes over the steps of a training.
public enum Schedule: Sendable, Equatable {
  /// The same rate all the time.
  case constant
  /// From the full rate to a share of it along half a cosine, after a linear rise over the first steps.
  case cosine(steps: Int, warmup: Int = 0, end: Float = 0)
  /// A factor every so many steps.
  case stairs(every: Int, factor: Float)
  /// A factor at given steps.
  case milestones([Int], factor: Float)
  /// From the full rate to a share of it along a line, after a linear rise over the first steps.
  case linear(steps: Int, warmup: Int = 0, end: Float = 0)
  /// A factor every step.
  case exponential(factor: Float)

  /// The share of the full rate at a step, which counts from 0.
  public func factor(at step: Int) -> Float {
    switch self {
    case .constant: return 1
    case .cosine(let steps, let warmup, let end):
      if step < warmup { return Float(step + 1) / Float(warmup) }
      let turn = Tensor<Double>([progress(step, warmup, steps) * Double.pi]).cos().value
      return end + (1 - end) * Float(1 + turn) / 2
    case .linear(let steps, let warmup, let end):
      if step < warmup { return Float(step + 1) / Float(warmup) }
      return 1 + (end - 1) * Float(progress(step, warmup, steps))
    case .stairs(let every, let factor): return power(factor, step / max(1, every))
    case .milestones(let steps, let factor): return power(factor, steps.count { $0 <= step })
    case .exponential(let factor): return power(factor, step)
    }
  }

  private func progress(_ step: Int, _ warmup: Int, _ steps: Int) -> Double {
    min(1, Double(step - warmup) / Double(max(1, steps - warmup)))
  }

  private func power(_ base: Float, _ exponent: Int) -> Float {
    Float((0..<exponent).reduce(1.0) { product, _ in product * Double(base) })
  }
}

/// A running average of a model's parameters, for evaluation.
public struct MovingAverage<Model: Module>: Sendable {
  /// The model with averaged parameters; its state is the newest.
  public private(set) var model: Model
  /// Weight of the past.
  public let decay: Float

  /// Begins with a model.
  public init(_ model: Model, decay: Float = 0.999) { (self.model, self.decay) = (model, decay) }

  /// Takes in the model after a step.
  public mutating func update(_ newest: Model) {
    let named = newest.namedTensors
    var index = 0
    let decay = decay
    model.updateParameters(includingState: true) { _, average in
      defer { index += 1 }
      guard named[index].isLearned else { return named[index].tensor }
      return average * decay + named[index].tensor * (1 - decay)
    }
  }

  mutating func visit(_ visitor: inout some ParameterVisitor) { model.visitParameters(&visitor) }
}

/// Says when a value has not fallen for some time.
public struct EarlyStopping: Sendable, Equatable {
  /// Checks without an improvement until it stops.
  public let patience: Int
  /// Smallest fall that counts.
  public let margin: Float
  /// Smallest value so far.
  public private(set) var best = Float.infinity
  /// Checks since then.
  public private(set) var waited = 0

  /// Makes a rule.
  public init(patience: Int, margin: Float = 0) { (self.patience, self.margin) = (patience, margin) }

  /// Takes in a value.
  ///
  /// - Parameter value: such as a validation loss.
  /// - Returns: whether it is time to stop.
  public mutating func shouldStop(after value: Float) -> Bool {
    if value < best - margin {
      (best, waited) = (value, 0)
    } else {
      waited += 1
    }
    return waited >= patience
  }
}
