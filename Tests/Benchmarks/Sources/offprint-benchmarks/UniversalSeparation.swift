import Layers
import Tensors
import UniversalSeparation

/// ResUNet30 at its published size on two seconds, and the notebook's training step on twelve seconds in a batch.
let universalWorkloads: [Workload] = [
  Workload(name: "resunet30 published forward of 2 s") { random in
    var network = conditional(.published(conditionSize: 527), &random)
    let (x, condition) = (random.normal([1, 64_000], deviation: 0.1), random.uniform([1, 527], in: 0..<1))
    return {
      do { _ = try network(x, conditions: condition, mode: .evaluation) } catch { preconditionFailure("\(error)") }
    }
  },
  Workload(name: "resunet30 scaled training step of 12") { random in
    let rule = Adam(rate: 2e-3, isDecoupled: true, usesLargest: true)
    var training = Training(conditional(.compact, &random), rule, random: random)
    let (x, target) = (random.normal([12, 8000], deviation: 0.1), random.normal([12, 8000], deviation: 0.1))
    let conditions = random.uniform([12, 12], in: 0..<1)
    return {
      do {
        _ = try training.advance { network, _, _ in
          try SeparationLoss.waveform(network(x, conditions: conditions, mode: .training), target)
        }
      } catch { preconditionFailure("the benchmark's separator: \(error)") }
    }
  },
]

private func conditional(_ sizes: ConditionalUNetConfiguration, _ random: inout RandomStream) -> ConditionalUNet {
  do { return try ConditionalUNet(sizes, random: &random) } catch { preconditionFailure("\(error)") }
}
