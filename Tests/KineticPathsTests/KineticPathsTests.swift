import Foundation
import KineticPaths
import Layers
import Tensors
import Testing

@Suite("Kinetic-optimal paths")
struct KineticPathsTests {
  @Test("data that noise leaves apart: the optimum is the straight path")
  func separated() throws {
    let curve = try SeparationCurve.separated()
    #expect(abs(curve.optimalEnergy - 2) < 1e-7)
    #expect(abs(curve.conditionalEnergy - 2) < 1e-12)
    #expect(abs(curve.cosineEnergy - .pi * .pi / 4) < 1e-7)
    let path = KineticOptimalPath(curve)
    for t in stride(from: 0.0, through: 1, by: 0.05) {
      #expect(abs(path(t).alpha - t) < 1e-6 && abs(path(t).sigma - (1 - t)) < 1e-6)
      #expect(abs(path(t).alphaRate - 1) < 1e-3 && abs(path(t).sigmaRate + 1) < 1e-3)
    }
    // Both cut at 1 - 10⁻⁵; the page's 3.7824 is cut a little later.
    #expect(abs(curve.linearEnergy - 3.7734) < 2e-4)
  }

  @Test("normal data: no path costs anything but the shortcut")
  func normalData() throws {
    let curve = try SeparationCurve.normalData()
    #expect(curve.length == 0 && curve.optimalEnergy == 0 && curve.cosineEnergy == 0)
    #expect(abs(curve.conditionalEnergy - (2 - .pi / 2)) < 1e-7)
    let path = KineticOptimalPath(curve)
    let middle = path(0.5)
    #expect(abs(middle.alpha - 0.5.squareRoot()) < 1e-12 && abs(middle.sigma - 0.5.squareRoot()) < 1e-12)
    #expect(abs(middle.alphaRate + middle.sigmaRate) < 1e-12)
  }

  @Test(
    "two points: the optimal energies of the table",
    arguments: [(1, 0.45912), (4, 1.28589), (16, 1.64549), (64, 1.82303), (256, 1.91155), (1024, 1.95578)]
  )
  func twoPoints(dimension: Int, energy: Double) throws {
    let curve = try SeparationCurve.twoPoints(dimension: dimension)
    #expect(abs(curve.optimalEnergy - energy) < 2e-4)
    // I = C₂ / √d.
    #expect(abs(curve.errorIntegral * Double(dimension).squareRoot() - 1.0176017) < 1e-4)
  }

  @Test("Cond-OT: quadrature in time and in angle agree", arguments: [(4, 1.491199), (16, 1.745600), (64, 1.872800)])
  func conditional(dimension: Int, energy: Double) throws {
    let error = try SeparationCurve.twoPointError(dimension: dimension)
    let byTime = SeparationCurve.energy(.conditional, error: error)
    let byAngle = try SeparationCurve.twoPoints(dimension: dimension).conditionalEnergy
    #expect(abs(byTime - energy) < 1e-5 && abs(byAngle - energy) < 1e-5)
  }

  @Test("rates of all paths are the slopes of α and σ")
  func rates() throws {
    let paths: [GaussianPath] = [
      .conditional, .cosine, .linearBeta, .optimal(KineticOptimalPath(try .twoPoints(dimension: 4, cells: 2000))),
    ]
    for path in paths {
      for t in [0.1, 0.35, 0.5, 0.8, 0.95] {
        let (before, now, after) = (path(t - 1e-3), path(t), path(t + 1e-3))
        #expect(abs((after.alpha - before.alpha) / 2e-3 - now.alphaRate) < 5e-3, "\(path.name)")
        #expect(abs((after.sigma - before.sigma) / 2e-3 - now.sigmaRate) < 5e-3, "\(path.name)")
      }
    }
  }

  @Test("the optimal path's own energy is the closed form, and descent ends within half a per cent above")
  func optimum() throws {
    let curve = try SeparationCurve.twoPoints(dimension: 16, cells: 2000)
    #expect(abs(curve.energy(.optimal(KineticOptimalPath(curve))) / curve.optimalEnergy - 1) < 2e-3)
    let descent = try PathDescent(curve)
    #expect(descent.energy / curve.optimalEnergy < 1.005 && descent.energy / curve.optimalEnergy > 0.9999)
  }

  @Test("energies are ordered, the gap is bounded, and errors keep below both bounds")
  func bounds() throws {
    var random = RandomStream(seed: 2)
    for (count, dimension) in [(4, 16), (32, 16), (8, 64)] {
      let cloud = try PointCloud.gaussian(count, dimension: dimension, random: &random)
      let curve = try SeparationCurve(estimatedFrom: cloud, random: &random)
      let i = curve.errorIntegral
      #expect(curve.optimalEnergy <= curve.conditionalEnergy)
      #expect(curve.optimalEnergy <= curve.bestVarianceKeepingEnergy)
      #expect(curve.bestVarianceKeepingEnergy <= curve.cosineEnergy && curve.cosineEnergy <= curve.linearEnergy)
      #expect(curve.conditionalEnergy - curve.optimalEnergy <= 2 * sin(i) - i + 1e-9)
      for (angle, error) in zip(curve.angles, curve.errors) {
        #expect(error <= SeparationBound.error(ratio: tan(angle), count: count, dimension: dimension) + 1e-12)
      }
      #expect(i <= SeparationBound.integral(count: count, dimension: dimension))
    }
    #expect(abs(SeparationBound.pair - 0.66287) < 1e-5)
  }

  @Test("both forms of the estimate agree, fewer points than coordinates or more")
  func forms() throws {
    var random = RandomStream(seed: 3)
    let few = try PointCloud.gaussian(6, dimension: 7, random: &random)
    // Zeros appended to the coordinates change nothing but d.
    let short = try PointCloud(asGiven: few.points.sliced(0..<5, axis: 1))
    let wide = try PointCloud(asGiven: Tensor.concatenated([short.points, .zeros([6, 5])], axis: 1))
    let noise = random.normal([12, 10], of: Double.self)
    let chosen = Tensor<Int>((0..<12).map { $0 % 6 })
    let narrow = try SeparationCurve(
      estimatedFrom: short,
      points: chosen,
      noise: noise.sliced(0..<5, axis: 1),
      cells: 24
    )
    let broad = try SeparationCurve(estimatedFrom: wide, points: chosen, noise: noise, cells: 24)
    for (a, b) in zip(narrow.errors, broad.errors) where a < 0.2 { #expect(abs(a - 2 * b) < 1e-12) }
  }

  @Test("the energy by draws of the velocity is the energy by λ")
  func sampled() throws {
    var random = RandomStream(seed: 4)
    let cloud = try PointCloud.gaussian(16, dimension: 64, random: &random)
    let curve = try SeparationCurve(estimatedFrom: cloud, draws: 4096, random: &random)
    for path in [GaussianPath.conditional, .cosine] {
      var (drawn, formula) = (0.0, 0.0)
      for step in 0..<40 {
        let schedule = path((Double(step) + 0.5) / 40)
        drawn += cloud.sampledPower(schedule, rounds: 64, random: &random)
        formula += curve.power(schedule)
      }
      #expect(abs(drawn / formula - 1) < 0.02)
    }
  }

  @Test("on Cond-OT both samplers take the same steps, and all paths end at the same places")
  func samplers() throws {
    var random = RandomStream(seed: 5)
    let cloud = try PointCloud.gaussian(8, dimension: 6, random: &random)
    let noise = random.normal([10, 6], of: Double.self)
    let euler = try PathSampler.euler.run(from: noise, along: .conditional, steps: 20, on: cloud)
    let ddim = try PathSampler.ddim.run(from: noise, along: .conditional, steps: 20, on: cloud)
    #expect(euler.isClose(to: ddim, absolute: 1e-9))
    let curve = try SeparationCurve(estimatedFrom: cloud, random: &random)
    let optimal = GaussianPath.optimal(KineticOptimalPath(curve))
    let ends = try [GaussianPath.conditional, .cosine, optimal].map {
      try PathSampler.ddim.run(from: noise, along: $0, steps: 1000, on: cloud)
    }
    for end in ends.dropFirst() { #expect((end - ends[0]).squared().mean().value < 1e-3) }
  }

  @Test("normalising says what it changed")
  func normalizing() throws {
    // The mean is (2, 4): its mean square is 10.
    let (cloud, correction) = try PointCloud.normalizing(Tensor([0, 2, 4, 6], shape: [2, 2]))
    #expect(cloud.points.values == [-1, -1, 1, 1])
    #expect(abs(correction.shift - 10.0.squareRoot()) < 1e-12 && abs(correction.scale - 2) < 1e-12)
    #expect(!correction.isNone)
    #expect(try PointCloud.normalizing(cloud.points).correction.isNone)
  }

  @Test("the network has the stated size and learns a velocity")
  func network() throws {
    var random = RandomStream(seed: 6)
    #expect(VelocityNetwork(dimension: 64, random: &random).parameterCount == 53_696)
    var small = VelocityNetwork(dimension: 2, width: 16, random: &random)
    let data = Tensor<Float>([1, 1, -1, -1], shape: [2, 2])
    let losses = small.train(on: data, along: .conditional, steps: 300, batch: 32, random: random)
    let (first, last) = (losses.prefix(30).reduce(0, +), losses.suffix(30).reduce(0, +))
    #expect(last < 0.8 * first)
  }

  static let refusals: [(call: @Sendable () throws -> Void, message: String)] = [
    ({ _ = try PointCloud(asGiven: .zeros([3])) }, "the points: expected shape [n, d], got [3]"),
    ({ _ = try PointCloud(asGiven: .zeros([0, 3])) }, "0 points of 3 coordinates; give at least one of each"),
    ({ _ = try PointCloud(asGiven: .zeros([3, 0])) }, "3 points of 0 coordinates; give at least one of each"),
    (
      { _ = try PointCloud(asGiven: Tensor([0, .nan], shape: [1, 2])) },
      "coordinate 1 of point 0 is not finite; remove the point"
    ),
    (
      { _ = try PointCloud.normalizing(.ones([1, 4])) },
      "the 1 points are all the same, so that centred they are zero and have no scale; give different points"
    ),
    ({ _ = try SeparationCurve(errors: []) }, "number of cells must be at least 1, got 0.0"),
    ({ _ = try SeparationCurve(errors: [-1]) }, "every mean square error must be zero or positive, got -1.0"),
    ({ _ = try SeparationCurve.twoPoints(dimension: 0) }, "dimension must be at least 1, got 0.0"),
    ({ _ = try PathDescent(.separated(), segments: 1) }, "number of segments must be at least 2, got 1.0"),
    (
      {
        let cloud = try PointCloud(asGiven: Tensor([1, -1], shape: [2, 1]))
        _ = try PathSampler.ddim.run(from: .zeros([1, 2]), along: .conditional, steps: 1, on: cloud)
      }, "the noise: expected shape [samples, 1], got [1, 2]"
    ),
  ]

  @Test("bad input gets one clear error", arguments: refusals.indices)
  func refused(index: Int) {
    let error = #expect(throws: KineticPathError.self) { try Self.refusals[index].call() }
    #expect(error?.description == Self.refusals[index].message)
  }
}
