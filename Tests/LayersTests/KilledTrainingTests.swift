import Foundation
import Layers
import Tensors
import Testing

/// A training in a process of its own that is killed as by `kill -9`, wherever it is: in a step, or while it writes.
@Suite("Killed trainings")
struct KilledTrainingTests {
  struct Network: Module {
    var layers: [Linear]

    init(_ random: inout RandomStream) {
      layers = [3, 16].map { Linear(inputSize: $0, outputSize: 16, random: &random) }
    }

    mutating func loss(_ random: inout RandomStream) -> Tensor<Float> {
      let x = random.normal([20, 3])
      let hidden = Dropout(rate: 0.1)(layers[0](x).tanh(), mode: .training, random: &random)
      return Loss.meanSquare(layers[1](hidden), x.repeated(6, axis: 1).sliced(0..<16, axis: 1))
    }

    mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("layers", &layers) }
  }

  static func makeTraining() -> Training<Network, Adam> {
    var random = RandomStream(seed: 21)
    return Training(Network(&random), Adam(rate: 1e-3), clipNorm: 1, averageDecay: 0.9, random: random.stream(1))
  }

  @Test("after being killed many times it resumes and ends with the same bits", .timeLimit(.minutes(1)))
  func killing() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("killed-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("training.safetensors").path
    // Microseconds from the first step, without a common rhythm with steps or writes.
    for delay in [1_300, 3_700, 7_100, 11_900, 20_300, 31_700] as [UInt32] {
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as UInt32] in
        var training = Self.makeTraining()
        var isArmed = false
        try training.run(steps: .max, checkpoint: path, every: 2) { model, _, random in
          if !isArmed {
            isArmed = true
            Thread.detachNewThread {
              usleep(delay)
              kill(getpid(), SIGKILL)
            }
          }
          return model.loss(&random)
        }
      }
    }
    var resumed = Self.makeTraining()
    try resumed.load(path)
    #expect(resumed.step > 0)
    let end = resumed.step + 7
    try resumed.run(steps: end) { model, _, random in model.loss(&random) }
    var whole = Self.makeTraining()
    try whole.run(steps: end) { model, _, random in model.loss(&random) }
    #expect(resumed.model.namedTensors == whole.model.namedTensors)
    #expect(resumed.average?.model.namedTensors == whole.average?.model.namedTensors)
  }
}
