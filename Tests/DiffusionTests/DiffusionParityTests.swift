import Diffusion
import Tensors
import TestSupport
import Testing

private let paper = "linear-diffusion-transformer"

@Suite("Parity of diffusion")
struct DiffusionParityTests {
  /// The fixtures' README: the official package keeps some values of the schedule in single precision.
  static let tolerance = 1e-6
  static let cases = Parity.cases(paper, prefix: "diffusion_")

  private static func differ(_ got: [Double], _ expected: [Double]) -> String? {
    mismatch(got, expected, ofLargest: tolerance)
  }

  /// A file's arrays and its schedule, respaced where it has fewer than a thousand steps.
  private struct Setting {
    let file: SafetensorsFile
    let schedule: NoiseSchedule
    let steps: [Int]

    init(_ fixture: ParityCase) throws {
      file = try fixture.load().file
      let whole = try NoiseSchedule.linear()
      let count = try file.doubles("betas").count
      var schedule = count == whole.count ? whole : try whole.respaced(to: count)
      schedule.roundsFactors = true
      self.schedule = schedule
      steps = try file.integers("t_index").values
    }

    func tensor(_ name: String) throws -> Tensor<Double> {
      Tensor(try file.doubles(name), shape: try #require(file[name]).shape)
    }
  }

  @Test("schedules equal the official ones", arguments: cases)
  func schedule(_ fixture: ParityCase) throws {
    let setting = try Setting(fixture)
    #expect(setting.schedule.timesteps == (try setting.file.integers("timestep_map").values))
    #expect(Self.differ(setting.schedule.betas, try setting.file.doubles("betas")) == nil)
  }

  @Test("noisy items and steps back equal the official ones", arguments: cases)
  func steps(_ fixture: ParityCase) throws {
    let setting = try Setting(fixture)
    let schedule = setting.schedule
    let items = try schedule.noised(setting.tensor("x0"), noise: setting.tensor("noise"), at: setting.steps)
    #expect(Self.differ(items.values, try setting.file.doubles("x_t")) == nil)
    let prediction = try NoisePrediction(setting.tensor("model_out"), channels: 1)
    let back = try schedule.reverse(prediction, items: items, at: setting.steps, clippedTo: -1...1)
    #expect(Self.differ(back.start.values, try setting.file.doubles("pred_x0_clipped")) == nil)
    #expect(Self.differ(back.mean.values, try setting.file.doubles("p_mean_clipped")) == nil)
    #expect(Self.differ(back.logVariance.values, try setting.file.doubles("p_logvar")) == nil)
  }

  @Test("both terms of the loss and their gradient equal the official ones", arguments: cases)
  func loss(_ fixture: ParityCase) throws {
    let setting = try Setting(fixture)
    let schedule = setting.schedule
    let (start, noise) = (try setting.tensor("x0"), try setting.tensor("noise"))
    let items = try schedule.noised(start, noise: noise, at: setting.steps)
    func terms(_ output: Tensor<Double>) throws -> DiffusionLoss<Double> {
      let prediction = try NoisePrediction(output, channels: 1)
      return try schedule.loss(prediction, start: start, noise: noise, items: items, at: setting.steps)
    }
    let output = try setting.tensor("model_out")
    let found = try terms(output)
    #expect(Self.differ(found.meanSquare.values, try setting.file.doubles("mse")) == nil)
    #expect(Self.differ(try #require(found.bound).values, try setting.file.doubles("vb_bits")) == nil)
    let gradient = try valueWithGradient(at: [output]) {
      let found = try terms($0[0])
      return (found.meanSquare + (try #require(found.bound))).sum()
    }.gradients[0]
    #expect(Self.differ(gradient.values, try setting.file.doubles("d_model_out")) == nil)
  }
}
