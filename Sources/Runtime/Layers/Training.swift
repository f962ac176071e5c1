public import Tensors

/// A model in training: everything that a checkpoint holds, so that a resumed training goes on to the last bit.
public struct Training<Model: Module, Rule: Optimizer>: Sendable {
  /// The model.
  public var model: Model
  /// The rule that moves it.
  public var optimizer: Rule
  /// Its running average, where one is kept.
  public var average: MovingAverage<Model>?
  /// Steps taken.
  public private(set) var step = 0
  /// Source of all random numbers: step n draws from its stream n.
  public let random: RandomStream
  /// How the rate changes.
  public var schedule: Schedule
  /// Largest norm of the gradients; none where nil.
  public var clipNorm: Float?
  /// Which parameters learn, by name; all where nil.
  public var selects: (@Sendable (String) -> Bool)?
  private let fullRate: Float

  /// Begins a training.
  ///
  /// - Parameters:
  ///   - model: with initial values.
  ///   - optimizer: its rate is the schedule's full rate.
  ///   - schedule: how the rate changes.
  ///   - clipNorm: largest norm of the gradients.
  ///   - averageDecay: weight of the past in a running average of the parameters; none is kept where nil.
  ///   - selects: which parameters learn.
  ///   - random: source of random numbers.
  public init(
    _ model: Model,
    _ optimizer: Rule,
    schedule: Schedule = .constant,
    clipNorm: Float? = nil,
    averageDecay: Float? = nil,
    selects: (@Sendable (String) -> Bool)? = nil,
    random: RandomStream
  ) {
    (self.model, self.optimizer, self.schedule, self.clipNorm) = (model, optimizer, schedule, clipNorm)
    (self.selects, self.random) = (selects, random)
    average = averageDecay.map { MovingAverage(model, decay: $0) }
    fullRate = optimizer.rate
  }

  /// Takes one step.
  ///
  /// - Parameter loss: computes the loss from the model, the step's number and its stream of random numbers.
  /// - Returns: the loss before the step.
  @discardableResult public mutating func advance(
    _ loss: (inout Model, _ step: Int, inout RandomStream) throws -> Tensor<Float>
  ) rethrows -> Float {
    var stream = random.stream(UInt64(step))
    let number = step
    var (value, gradients) = try valueWithGradient(at: &model, where: selects) { try loss(&$0, number, &stream) }
    if let clipNorm { gradients.clip(toNorm: clipNorm) }
    optimizer.rate = fullRate * schedule.factor(at: step)
    optimizer.step(&model, gradients)
    average?.update(model)
    step += 1
    return value.value
  }

  /// Takes steps up to a number, from a checkpoint where one is there.
  ///
  /// - Parameters:
  ///   - steps: number of the last step; those that a checkpoint has behind it are not taken again.
  ///   - checkpoint: file that is read at first, written every so many steps and at the end.
  ///   - every: steps between checkpoints.
  ///   - progress: called after each step with its number and loss; false ends the training.
  ///   - loss: computes the loss from the model, the step's number and its stream of random numbers.
  /// - Returns: the losses of the steps that were taken.
  /// - Throws: what the loss throws, or an error of the checkpoint's file.
  @discardableResult public mutating func run(
    steps: Int,
    checkpoint: String? = nil,
    every: Int = 100,
    progress: (_ step: Int, _ loss: Float) throws -> Bool = { _, _ in true },
    loss: (inout Model, _ step: Int, inout RandomStream) throws -> Tensor<Float>
  ) throws -> [Float] {
    if let checkpoint, FileAccess.exists(checkpoint) { try load(checkpoint) }
    var losses: [Float] = []
    while step < steps {
      let value = try advance(loss)
      losses.append(value)
      let goesOn = try progress(step, value)
      if let checkpoint, step % every == 0 || step == steps || !goesOn { try save(checkpoint) }
      if !goesOn { break }
    }
    return losses
  }

  /// Writes everything to a file, which is replaced at once.
  ///
  /// - Throws: `FileError`.
  public func save(_ path: String) throws {
    var copy = self
    var writer = TensorWriter()
    copy.visitAll(&writer)
    var file = writer.file
    file.metadata = ["step": "\(step)", "seed": "\(random.seed)", "stream": "\(random.number)"]
    try file.write(to: path)
  }

  /// Goes on from a file that `save` wrote with the same model, rule and seed.
  ///
  /// - Throws: `FileError`, `SafetensorsError`, or `CheckpointError`.
  public mutating func load(_ path: String) throws {
    let file = try SafetensorsFile(path: path)
    guard let text = file.metadata["step"], let number = Int(text), number >= 0 else {
      throw CheckpointError(path: path, reason: "it is no checkpoint of a training")
    }
    guard file.metadata["seed"] == "\(random.seed)", file.metadata["stream"] == "\(random.number)" else {
      throw CheckpointError(path: path, reason: "it was made with another seed; remove it to begin anew")
    }
    var copy = self
    var reader = TensorReader(file: file, isStrict: true)
    copy.visitAll(&reader)
    if let error = reader.error { throw error }
    self = copy
    step = number
  }

  private mutating func visitAll(_ visitor: inout some ParameterVisitor) {
    visitor.visit("model", &model)
    visitor.enter("optimizer")
    optimizer.visitState(&visitor)
    visitor.leave()
    visitor.enter("average")
    average?.visit(&visitor)
    visitor.leave()
  }
}

/// A checkpoint that does not belong to this training.
public struct CheckpointError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// What is wrong with it.
  public var reason: String

  /// File and reason.
  public var description: String { "\(path): \(reason)" }
}
