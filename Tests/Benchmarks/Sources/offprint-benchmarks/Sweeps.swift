import AdversarialMDP
import GenerativeClassifiers
import ModeConnectivity
import Statistics
import Tensors

/// Many small runs, one a seed, beside PyTorch, NumPy and scikit-learn.
let sweepWorkloads: [Workload] =
  [
    Workload(name: "sweep of 8 MLP trainings, 48 steps each") { random in
      let data = ClassData(random.normal([1024, 64]), (0..<1024).map { $0 % 10 })
      let plan = PerceptronTraining(epochs: 3)
      return {
        _ = each(8) { _, random in
          var beginning = random.stream(0)
          let start = Perceptron<Float>(widths: [64, 64, 64, 64, 10], random: &beginning)
          return try plan.run(start, data, random: random.stream(1))
        }
      }
    },
    Workload(name: "sweep of 12 worlds, 1000 MDP episodes each") { _ in
      let problems = each(12) { _, random in try RegretProblem(.small, episodes: 1000, random: random) }
      return {
        _ = each(12) { index, _ in try problems[index].run(RegretAlgorithm.luo.settings(episodes: 1000)).regret }
      }
    },
  ]
  + [(99, 20), (999, 50), (4998, 100)].map { samples, features in
    Workload(name: "sweep of 8 logistic regressions, \(samples)x\(features)") { _ in
      let classes = GaussianClasses.simulation(features: features, classes: 3)
      let data = each(8) { _, random in try classes.sample(samples, random: &random) }
      return { _ = each(8) { index, _ in try LogisticRegression().fit(data[index]) } }
    }
  }

private func each<Result: Sendable>(
  _ count: Int,
  _ body: @Sendable (Int, inout RandomStream) throws -> Result
) -> [Result] {
  do { return try Seeds(count, seed: 1).run(body) } catch { preconditionFailure("\(error)") }
}
