import LabelNoise
import Statistics
import Tensors
import TestSupport
import Testing

private let paper = "web-label-noise"

@Suite("Parity of training on noisy labels")
struct LabelNoiseParityTests {
  @Test("mixtures of losses from their fixed start", arguments: Parity.cases(paper, prefix: "gmm_"))
  func mixtures(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let values = try data["x"]
    let mixture = LossMixture(values)
    #expect(mismatch(mixture.means, try data["means"], absolute: 1e-6) == nil)
    #expect(mismatch(mixture.variances, try data["variances"], absolute: 1e-6) == nil)
    #expect(mismatch(mixture.weights, try data["weights"], absolute: 1e-6) == nil)
    #expect(try [Double(mixture.iterations)] == data["iterations"])
    let posteriors = values.map { mixture.highPosterior($0) }
    #expect(mismatch(posteriors, try data["p_high"], absolute: 1e-6) == nil)
    #expect(try posteriors.map { $0 > 0.95 ? 1 : 0 } == data["noisy"])
  }

  @Test("class-balanced logistic regression", arguments: Parity.cases(paper, prefix: "logit_"))
  func regression(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let labels = try data["z"].map { Int($0) }
    let samples = try LabelledData(features: data.file.doubleTensor("X"), labels: labels, classes: 2)
    let fit = try LogisticRegression(dataWeight: data["C"][0], isBalanced: true, tolerance: 1e-11).fit(samples)
    #expect(mismatch(fit.classifier.weights.selected(1).values, try data["coef"], absolute: 1e-5) == nil)
    #expect(mismatch([fit.classifier.biases[1]], try data["intercept"], absolute: 1e-5) == nil)
    let probabilities = fit.classifier.probabilities(samples.features).selected(1, axis: 1).values
    #expect(mismatch(probabilities, try data["proba"], absolute: 1e-5) == nil)
    let area = try ReceiverOperating.area(scores: probabilities, isMember: labels.map { $0 == 1 })
    #expect(mismatch([area], try data["auc"], absolute: 1e-5) == nil)
  }

  @Test("area under the curve", arguments: Parity.cases(paper, prefix: "auc_"))
  func area(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let area = try ReceiverOperating.area(scores: data["scores"], isMember: data["labels"].map { $0 == 1 })
    #expect(mismatch([area], try data["auc"], absolute: 1e-12) == nil)
  }

  @Test("NT-Xent and its gradients", arguments: Parity.cases(paper, prefix: "ntxent"))
  func ntXent(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let temperature = try data["tau"][0]
    let views = [try data.file.doubleTensor("a"), try data.file.doubleTensor("b")]
    let (loss, gradients) = valueWithGradient(at: views) {
      ContrastiveLosses.ntXent($0[0], $0[1], temperature: temperature)
    }
    #expect(mismatch([loss.value], try data["loss"], relative: 1e-9) == nil)
    #expect(mismatch(gradients[0].values, try data["grad_a"], relative: 1e-9, absolute: 1e-12) == nil)
    #expect(mismatch(gradients[1].values, try data["grad_b"], relative: 1e-9, absolute: 1e-12) == nil)
  }

  @Test("losses with pseudo-labels and their gradients", arguments: Parity.cases(paper, prefix: "pls_losses"))
  func losses(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let (weights, targets) = (Tensor(try data["weights"]), try data.file.doubleTensor("targets"))
    let partner = try data["partner"].map { Int($0) }
    let (share, temperature) = (try data["lam"][0], try data["mu"][0])
    let inputs = try ["logits", "feats1", "feats2"].map { try data.file.doubleTensor($0) }
    func parts(_ inputs: [Tensor<Double>]) -> [Tensor<Double>] {
      [
        ContrastiveLosses.mixed(
          logits: inputs[0],
          targets: targets,
          weights: weights,
          partner: partner,
          share: share
        ),
        ContrastiveLosses.supervised(
          inputs[1],
          inputs[2],
          classes: targets.argMax().values,
          partner: partner,
          share: share,
          temperature: temperature
        ),
        ContrastiveLosses.balance(logits: inputs[0]),
      ]
    }
    let values = parts(inputs).map(\.value)
    for (value, name) in zip(values, ["loss_class", "loss_contrastive", "penalty"]) {
      #expect(mismatch([value], try data[name], relative: 1e-9, absolute: 1e-13) == nil, "\(name)")
    }
    let gradients = valueWithGradient(at: inputs) { parts($0).reduce(Tensor(0.0)) { $0 + $1 } }.gradients
    for (gradient, name) in zip(gradients, ["grad_logits", "grad_feats1", "grad_feats2"]) {
      #expect(mismatch(gradient.values, try data[name], relative: 1e-9, absolute: 1e-12) == nil, "\(name)")
    }
  }
}
