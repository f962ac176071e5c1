internal import Tensors

/// A rule that moves parameters against their gradients; keeps its state in visiting order.
public protocol Optimizer: Sendable {
  /// Size of a step.
  var rate: Float { get set }
  /// Steps taken.
  var stepCount: Int { get }
  /// Moves a model's parameters; parameters without a gradient stay.
  mutating func step(_ model: inout some Module, _ gradients: Gradients)
  /// Shows the state's tensors and counters to a visitor, for checkpoints.
  mutating func visitState(_ visitor: inout some ParameterVisitor)
}

/// What one parameter's step is scaled by, chosen by its name.
public struct ParameterRule: Sendable {
  /// Factor of the rate.
  public var rateFactor: Float
  /// Factor of the weight decay.
  public var decayFactor: Float

  /// Makes a rule.
  public init(rateFactor: Float = 1, decayFactor: Float = 1) {
    (self.rateFactor, self.decayFactor) = (rateFactor, decayFactor)
  }
}

/// Meets a model's parameters with their gradients and numbers.
private struct StepVisitor: ParameterVisitor {
  let gradients: [Tensor<Float>?]
  let rule: (@Sendable (String) -> ParameterRule)?
  var path = NamePath()
  var index = 0
  let body: (Int, inout Tensor<Float>, Tensor<Float>, ParameterRule) -> Void

  mutating func visit(_ name: String, _ tensor: inout Tensor<Float>) {
    defer { index += 1 }
    precondition(index < gradients.count, "Optimizer: the model has more parameters than there are gradients")
    guard let gradient = gradients[index] else { return }
    precondition(
      gradient.shape == tensor.shape,
      "Optimizer: '\(name)' has shape \(tensor.shape), its gradient \(gradient.shape)"
    )
    body(index, &tensor, gradient, rule.map { $0(path.full(name)) } ?? ParameterRule())
  }
  mutating func enter(_ name: String) { if rule != nil { path.enter(name) } }
  mutating func leave() { if rule != nil { path.leave() } }
}

private func forEachParameter(
  _ model: inout some Module,
  _ gradients: Gradients,
  _ rule: (@Sendable (String) -> ParameterRule)?,
  _ body: (Int, inout Tensor<Float>, Tensor<Float>, ParameterRule) -> Void
) {
  withoutActuallyEscaping(body) { body in
    var visitor = StepVisitor(gradients: gradients.tensors, rule: rule, body: body)
    model.visitParameters(&visitor)
  }
}

/// State tensors in visiting order, made when first needed.
struct Slots: Sendable {
  private(set) var tensors: [Tensor<Float>?] = []

  /// Gives one slot for change; the array holds no other reference meanwhile, so nothing is copied.
  mutating func withSlot(_ index: Int, like tensor: Tensor<Float>, _ body: (inout Tensor<Float>) -> Void) {
    while tensors.count <= index { tensors.append(nil) }
    var value = tensors[index] ?? .zeros(tensor.shape)
    tensors[index] = nil
    body(&value)
    tensors[index] = value
  }

  mutating func visit(_ name: String, _ visitor: inout some ParameterVisitor) {
    // Length first, so that a reader knows how many follow.
    var count = Tensor<Float>(Float(tensors.count))
    visitor.visitState(name + ".count", &count)
    while tensors.count < Int(count.value) { tensors.append(nil) }
    for index in tensors.indices {
      var value = tensors[index] ?? .zeros([0])
      let before = tensors[index]
      visitor.visitState("\(name).\(index)", &value)
      tensors[index] = before == nil && value.shape == [0] ? nil : value
    }
  }
}

/// Adam, AdamW and AMSGrad.
///
/// Source: D. Kingma, J. Ba, 2015; I. Loshchilov, F. Hutter, 2019; behaviour of PyTorch's `Adam` and `AdamW`.
public struct Adam: Optimizer {
  /// Size of a step.
  public var rate: Float
  /// Weights of the past in the running mean and mean square.
  public var betas: (Float, Float)
  /// Added to the root of the mean square.
  public var epsilon: Float
  /// Weight decay.
  public var decay: Float
  /// Whether the decay acts on the values (AdamW) and not through the gradient.
  public var isDecoupled: Bool
  /// Whether the largest mean square so far is used.
  public var usesLargest: Bool
  /// Factors by parameter name.
  public var rule: (@Sendable (String) -> ParameterRule)?
  /// Steps taken.
  public private(set) var stepCount = 0
  private var means = Slots()
  private var squares = Slots()
  private var largest = Slots()

  /// Makes the rule with PyTorch's defaults.
  ///
  /// - Parameters:
  ///   - rate: size of a step.
  ///   - betas: weights of the past.
  ///   - epsilon: added to the root of the mean square.
  ///   - decay: weight decay.
  ///   - isDecoupled: whether the decay is AdamW's.
  ///   - usesLargest: whether AMSGrad's bound is used.
  ///   - rule: factors by parameter name.
  public init(
    rate: Float = 1e-3,
    betas: (Float, Float) = (0.9, 0.999),
    epsilon: Float = 1e-8,
    decay: Float = 0,
    isDecoupled: Bool = false,
    usesLargest: Bool = false,
    rule: (@Sendable (String) -> ParameterRule)? = nil
  ) {
    (self.rate, self.betas, self.epsilon, self.decay) = (rate, betas, epsilon, decay)
    (self.isDecoupled, self.usesLargest, self.rule) = (isDecoupled, usesLargest, rule)
  }

  /// AdamW with PyTorch's defaults.
  public static func w(rate: Float = 1e-3, betas: (Float, Float) = (0.9, 0.999), decay: Float = 0.01) -> Adam {
    Adam(rate: rate, betas: betas, decay: decay, isDecoupled: true)
  }

  /// Moves a model's parameters.
  public mutating func step(_ model: inout some Module, _ gradients: Gradients) {
    stepCount += 1
    let kernel = AdamStep(
      rate: rate,
      beta1: betas.0,
      beta2: betas.1,
      epsilon: epsilon,
      decoupledDecay: isDecoupled ? decay : 0,
      l2: isDecoupled ? 0 : decay,
      step: stepCount
    )
    let keepsLargest = usesLargest
    forEachParameter(&model, gradients, rule) { index, values, gradient, rule in
      var own = kernel
      own.rate *= rule.rateFactor
      own.decoupledDecay *= rule.decayFactor
      own.l2 *= rule.decayFactor
      means.withSlot(index, like: values) { mean in
        squares.withSlot(index, like: values) { square in
          var bound: Tensor<Float>?
          guard keepsLargest else { return own.run(&values, gradient, &mean, &square, &bound) }
          largest.withSlot(index, like: values) { top in
            bound = top
            own.run(&values, gradient, &mean, &square, &bound)
            if let bound { top = bound }
          }
        }
      }
    }
  }

  /// Shows running means, mean squares and the number of steps.
  public mutating func visitState(_ visitor: inout some ParameterVisitor) {
    stepCount = visitor.visitCount("step", stepCount)
    means.visit("mean", &visitor)
    squares.visit("square", &visitor)
    largest.visit("largest", &visitor)
  }
}

/// Gradient descent with momentum; behaviour of PyTorch's `SGD`.
public struct GradientDescent: Optimizer {
  /// Size of a step.
  public var rate: Float
  /// Weight of the past in the velocity.
  public var momentum: Float
  /// Weight decay through the gradient.
  public var decay: Float
  /// Whether the step looks ahead along the velocity.
  public var isNesterov: Bool
  /// Factors by parameter name.
  public var rule: (@Sendable (String) -> ParameterRule)?
  /// Steps taken.
  public private(set) var stepCount = 0
  private var velocities = Slots()

  /// Makes the rule.
  public init(
    rate: Float,
    momentum: Float = 0,
    decay: Float = 0,
    isNesterov: Bool = false,
    rule: (@Sendable (String) -> ParameterRule)? = nil
  ) {
    (self.rate, self.momentum, self.decay) = (rate, momentum, decay)
    (self.isNesterov, self.rule) = (isNesterov, rule)
  }

  /// Moves a model's parameters.
  public mutating func step(_ model: inout some Module, _ gradients: Gradients) {
    stepCount += 1
    let kernel = DescentStep(rate: rate, momentum: momentum, damping: 0, l2: decay, isNesterov: isNesterov)
    forEachParameter(&model, gradients, rule) { index, values, gradient, rule in
      var own = kernel
      own.rate *= rule.rateFactor
      own.l2 *= rule.decayFactor
      velocities.withSlot(index, like: values) { own.run(&values, gradient, &$0) }
    }
  }

  /// Shows velocities and the number of steps.
  public mutating func visitState(_ visitor: inout some ParameterVisitor) {
    stepCount = visitor.visitCount("step", stepCount)
    velocities.visit("velocity", &visitor)
  }
}

/// Steps over the root of a running mean square (RMSprop); behaviour of PyTorch's `RMSprop`.
public struct RMSProp: Optimizer {
  /// Size of a step.
  public var rate: Float
  /// Weight of the past in the mean square.
  public var smoothing: Float
  /// Added to the root.
  public var epsilon: Float
  /// Weight of the past in the velocity.
  public var momentum: Float
  /// Weight decay through the gradient.
  public var decay: Float
  /// Steps taken.
  public private(set) var stepCount = 0
  private var squares = Slots()
  private var velocities = Slots()

  /// Makes the rule with PyTorch's defaults.
  public init(
    rate: Float = 0.01,
    smoothing: Float = 0.99,
    epsilon: Float = 1e-8,
    momentum: Float = 0,
    decay: Float = 0
  ) {
    (self.rate, self.smoothing, self.epsilon) = (rate, smoothing, epsilon)
    (self.momentum, self.decay) = (momentum, decay)
  }

  /// Moves a model's parameters.
  public mutating func step(_ model: inout some Module, _ gradients: Gradients) {
    stepCount += 1
    let own = self
    forEachParameter(&model, gradients, nil) { index, values, gradient, _ in
      let slope = own.decay == 0 ? gradient : gradient + values * own.decay
      squares.withSlot(index, like: values) { square in
        square = square * own.smoothing + slope.squared() * (1 - own.smoothing)
        let move = slope / (square.sqrt() + own.epsilon)
        velocities.withSlot(index, like: values) { velocity in
          velocity = velocity * own.momentum + move
          values -= velocity * own.rate
        }
      }
    }
  }

  /// Shows mean squares, velocities and the number of steps.
  public mutating func visitState(_ visitor: inout some ParameterVisitor) {
    stepCount = visitor.visitCount("step", stepCount)
    squares.visit("square", &visitor)
    velocities.visit("velocity", &visitor)
  }
}

extension ParameterVisitor {
  /// Shows a count as state: two floats of 24 bits hold 48 of it.
  mutating func visitCount(_ name: String, _ count: Int) -> Int {
    var tensor = Tensor<Float>([Float(count >> 24), Float(count & 0xFF_FFFF)])
    visitState(name, &tensor)
    return Int(tensor[0]) << 24 | Int(tensor[1])
  }
}
