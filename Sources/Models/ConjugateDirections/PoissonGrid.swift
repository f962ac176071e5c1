public import Solvers

/// The pressure equation on a regular grid with solid cells, known by its products.
///
/// A fluid cell has the number of its faces that are not shared with a solid on the diagonal, and -1 for each fluid neighbour: the
/// outside of the box holds 0, solids let nothing through. Solid cells have rows and columns of zeros.
///
/// Source: section 2.1 of the method.
public struct PoissonGrid: Sendable {
  /// Cells along each axis, the last one fastest; two or three axes.
  public let sides: [Int]
  /// The diagonal; 0 in solid cells.
  public let diagonal: [Double]
  let singleDiagonal: [Float]
  /// Cells that are fluid, in order.
  public let activeCells: [Int]

  /// Number of cells.
  public var count: Int { diagonal.count }

  /// Makes a grid.
  ///
  /// - Parameters:
  ///   - sides: cells along each axis.
  ///   - solid: which cells are solid, in order; none when nil.
  /// - Throws: `DirectionError.gridShape`, `.wrongCount` or `.noActiveCells`.
  public init(_ sides: [Int], solid: [Bool]? = nil) throws(DirectionError) {
    guard (2...3).contains(sides.count), sides.allSatisfy({ $0 > 0 }) else { throw .gridShape(sides) }
    let count = sides.reduce(1, *)
    let solid = solid ?? [Bool](repeating: false, count: count)
    guard solid.count == count else { throw .wrongCount(what: "solid cells", expected: count, got: solid.count) }
    var diagonal = [Double](repeating: Double(2 * sides.count), count: count)
    var stride = 1
    for side in sides.reversed() {
      for cell in 0..<count {
        let place = cell / stride % side
        if place > 0, solid[cell - stride] { diagonal[cell] -= 1 }
        if place < side - 1, solid[cell + stride] { diagonal[cell] -= 1 }
      }
      stride *= side
    }
    for cell in 0..<count where solid[cell] { diagonal[cell] = 0 }
    activeCells = diagonal.indices.filter { diagonal[$0] > 0 }
    guard !activeCells.isEmpty else { throw .noActiveCells }
    (self.sides, self.diagonal) = (sides, diagonal)
    singleDiagonal = diagonal.map(Float.init)
  }

  /// A square box with a solid disk, centre (0.5, 0.55) and radius 0.15 of its side.
  ///
  /// - Throws: `DirectionError.gridShape`.
  public static func disk(_ side: Int) throws(DirectionError) -> PoissonGrid {
    guard side > 0 else { throw .gridShape([side, side]) }
    let size = Double(side)
    let solid = (0..<side * side).map { cell in
      let (x, y) = (Double(cell / side) - 0.5 * size, Double(cell % side) - 0.55 * size)
      return x * x + y * y < 0.0225 * size * size
    }
    return try PoissonGrid([side, side], solid: solid)
  }

  /// The matrix over all cells, or over fluid ones only.
  public func matrix(activeOnly: Bool = false) throws(SolverError) -> SparseMatrix<Double> {
    let cells = activeOnly ? activeCells : Array(0..<count)
    var numbers = [Int](repeating: -1, count: count)
    for (number, cell) in cells.enumerated() { numbers[cell] = number }
    var entries: [SparseMatrix<Double>.Entry] = []
    for cell in cells where diagonal[cell] > 0 {
      entries.append(.init(numbers[cell], numbers[cell], diagonal[cell]))
      var stride = 1
      for side in sides.reversed() {
        let place = cell / stride % side
        for (isInside, other) in [(place > 0, cell - stride), (place < side - 1, cell + stride)] {
          guard isInside, diagonal[other] > 0 else { continue }
          entries.append(.init(numbers[cell], numbers[other], -1))
        }
        stride *= side
      }
    }
    return try SparseMatrix(rows: cells.count, columns: cells.count, entries: entries)
  }

  /// Values of all cells from those of fluid ones; zeros elsewhere.
  public func spread(_ active: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for (cell, value) in zip(activeCells, active) { result[cell] = value }
    return result
  }

  /// Values of fluid cells.
  public func gathered(_ values: [Double]) -> [Double] { activeCells.map { values[$0] } }

  /// Refuses right-hand sides that no pressure can have.
  func check(_ right: [Double]) throws(DirectionError) {
    guard right.count == count else { throw .wrongCount(what: "right-hand side", expected: count, got: right.count) }
    for (cell, value) in right.enumerated() {
      guard value.isFinite else { throw .notFinite(what: "right-hand side value", index: cell) }
      if value != 0, diagonal[cell] == 0 { throw .sourceInSolid(cell: cell, got: value) }
    }
  }
}
