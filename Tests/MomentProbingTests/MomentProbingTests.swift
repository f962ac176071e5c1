import Layers
import MomentProbing
import Tensors
import TestSupport
import Testing

@Suite("Moment probing")
struct MomentProbingTests {
  private static func head(_ shape: MomentHeadConfiguration, seed: UInt64 = 3) -> MomentHead {
    var random = RandomStream(seed: seed)
    return MomentHead(shape, random: &random)
  }

  @Test("heads have the stated numbers of learned values, and the paper's counts are those of the classifiers")
  func counts() throws {
    let published = try MomentHeadConfiguration.vitBase()
    #expect(Self.head(published).parameterCount == 4_047_146)
    #expect(published.parameterCount == 4_047_146)
    #expect(published.classifierParameterCount == 3_653_000)
    let recalibration = RecalibratingParameters.parameterCount(width: 768, blocks: 12)
    #expect(recalibration == 442_368)
    #expect(published.parameterCount + recalibration == 4_489_514)
    #expect(published.classifierParameterCount + recalibration == 4_095_368)
    #expect(try MomentHeadConfiguration.vitBase(classes: 100).parameterCount == 394_146 + 3653 * 100)
    var random = RandomStream(seed: 1)
    #expect(LinearProbe(width: 768, classes: 1000, random: &random).parameterCount == 769_000)
    #expect(RecalibratingParameters(width: 768, random: &random).parameterCount == 36_864)
    let small = try MomentHeadConfiguration.small()
    #expect(Self.head(small).parameterCount == 5539 && small.parameterCount == 5539)
    #expect(small.side == 5 && small.featureCount == 75)
    #expect(LinearProbe(width: 48, classes: 5, random: &random).parameterCount == 245)
  }

  @Test("pairings name each pair once", arguments: [2, 4, 6, 8])
  func pairings(_ heads: Int) {
    let counts = HeadPairing.allCases.map { $0.pairs(heads: heads).count }
    #expect(counts == [heads - 1, heads - 1, heads / 2, heads * (heads - 1) / 2])
    for pairing in HeadPairing.allCases {
      let pairs = pairing.pairs(heads: heads)
      #expect(pairs.allSatisfy { 0 <= $0.rows && $0.rows < $0.columns && $0.columns < heads })
      #expect(Set(pairs.map { "\($0)" }).count == pairs.count)
    }
  }

  @Test(
    "a head of any pairing has the stated shape and as many learned values as its configuration says",
    arguments: HeadPairing.allCases,
    [HeadLayout.contiguous, .interleaved]
  )
  func anyHead(_ pairing: HeadPairing, _ layout: HeadLayout) throws {
    let shape = try MomentHeadConfiguration(
      width: 10,
      hiddenWidth: 32,
      classes: 3,
      pairing: pairing,
      layout: layout,
      moments: .second
    )
    let head = Self.head(shape)
    var random = RandomStream(seed: 2)
    let tokens = random.normal([2, 6, 10])
    #expect(try head.scores(pooled: tokens.mean(1), tokens: tokens).shape == [2, 3])
    #expect(head.parameterCount == shape.parameterCount)
    let lengths = try head.crossMoments(tokens).norm([-2])
    let isUnit = lengths.values.allSatisfy { abs($0 - 1) < 1e-5 }
    #expect(isUnit == shape.normalizesColumns)
  }

  @Test("contiguous and interleaved heads are the same up to the order of the projection's rows")
  func layouts() throws {
    let contiguous = Self.head(try MomentHeadConfiguration(width: 10, hiddenWidth: 32, classes: 3))
    var interleaved = Self.head(
      try MomentHeadConfiguration(width: 10, hiddenWidth: 32, classes: 3, layout: .interleaved)
    )
    // Row i·m + j of one is row j·h + i of the other.
    let order = Tensor<Int>((0..<32).map { ($0 % 4) * 8 + $0 / 4 })
    interleaved.projection.weight = contiguous.projection.weight.indexSelected(order)
    interleaved.projection.bias = contiguous.projection.bias?.indexSelected(order)
    var random = RandomStream(seed: 2)
    let tokens = random.normal([2, 6, 10])
    let (a, b) = (try contiguous.crossMoments(tokens), try interleaved.crossMoments(tokens))
    #expect(a.isClose(to: b, absolute: 1e-6))
  }

  @Test("a feature map is read as its places and their mean")
  func maps() throws {
    var random = RandomStream(seed: 2)
    let shape = try MomentHeadConfiguration(width: 10, hiddenWidth: 32, classes: 3, layout: .interleaved)
    let head = MomentHead(shape, normsPooled: true, random: &random)
    #expect(head.parameterCount == shape.parameterCount + 20)
    let map = random.normal([2, 10, 3, 4])
    let tokens = map.reshaped([2, 10, 12]).permuted([0, 2, 1])
    let expected = try head.scores(pooled: tokens.mean(1), tokens: tokens)
    #expect(try head.scores(map: map).isClose(to: expected, absolute: 1e-5))
  }

  @Test("removing one number a sample after a norm without weights changes nothing; removing channel means does")
  func centering() throws {
    func moments(_ centering: Centering) throws -> Tensor<Float> {
      let shape = try MomentHeadConfiguration(width: 10, hiddenWidth: 32, classes: 3, centering: centering)
      var random = RandomStream(seed: 2)
      return try Self.head(shape).crossMoments(random.normal([2, 6, 10]))
    }
    let (plain, sample, channel) = (try moments(.none), try moments(.sample), try moments(.channel))
    #expect(sample.isClose(to: plain, absolute: 1e-6))
    #expect(!channel.isClose(to: plain, absolute: 1e-2))
  }

  @Test("a column of zeros stays zero and passes no gradient")
  func zeroColumn() {
    let matrix = Tensor<Double>([3, 0, 4, 0], shape: [1, 2, 2])
    #expect(CrossMoment.unitColumns(matrix).isClose(to: Tensor([0.6, 0, 0.8, 0], shape: [1, 2, 2])))
    let upstream = Tensor<Double>([1, 2, 3, 4], shape: [1, 2, 2])
    let gradient = gradient(at: matrix) { (CrossMoment.unitColumns($0) * upstream).sum() }
    #expect(gradient[0, 0, 1] == 0 && gradient[0, 1, 1] == 0)
    #expect(gradient.values.allSatisfy { $0.isFinite })
  }

  @Test("gradients of the normalised moments equal differences")
  func momentGradient() {
    var random = RandomStream(seed: 5)
    let inputs = [random.normal([2, 5, 3], of: Double.self), random.normal([2, 5, 4], of: Double.self)]
    for centering in [Centering.none, .sample, .channel] {
      let error = GradientCheck.largestError(at: inputs) {
        CrossMoment.unitColumns(CrossMoment.matrix($0[0], $0[1], centering: centering))
      }
      #expect(error < 1e-6, "\(centering)")
    }
  }

  @Test("one token is enough, and gives matrices of rank one")
  func oneToken() throws {
    let head = Self.head(try MomentHeadConfiguration(width: 10, hiddenWidth: 32, classes: 3))
    var random = RandomStream(seed: 2)
    let matrices = try head.crossMoments(random.normal([1, 1, 10]))
    // Columns of unit length that are multiples of one vector: equal up to sign.
    let first = matrices.selected(0).selected(0).transposed()
    let products = first.matmul(first, transposesRight: true).abs()
    #expect(products.values.allSatisfy { abs($0 - 1) < 1e-4 })
  }

  @Test("scores do not depend on the order of the tokens")
  func orderOfTokens() throws {
    let head = Self.head(try .small())
    var random = RandomStream(seed: 2)
    let tokens = random.normal([2, 9, 48])
    let turned = tokens.reversed(axis: 1)
    let (a, b) = (
      try head.scores(pooled: tokens.mean(1), tokens: tokens), try head.scores(pooled: turned.mean(1), tokens: turned)
    )
    #expect(a.isClose(to: b, absolute: 1e-5))
  }

  @Test("shots take as many examples of each class, equal seeds the same ones")
  func shots() throws {
    let labels = (0..<40).map { $0 % 3 }
    let tokens = Tensor<Float>((0..<40).map(Float.init), shape: [40, 1, 1])
    let set = try FeatureSet(tokens: tokens, labels: labels, classes: 3)
    func drawn(_ seed: UInt64) throws -> FeatureSet {
      var random = RandomStream(seed: seed)
      return try set.shots(4, random: &random)
    }
    let first = try drawn(1)
    #expect(first.labels.values == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
    let isOwn = zip(first.tokens.values, first.labels.values).allSatisfy { Int($0) % 3 == $1 }
    #expect(isOwn)
    #expect(Set(first.tokens.values).count == 12)
    #expect(try drawn(1).tokens == first.tokens)
    #expect(try drawn(2).tokens != first.tokens)
  }

  @Test("standardised features have mean 0 and variance 1 in each channel")
  func standard() throws {
    var random = RandomStream(seed: 2)
    let tokens = random.normal([30, 7, 4]) * Tensor<Float>([1, 5, 0.1, 20]) + 3
    let set = try FeatureSet(tokens: tokens, labels: (0..<30).map { _ in 0 }, classes: 1).standardized()
    let rows = set.tokens.reshaped([-1, 4])
    #expect(rows.mean(0).values.allSatisfy { abs($0) < 1e-4 })
    #expect(rows.variance([0]).values.allSatisfy { abs($0 - 1) < 1e-3 })
    #expect(set.pooled.variance([0]).values.allSatisfy { abs($0 - 1) < 1e-3 })
  }

  @Test("classes that differ in covariance only are told apart by second moments, not by the mean")
  func covarianceClasses() throws {
    var random = RandomStream(seed: 11)
    let classes = try CovarianceClasses(5, width: 16, random: &random)
    let training = try classes.examples(200, tokens: 64, random: &random)
    let test = try classes.examples(200, tokens: 64, random: &random)
    var head = MomentHead(try MomentHeadConfiguration(width: 16, hiddenWidth: 96, classes: 5), random: &random)
    try head.learn(training, random: RandomStream(seed: 1))
    var linear = LinearProbe(width: 16, classes: 5, random: &random)
    try linear.learn(training, random: RandomStream(seed: 1))
    #expect(try head.accuracy(test) >= 0.8)
    #expect(try linear.accuracy(test) <= 0.35)
  }
}

@Suite("Transformers with probes")
struct ProbedTransformerTests {
  private static func plain(_ random: inout RandomStream) throws -> ProbedTransformer<LinearProbe> {
    ProbedTransformer(
      try TransformerShape(width: 12, blocks: 2, heads: 3),
      probe: LinearProbe(width: 12, classes: 5, random: &random),
      random: &random
    )
  }

  @Test("recalibration that begins at zero leaves scores as they are; the official beginning does not")
  func identity() throws {
    var random = RandomStream(seed: 1)
    var model = try Self.plain(&random)
    let pictures = random.normal([3, 1, 8, 8])
    let before = try model.scores(pictures)
    #expect(before.shape == [3, 5])
    model.addRecalibration(rank: 4, startsAtIdentity: true, random: &random)
    #expect(try model.scores(pictures) == before)
    model.addRecalibration(rank: 4, random: &random)
    #expect(try model.scores(pictures) != before)
  }

  @Test("a second probe on the same backbone sees the same features, and only chosen parameters learn")
  func freezing() throws {
    var random = RandomStream(seed: 1)
    let model = try Self.plain(&random)
    let shape = try MomentHeadConfiguration(width: 12, hiddenWidth: 28, classes: 5)
    var probed = ProbedTransformer(model, probe: MomentHead(shape, random: &random))
    let pictures = random.normal([3, 1, 8, 8])
    #expect(try probed.features(pictures).tokens == model.features(pictures).tokens)
    probed.addRecalibration(random: &random)
    let names = probed.namedTensors.map(\.name)
    let selects: @Sendable (String) -> Bool = { $0.hasPrefix("probe.") || $0.contains(".psrp.") }
    var training = Training(probed, ProbeRecipe().optimizer, selects: selects, random: RandomStream(seed: 2))
    try training.advance { model, _, _ in Loss.crossEntropy(try model.scores(pictures), Tensor<Int>([0, 1, 2])) }
    for (old, new) in zip(probed.namedTensors, training.model.namedTensors) {
      #expect((old.tensor == new.tensor) == !selects(old.name), "\(old.name)")
    }
    #expect(names.count { $0.contains(".psrp.") } == 6)
    #expect(probed.parameterCount == model.parameterCount - 65 + shape.parameterCount + 2 * 3 * 16 * 12)
  }

  @Test("each place of the convolutional backbone's map is a token")
  func convolutional() throws {
    var random = RandomStream(seed: 1)
    let backbone = ConvolutionalBackbone(width: 6, classes: 5, random: &random)
    let tokens = try backbone.tokens(random.normal([2, 1, 8, 8]))
    #expect(tokens.shape == [2, 64, 6])
  }
}
