internal import Glibc
public import Solvers
public import Tensors

/// Sheaves that are constructed from labels, to see what diffusion tends to.
///
/// Source: section 3 of the paper; the constructions of section 2.5 of the method.
public enum SheafConstruction: Sendable, Equatable {
  /// Every map the identity.
  case trivial(size: Int)
  /// One dimension; the map of the larger node is -1 where labels differ.
  case sign
  /// One dimension a class: +1 for the own class, -1 for the others.
  case diagonal(classes: Int)
  /// Rotations of the plane by the share of the class in a full turn.
  case rotation(classes: Int)
  /// Left products with the unit quaternions ±1, ±i, ±j, ±k: up to eight classes.
  case quaternion

  /// Size of a stalk.
  public var size: Int {
    switch self {
    case .trivial(let size): size
    case .sign: 1
    case .diagonal(let classes): classes
    case .rotation: 2
    case .quaternion: 4
    }
  }

  /// Map of a node on an edge; `label` its class, `other` that of the other end.
  func map(label: Int, other: Int, isLower: Bool) -> Matrix<Double> {
    switch self {
    case .trivial(let size): return .identity(size)
    case .sign: return Matrix([[isLower || label == other ? 1 : -1]])
    case .diagonal(let classes): return .diagonal((0..<classes).map { $0 == label ? 1 : -1 })
    case .rotation(let classes):
      let angle = 2 * Double.pi * Double(label) / Double(classes)
      let (cosine, sine) = (cos(angle), sin(angle))
      return Matrix([[cosine, sine], [-sine, cosine]])
    case .quaternion: return Self.quaternionMatrix(label).transposed
    }
  }

  /// Left product with ±1, ±i, ±j, ±k in the basis 1, i, j, k.
  private static func quaternionMatrix(_ label: Int) -> Matrix<Double> {
    let units: [[[Double]]] = [
      [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
      [[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 0, -1], [0, 0, 1, 0]],
      [[0, 0, -1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, -1, 0, 0]],
      [[0, 0, 0, -1], [0, 0, -1, 0], [0, 1, 0, 0], [1, 0, 0, 0]],
    ]
    return (label.isMultiple(of: 2) ? 1 : -1) * Matrix(units[label / 2 % 4])
  }
}

/// The limit of diffusion Ẋ = -ΔX on a constructed sheaf, Δ = D^(-1/2) L D^(-1/2).
public struct LimitSheaf: Sendable {
  /// Δ, `[n d, n d]`.
  public let laplacian: Matrix<Double>
  /// Eigenvalues in rising order and vectors of Δ.
  public let eigen: SymmetricEigen
  /// Dimension of the kernel: eigenvalues below 10⁻⁹.
  public let kernelDimension: Int

  /// Builds the sheaf on a graph with labels.
  ///
  /// - Throws: `SolverError` where the eigenvalues do not converge.
  public init(_ construction: SheafConstruction, on graph: SheafGraph, labels: [Int]) throws {
    let d = construction.size
    var laplacian = Matrix<Double>(zeros: graph.nodeCount * d, graph.nodeCount * d)
    for (v, u) in zip(graph.lower.values, graph.upper.values) {
      let own = construction.map(label: labels[v], other: labels[u], isLower: true)
      let far = construction.map(label: labels[u], other: labels[v], isLower: false)
      // Maps are orthogonal, so that D is the degree.
      let scale = 1 / (Double(graph.degrees[v]) * Double(graph.degrees[u])).squareRoot()
      let side = own.transposedTimes(far)
      for i in 0..<d {
        for j in 0..<d {
          laplacian[v * d + i, u * d + j] = -scale * side[i, j]
          laplacian[u * d + j, v * d + i] = -scale * side[i, j]
        }
      }
    }
    for node in 0..<graph.nodeCount where graph.degrees[node] > 0 {
      for i in 0..<d { laplacian[node * d + i, node * d + i] = 1 }
    }
    self.laplacian = laplacian
    eigen = try SymmetricEigen(laplacian)
    kernelDimension = eigen.values.prefix { $0 < 1e-9 }.count
  }

  /// What X(0) `[n d, channels]` tends to: its projection on the kernel.
  public func limit(_ start: Matrix<Double>) -> Matrix<Double> {
    let vectors = eigen.vectors
    let basis = Matrix(rows: vectors.rows, columns: kernelDimension) { vectors[$0, $1] }
    return basis * basis.transposedTimes(start)
  }

  /// Dirichlet energy xᵀ Δ x, summed over columns.
  public func energy(_ x: Matrix<Double>) -> Double {
    zip(x.values, (laplacian * x).values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

/// Whether a class can be told from the rest by a plane.
public enum LinearSeparation {
  /// Whether a vector w and a number b give w·x + b > 0 for members and < 0 for the others.
  ///
  /// By Gordan's theorem exactly one is true: there is such a plane, or a convex combination of the signed points is 0. The least
  /// combination is found by non-negative least squares, and is the plane's normal.
  ///
  /// - Parameters:
  ///   - points: one a row.
  ///   - isMember: the class.
  /// - Returns: whether the plane found has every point at least 10⁻⁸ of its length on the right side.
  /// - Throws: `SolverError` where the least squares do not converge.
  public static func isSeparable(_ points: Matrix<Double>, _ isMember: [Bool]) throws(SolverError) -> Bool {
    let scale = max(points.values.reduce(0) { max($0, abs($1)) }, .leastNormalMagnitude)
    let width = points.columns + 1
    let signed = (0..<points.rows).map { row -> [Double] in
      let point = points.row(row).map { $0 / scale } + [1]
      return isMember[row] ? point : point.map { -$0 }
    }
    let cone = Matrix(rows: width + 1, columns: points.rows) { $0 < width ? signed[$1][$0] : 1 }
    let weights = try cone.nonNegativeLeastSquares([Double](repeating: 0, count: width) + [1])
    let combination = cone * weights
    // At the minimum every signed point has at least 1 - Σ weights along the combination: it is the plane's normal.
    let normal = combination[..<width].map { $0 }
    let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 1e-9 else { return false }
    return signed.allSatisfy { point in
      zip(point, normal).reduce(0) { $0 + $1.0 * $1.1 } > 1e-8 * length
    }
  }

  /// Whether every class can be told from the rest.
  public static func isSeparable(_ points: Matrix<Double>, labels: [Int]) throws(SolverError) -> Bool {
    for wanted in Set(labels).sorted() {
      guard try isSeparable(points, labels.map { $0 == wanted }) else { return false }
    }
    return true
  }
}

/// One question of separation power: a construction, a kind of graph, a number of classes.
public struct SeparationStudy: Sendable {
  /// The sheaf.
  public var construction: SheafConstruction
  /// Number of classes.
  public var classes: Int
  /// Channels of X(0).
  public var channels = 4
  /// Whether the graph has two equal sides that are the classes.
  public var isBipartite = false
  /// Number of nodes.
  public var nodes = 20
  /// Edges beyond a spanning tree.
  public var extraEdges = 15

  /// Asks about a construction.
  public init(_ construction: SheafConstruction, classes: Int, channels: Int = 4, isBipartite: Bool = false) {
    (self.construction, self.classes) = (construction, classes)
    (self.channels, self.isBipartite) = (channels, isBipartite)
    if classes >= 5 { (nodes, extraEdges) = (8 * max(4, classes / 2), 25) }
  }

  /// One random graph, labelling and start.
  ///
  /// - Returns: whether the limit is linearly separable, and the kernel's dimension.
  /// - Throws: `SolverError` where a factorisation does not converge.
  public func trial(_ random: inout RandomStream) throws -> (isSeparable: Bool, kernelDimension: Int) {
    let (graph, labels) = try sample(&random)
    let sheaf = try LimitSheaf(construction, on: graph, labels: labels)
    let d = construction.size
    let start = random.normal([nodes * d, channels], of: Double.self)
    let limit = sheaf.limit(Matrix(start.values, rows: nodes * d, columns: channels))
    let points = Matrix(limit.values, rows: nodes, columns: d * channels)
    return (try LinearSeparation.isSeparable(points, labels: labels), sheaf.kernelDimension)
  }

  /// A connected graph and labels in which every class is present.
  public func sample(_ random: inout RandomStream) throws(SheafError) -> (graph: SheafGraph, labels: [Int]) {
    let half = nodes / 2
    var labels = (0..<nodes).map { isBipartite ? ($0 < half ? 0 : 1) : $0 < classes ? $0 : -1 }
    for node in labels.indices where labels[node] < 0 { labels[node] = random.integer(in: 0..<classes) }
    if !isBipartite { labels = random.permutation(nodes).map { labels[$0] } }
    var pairs: [(Int, Int)] = []
    if isBipartite {
      // Pairs across, joined in a row: a spanning tree with one end of every edge on each side.
      for node in 1..<half { pairs.append((node, half + random.integer(in: 0..<node))) }
      for node in 0..<half { pairs.append((node, half + node)) }
      for _ in 0..<extraEdges {
        pairs.append((random.integer(in: 0..<half), half + random.integer(in: 0..<half)))
      }
    } else {
      for node in 1..<nodes { pairs.append((node, random.integer(in: 0..<node))) }
      for _ in 0..<extraEdges { pairs.append((random.integer(in: 0..<nodes), random.integer(in: 0..<nodes))) }
    }
    return (try SheafGraph(nodeCount: nodes, joining: pairs), labels)
  }
}
