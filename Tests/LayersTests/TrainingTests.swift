import Foundation
import Layers
import TestSupport
import Tensors
import Testing

/// A vector alone, as a model.
private struct Vector: Module {
  var weight: Tensor<Float>
  mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("weight", &weight) }
}

/// Two layers with dropout.
private struct Network: Module {
  var first: Linear
  var norm: BatchNorm
  var second: Linear

  init(_ random: inout RandomStream) {
    first = Linear(inputSize: 3, outputSize: 16, random: &random)
    norm = BatchNorm(channels: 16)
    second = Linear(inputSize: 16, outputSize: 2, random: &random)
  }

  mutating func loss(_ random: inout RandomStream) -> Tensor<Float> {
    let x = random.normal([20, 3])
    let labels = Tensor<Int>(x.values.enumerated().filter { $0.offset % 3 == 0 }.map { $0.element > 0 ? 1 : 0 })
    let hidden = Dropout(rate: 0.1)(norm(first(x), mode: .training).relu(), mode: .training, random: &random)
    return Loss.crossEntropy(second(hidden), labels)
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("first", &first)
    visitor.visit("norm", &norm)
    visitor.visit("second", &second)
  }
}

@Suite("Training")
struct TrainingTests {
  static let rules: [(fixture: String, rule: any Optimizer)] = [
    ("adam", Adam(rate: 0.1, decay: 0.1)),
    ("adamw", Adam.w(rate: 0.1, decay: 0.1)),
    ("amsgrad", Adam(rate: 0.1, decay: 0.01, isDecoupled: true, usesLargest: true)),
    ("sgd", GradientDescent(rate: 0.1, momentum: 0.9, decay: 0.1)),
    ("nesterov", GradientDescent(rate: 0.1, momentum: 0.9, isNesterov: true)),
    ("rmsprop", RMSProp(rate: 0.1, momentum: 0.5, decay: 0.1)),
  ]

  @Test("five steps end where PyTorch's end", arguments: rules.indices)
  func steps(index: Int) throws {
    func run(_ rule: some Optimizer, _ file: SafetensorsFile) throws {
      var rule = rule
      var model = Vector(weight: try file.floats("start"))
      let factors = Tensor<Float>([0, 1, 2, 3, 4, 5])
      for _ in 0..<5 {
        let slopes = valueWithGradient(at: &model) { ($0.weight.sin() * factors).sum() }.gradients
        rule.step(&model, slopes)
      }
      // Single precision of steps of 0.1.
      #expect(model.weight.isClose(to: try file.floats("end"), relative: 1e-5, absolute: 1e-6))
    }
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let path = folder.appendingPathComponent("Fixtures/layers/step-\(Self.rules[index].fixture).safetensors").path
    try run(Self.rules[index].rule, SafetensorsFile(path: path))
  }

  private static func makeTraining() -> Training<Network, Adam> {
    var random = RandomStream(seed: 11)
    return Training(
      Network(&random),
      Adam(rate: 0.01, usesLargest: true),
      schedule: .cosine(steps: 60, warmup: 5),
      clipNorm: 1,
      averageDecay: 0.9,
      random: random.stream(1)
    )
  }

  @Test("a training that stops anywhere and resumes ends with the same bits", arguments: [1, 7, 30])
  func resuming(stop: Int) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("training-\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var whole = Self.makeTraining()
    let losses = try whole.run(steps: 60) { model, _, random in model.loss(&random) }
    #expect(losses.count == 60)
    #expect(losses.suffix(10).reduce(0, +) < losses.prefix(10).reduce(0, +))
    var first = Self.makeTraining()
    try first.run(steps: 60, checkpoint: path, every: 3, progress: { step, _ in step < stop }) { model, _, random in
      model.loss(&random)
    }
    var second = Self.makeTraining()
    let rest = try second.run(steps: 60, checkpoint: path) { model, _, random in model.loss(&random) }
    #expect(rest == Array(losses.suffix(60 - stop)))
    #expect(second.model.namedTensors == whole.model.namedTensors)
    #expect(second.average?.model.namedTensors == whole.average?.model.namedTensors)
  }

  @Test("a checkpoint of another seed or of no training is refused")
  func foreignCheckpoints() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("training-\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var training = Self.makeTraining()
    try training.save(path)
    var random = RandomStream(seed: 11)
    var other = Training(Network(&random), Adam(), random: RandomStream(seed: 3))
    let error = #expect(throws: CheckpointError.self) { try other.load(path) }
    #expect(error?.reason == "it was made with another seed; remove it to begin anew")
    try training.model.save(path)
    #expect(throws: CheckpointError.self) { try training.load(path) }
    try FileAccess.write([1, 2, 3], to: path)
    #expect(throws: SafetensorsError.self) { try training.load(path) }
  }

  @Test("a save removes what killed processes left beside it, and nothing of the living")
  func leftovers() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("leftovers-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // No process has a number above 2^22; the first one always lives.
    for name in ["a.partial-4194305", "a.partial-1", "b.partial-4194305", "a.partial-x"] {
      try Data([1]).write(to: folder.appendingPathComponent(name))
    }
    try FileAccess.write([1, 2, 3], to: folder.appendingPathComponent("a").path)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["a", "a.partial-1", "a.partial-x", "b.partial-4194305"])
  }

  @Test("frozen parameters keep their values and have no gradient")
  func freezing() {
    var random = RandomStream(seed: 11)
    let start = Network(&random)
    var training = Training(start, Adam(rate: 0.1), selects: { !$0.hasPrefix("first") }, random: random)
    training.advance { model, _, random in model.loss(&random) }
    #expect(training.model.first.weight == start.first.weight)
    #expect(training.model.second.weight != start.second.weight)
  }

  @Test("gradients are clipped to a common norm")
  func clipping() {
    var slopes = Gradients([Tensor([3, 0]), nil, Tensor([4])])
    #expect(slopes.clip(toNorm: 1) == 5)
    #expect(abs(slopes.norm - 1) < 1e-5)
    slopes.clip(toValue: 0.5)
    #expect(slopes.tensors[2]?.value == 0.5)
  }

  @Test("schedules pass through their corners")
  func schedules() {
    #expect(Schedule.cosine(steps: 110, warmup: 10).factor(at: 4) == 0.5)
    #expect(abs(Schedule.cosine(steps: 110, warmup: 10, end: 0.2).factor(at: 60) - 0.6) < 1e-6)
    #expect(Schedule.cosine(steps: 110, warmup: 10, end: 0.2).factor(at: 500) == 0.2)
    #expect(Schedule.linear(steps: 10).factor(at: 5) == 0.5)
    #expect(Schedule.stairs(every: 2, factor: 0.5).factor(at: 5) == 0.25)
    #expect(Schedule.milestones([2, 5], factor: 0.1).factor(at: 4) == 0.1)
    #expect(Schedule.exponential(factor: 0.5).factor(at: 3) == 0.125)
  }

  @Test("a training stops early after checks without an improvement")
  func stopping() {
    var rule = EarlyStopping(patience: 2, margin: 0.1)
    #expect([1, 0.95, 0.8, 0.75, 0.72].map { rule.shouldStop(after: $0) } == [false, false, false, false, true])
  }

  @Test("ten thousand steps of training keep memory flat")
  func flatMemory() async {
    // In a process of its own: what tensors hold is counted for all tests that run at the time.
    await #expect(processExitsWith: .success) {
      var training = TrainingTests.makeTraining()
      for _ in 0..<20 { training.advance { model, _, random in model.loss(&random) } }
      let before = TensorMemory.statistics.used
      for _ in 0..<10_000 { training.advance { model, _, random in model.loss(&random) } }
      precondition(TensorMemory.statistics.used <= before + 1 << 16)
    }
  }
}
