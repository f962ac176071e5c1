internal import Solvers
public import Tensors

extension SheafLaplacian {
  /// A sheaf whose maps are diagonal.
  ///
  /// - Parameters:
  ///   - entries: diagonals of the maps of directed edges, `[2E, d]`.
  ///   - graph: the graph.
  ///   - normalization: how it is scaled.
  ///   - fixed: further dimensions.
  /// - Returns: the Laplacian.
  /// - Throws: `SheafError.parameterShape`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func diagonal(
    _ entries: Tensor<Scalar>,
    on graph: SheafGraph,
    normalization: SheafNormalization = .block,
    fixed: FixedDimensions = FixedDimensions()
  ) throws(SheafError) -> SheafLaplacian {
    let size = entries.rank == 2 ? entries.shape[1] : 1
    guard entries.shape == [graph.sources.count, size] else {
      throw .parameterShape(family: "diagonal", expected: [graph.sources.count, size], got: entries.shape)
    }
    let own = entries.squared().scatterAddedRows(graph.sources, count: graph.nodeCount)
    let sides = -(entries.gatheredRows(graph.forward) * entries.gatheredRows(graph.backward))
    return scaled(graph, own, sides, normalization, fixed, degreeFactor: 1)
  }

  /// A sheaf whose maps are orthogonal, times a weight where given.
  ///
  /// - Parameters:
  ///   - maps: orthogonal maps of directed edges, `[2E, d, d]`.
  ///   - weights: one factor a directed edge, `[2E, 1]`.
  ///   - graph: the graph.
  ///   - normalization: how it is scaled.
  ///   - fixed: further dimensions.
  /// - Returns: the Laplacian.
  /// - Throws: `SheafError.parameterShape`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func bundle(
    _ maps: Tensor<Scalar>,
    weights: Tensor<Scalar>? = nil,
    on graph: SheafGraph,
    normalization: SheafNormalization = .block,
    fixed: FixedDimensions = FixedDimensions()
  ) throws(SheafError) -> SheafLaplacian {
    let size = try checkedSize(maps, graph, "bundle")
    var sides = -maps.gatheredRows(graph.forward).blockProducts(maps.gatheredRows(graph.backward))
    var own = Tensor<Scalar>(graph.degrees.map { Scalar($0) }, shape: [graph.nodeCount, 1])
    if let weights {
      guard weights.shape == [graph.sources.count, 1] else {
        throw .parameterShape(family: "edge weights", expected: [graph.sources.count, 1], got: weights.shape)
      }
      own = weights.squared().scatterAddedRows(graph.sources, count: graph.nodeCount)
      let joint = weights.gatheredRows(graph.forward) * weights.gatheredRows(graph.backward)
      sides = sides * joint.expanded(at: 2)
    }
    let whole = own.broadcast(to: [graph.nodeCount, size])
    return scaled(graph, whole, sides, normalization, fixed, degreeFactor: 1, scalar: own)
  }

  /// A sheaf whose maps are any matrices; blocks are kept in -1…1 where they are normalised by themselves.
  ///
  /// - Parameters:
  ///   - maps: maps of directed edges, `[2E, d, d]`.
  ///   - graph: the graph.
  ///   - normalization: how it is scaled.
  ///   - fixed: further dimensions.
  /// - Returns: the Laplacian.
  /// - Throws: `SheafError.parameterShape`, or `SolverError` where a map is not finite.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func general(
    _ maps: Tensor<Scalar>,
    on graph: SheafGraph,
    normalization: SheafNormalization = .block,
    fixed: FixedDimensions = FixedDimensions()
  ) throws -> SheafLaplacian {
    let size = try checkedSize(maps, graph, "general")
    let own = maps.blockProducts(maps).scatterAddedRows(graph.sources, count: graph.nodeCount)
    let sides = -maps.gatheredRows(graph.forward).blockProducts(maps.gatheredRows(graph.backward))
    guard normalization == .block else {
      return scaled(graph, own, sides, normalization, fixed, degreeFactor: size)
    }
    let root = try (own + Tensor.identity(size)).inverseSquareRoots()
    let (low, high) = (root.gatheredRows(graph.lower), root.gatheredRows(graph.upper))
    // Roots are symmetric, so that a transposed one is the same.
    let scaledOwn = root.blockProducts(own).matmul(root).clamped(to: -1...1)
    let scaledSides = low.blockProducts(sides).matmul(high).clamped(to: -1...1)
    return SheafLaplacian(graph, diagonal: scaledOwn, sides: scaledSides, normalization, fixed)
  }

  private static func checkedSize(
    _ maps: Tensor<Scalar>,
    _ graph: SheafGraph,
    _ family: String
  ) throws(SheafError) -> Int {
    let size = maps.shape.last ?? 0
    guard maps.shape == [graph.sources.count, size, size] else {
      throw .parameterShape(family: family, expected: [graph.sources.count, size, size], got: maps.shape)
    }
    return size
  }

  /// Scales blocks by numbers: (D + 1)^(-1/2) by entries of D, or by degrees.
  private static func scaled(
    _ graph: SheafGraph,
    _ own: Tensor<Scalar>,
    _ sides: Tensor<Scalar>,
    _ normalization: SheafNormalization,
    _ fixed: FixedDimensions,
    degreeFactor: Int,
    scalar: Tensor<Scalar>? = nil
  ) -> SheafLaplacian {
    let root: Tensor<Scalar>
    switch normalization {
    case .none: return SheafLaplacian(graph, diagonal: own, sides: sides, normalization, fixed)
    case .block: root = ((scalar ?? own) + 1).reciprocalSqrt()
    case .degree:
      let values = graph.degrees.map { Scalar(1 / Double($0 * degreeFactor + 1).squareRoot()) }
      root = Tensor(values, shape: [graph.nodeCount, 1])
    }
    func fitted(_ factor: Tensor<Scalar>, _ blocks: Tensor<Scalar>) -> Tensor<Scalar> {
      blocks.rank == 3 ? factor.expanded(at: 2) : factor
    }
    let joint = root.gatheredRows(graph.lower) * root.gatheredRows(graph.upper)
    return SheafLaplacian(
      graph,
      diagonal: own * fitted(root.squared(), own),
      sides: sides * fitted(joint, sides),
      normalization,
      fixed
    )
  }
}

extension Tensor where Scalar: TensorScalar {
  /// A^(-1/2) of symmetric positive definite matrices, `[m, d, d]`.
  ///
  /// The gradient is Daleckii and Krein's: divided differences of λ^(-1/2), which are finite for equal eigenvalues too.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func inverseSquareRoots() throws -> Tensor {
    let (values, vectors) = try withoutGradient().symmetricEigen()
    let roots = values.sqrt()
    let result = (vectors * roots.reciprocal().expanded(at: 1)).matmul(vectors, transposesRight: true)
    return result.recorded("inverseSquareRoots", from: self) { gradient in
      let (row, column) = (roots.expanded(at: 2), roots.expanded(at: 1))
      let quotients = -(row * column * (row + column)).reciprocal()
      let even = (gradient + gradient.transposed()) * 0.5
      let turned = vectors.matmul(even, transposesLeft: true).matmul(vectors)
      return vectors.matmul(turned * quotients).matmul(vectors, transposesRight: true)
    }
  }
}
