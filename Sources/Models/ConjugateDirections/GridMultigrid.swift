public import Solvers

/// One V-cycle over halved grids as a preconditioner: the method of choice for the pressure equation today.
///
/// Cells are joined by twos along each axis; corrections are constant over joined cells; smoothing is by the damped diagonal, the same
/// before and after, which keeps the cycle symmetric.
///
/// Source: U. Trottenberg, C. Oosterlee, A. Schüller, "Multigrid", 2001, sections 2 and 5.7.
public struct GridMultigrid: Preconditioner {
  private struct Level: Sendable {
    let grid: PoissonGrid
    /// Coefficient of a face against that of the finest grid.
    let scale: Double
  }
  private let levels: [Level]
  private let coarsest: Cholesky
  private static let sweeps = 2
  private static let damping = 0.8

  /// Halves a grid as long as all sides are even and above 4.
  ///
  /// - Throws: `SolverError.notPositiveDefinite` where solids close off some fluid.
  public init(_ grid: PoissonGrid) throws {
    var levels = [Level(grid: grid, scale: 1)]
    while let last = levels.last, last.grid.sides.allSatisfy({ $0.isMultiple(of: 2) && $0 > 4 }) {
      let sides = last.grid.sides.map { $0 / 2 }
      var solid = [Bool](repeating: true, count: sides.reduce(1, *))
      for cell in last.grid.activeCells { solid[Self.parent(cell, last.grid.sides)] = false }
      // A face of twice the side over twice the distance: 1 in the plane, 2 in space.
      levels.append(Level(grid: try PoissonGrid(sides, solid: solid), scale: last.scale * (sides.count == 3 ? 2 : 1)))
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

  private static func parent(_ cell: Int, _ sides: [Int]) -> Int {
    var (rest, stride, result) = (cell, 1, 0)
    for side in sides.reversed() {
      result += rest % side / 2 * stride
      rest /= side
      stride *= side / 2
    }
    return result
  }

  private func cycle(_ index: Int, _ right: [Double]) -> [Double] {
    let (grid, scale) = (levels[index].grid, levels[index].scale)
    guard index + 1 < levels.count else { return grid.spread(coarsest.solve(grid.gathered(right))) }
    var x = [Double](repeating: 0, count: grid.count)
    var image = x
    func smooth() {
      grid.multiply(x, into: &image)
      for cell in grid.activeCells {
        x[cell] += Self.damping * (right[cell] / scale - image[cell]) / grid.diagonal[cell]
      }
    }
    for _ in 0..<Self.sweeps { smooth() }
    grid.multiply(x, into: &image)
    var coarse = [Double](repeating: 0, count: levels[index + 1].grid.count)
    for cell in grid.activeCells { coarse[Self.parent(cell, grid.sides)] += right[cell] - scale * image[cell] }
    let correction = cycle(index + 1, coarse)
    for cell in grid.activeCells { x[cell] += correction[Self.parent(cell, grid.sides)] }
    for _ in 0..<Self.sweeps { smooth() }
    return x
  }
}
