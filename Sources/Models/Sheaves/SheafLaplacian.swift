public import Tensors

/// How a sheaf's Laplacian is scaled.
public enum SheafNormalization: Sendable, Equatable {
  /// δᵀδ as it is.
  case none
  /// (D + I)^(-1/2) L (D + I)^(-1/2), D the blocks on L's diagonal.
  case block
  /// The same with the nodes' degrees for D.
  case degree

  /// Chooses by two switches.
  ///
  /// - Throws: `SheafError.bothNormalizations`.
  public init(block: Bool, degree: Bool) throws(SheafError) {
    guard !(block && degree) else { throw .bothNormalizations }
    self = block ? .block : degree ? .degree : .none
  }
}

/// Further stalk dimensions whose maps are not learned.
public struct FixedDimensions: Sendable, Equatable {
  /// One whose blocks beside the diagonal are +1.
  public var lowPass: Bool
  /// One whose blocks beside the diagonal are -1.
  public var highPass: Bool

  /// Chooses the dimensions.
  public init(lowPass: Bool = false, highPass: Bool = false) { (self.lowPass, self.highPass) = (lowPass, highPass) }

  /// Entries beside the diagonal, one a dimension.
  var signs: [Double] { (lowPass ? [1] : []) + (highPass ? [-1] : []) }
}

/// The Laplacian of a sheaf as blocks: one a node, one an undirected edge, so that memory grows with edges.
///
/// Source: section 2.1 and 2.2 of the method.
public struct SheafLaplacian<Scalar: TensorScalar>: Sendable {
  /// The graph.
  public let graph: SheafGraph
  /// Size of a stalk, fixed dimensions included.
  public let stalk: Int
  /// Blocks on the diagonal: `[n, stalk]` where they are diagonal, else `[n, stalk, stalk]`.
  public let diagonal: Tensor<Scalar>
  /// Block (lower, upper) of each edge, `[E, stalk]` or `[E, stalk, stalk]`; the other block is its transpose.
  public let sides: Tensor<Scalar>

  /// Makes a Laplacian of blocks, fixed dimensions appended.
  init(
    _ graph: SheafGraph,
    diagonal: Tensor<Scalar>,
    sides: Tensor<Scalar>,
    _ normalization: SheafNormalization,
    _ fixed: FixedDimensions
  ) {
    let signs = fixed.signs
    stalk = diagonal.shape[1] + signs.count
    self.graph = graph
    guard !signs.isEmpty else {
      (self.diagonal, self.sides) = (diagonal, sides)
      return
    }
    let degrees = graph.degrees.map(Double.init)
    let scales = degrees.map { normalization == .block ? 1 / ($0 + 1).squareRoot() : 1 }
    let own = zip(degrees, scales).map { $0 * $1 * $1 }
    let joint = zip(graph.lower.values, graph.upper.values).map { scales[$0] * scales[$1] }
    self.diagonal = Self.appended(diagonal, own, signs.map { _ in 1 })
    self.sides = Self.appended(sides, joint, signs)
  }

  /// Appends diagonal entries value · sign to every block.
  private static func appended(_ blocks: Tensor<Scalar>, _ values: [Double], _ signs: [Double]) -> Tensor<Scalar> {
    let (old, count) = (blocks.shape[1], signs.count)
    if blocks.rank == 2 {
      let entries = values.flatMap { value in signs.map { Scalar(value * $0) } }
      return Tensor.concatenated([blocks, Tensor(entries, shape: [values.count, count])], axis: 1)
    }
    let size = old + count
    var entries = [Scalar](repeating: 0, count: values.count * size * size)
    for (index, value) in values.enumerated() {
      for (place, sign) in signs.enumerated() {
        entries[index * size * size + (old + place) * (size + 1)] = Scalar(value * sign)
      }
    }
    return blocks.padded(after: count, axis: 1).padded(after: count, axis: 2)
      + Tensor(entries, shape: [values.count, size, size])
  }

  /// The whole matrix, `[n · stalk, n · stalk]`, with gradients.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func dense() -> Tensor<Scalar> {
    let size = graph.nodeCount * stalk
    let identity = Tensor<Scalar>.identity(size).reshaped([graph.nodeCount, stalk, size])
    return applied(to: identity).reshaped([size, size])
  }

  /// Dirichlet energy xᵀ Δ x, summed over channels, of x `[n, stalk, channels]`.
  public func energy(_ x: Tensor<Scalar>) -> Double { x.dotProduct(applied(to: x)) }
}
