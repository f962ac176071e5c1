public import Solvers

/// One V-cycle over halved grids as a preconditioner: the method of choice for the pressure equation today.
///
/// Cells are joined by twos along each axis; corrections are constant over joined cells; smoothing is by the damped diagonal, the same
/// before and after, which keeps the cycle symmetric.
///
/// Source: U. Trottenberg, C. Oosterlee, A. Schüller, "Multigrid", 2001, sections 2 and 5.7.
public struct GridMultigrid: Preconditioner {
  struct Level: Sendable {
    let grid: PoissonGrid
    /// Coefficient of a face against that of the finest grid.
    let scale: Double
    /// What a smoothing step takes of the residual, for each cell; 0 in solid ones.
    let weights: [Double]
    /// The cell of the next grid that holds each cell.
    let parents: [Int32]

    init(_ grid: PoissonGrid, scale: Double) {
      (self.grid, self.scale) = (grid, scale)
      weights = grid.diagonal.map { $0 == 0 ? 0 : GridMultigrid.damping / (scale * $0) }
      parents = grid.diagonal.indices.map { Int32(GridMultigrid.parent($0, grid.sides)) }
    }
  }
  private let levels: [Level]
  private let coarsest: Cholesky
  private static let sweeps = 2
  private static let damping = 0.8

  /// Halves a grid as long as all sides are even and above 4.
  ///
  /// - Throws: `SolverError.notPositiveDefinite` where solids close off some fluid.
  public init(_ grid: PoissonGrid) throws {
    var levels = [Level(grid, scale: 1)]
    while let last = levels.last, last.grid.sides.allSatisfy({ $0.isMultiple(of: 2) && $0 > 4 }) {
      let sides = last.grid.sides.map { $0 / 2 }
      var solid = [Bool](repeating: true, count: sides.reduce(1, *))
      for cell in last.grid.activeCells { solid[Int(last.parents[cell])] = false }
      // A face of twice the side over twice the distance: 1 in the plane, 2 in space.
      levels.append(Level(try PoissonGrid(sides, solid: solid), scale: last.scale * (sides.count == 3 ? 2 : 1)))
    }
    self.levels = levels
    let last = levels[levels.count - 1]
    let matrix = try last.grid.matrix(activeOnly: true)
    var dense = Matrix<Double>(zeros: matrix.rows, matrix.rows)
    for entry in matrix.entries { dense[entry.row, entry.column] = last.scale * entry.value }
    coarsest = try Cholesky(dense)
  }

  /// Writes one V-cycle's answer to r.
  public func apply(_ residual: [Double], into result: inout [Double]) { result = cycle(0, residual) }

  fileprivate static func parent(_ cell: Int, _ sides: [Int]) -> Int {
    var (rest, stride, result) = (cell, 1, 0)
    for side in sides.reversed() {
      result += rest % side / 2 * stride
      rest /= side
      stride *= side / 2
    }
    return result
  }

  private func cycle(_ index: Int, _ right: [Double]) -> [Double] {
    let level = levels[index]
    guard index + 1 < levels.count else { return level.grid.spread(coarsest.solve(level.grid.gathered(right))) }
    // The first step starts from nothing, whose image need not be computed.
    var x = level.smoothedStart(right)
    var image = [Double](repeating: 0, count: x.count)
    func smooth(_ count: Int) {
      for _ in 0..<count {
        level.grid.multiply(x, into: &image)
        level.smooth(&x, image, right)
      }
    }
    smooth(Self.sweeps - 1)
    level.grid.multiply(x, into: &image)
    let coarse = level.restrictedResidual(right, image, count: levels[index + 1].grid.count)
    level.add(cycle(index + 1, coarse), to: &x)
    smooth(Self.sweeps)
    return x
  }
}
