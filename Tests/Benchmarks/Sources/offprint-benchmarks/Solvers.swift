import ConjugateDirections
import Glibc
import Solvers

/// Conjugate gradients beside SciPy's, and a whole solution, set-up included, beside PyAMG's.
let solverWorkloads: [Workload] = [
  Workload(name: "cg 128^3, 20 steps") { _ in
    let matrix = poisson(side: 128)
    let right = (0..<matrix.rows).map { sin(Double($0)) }
    let method = ConjugateGradients(tolerance: 0, maximumSteps: 20)
    return {
      do {
        _ = try method.solve(matrix, right)
        preconditionFailure("a tolerance of 0 cannot be met in 20 steps")
      } catch {
        // The number of steps is what is asked for: the method then says that it has not converged.
      }
    }
  },
  Workload(name: "poisson 64^3 to 1e-8 by multigrid") { _ in
    let right = (0..<64 * 64 * 64).map { sin(Double($0)) }
    return {
      do {
        let grid = try PoissonGrid([64, 64, 64])
        let method = ConjugateGradients(tolerance: 1e-8, maximumSteps: 100)
        _ = try method.solve(right, preconditioner: GridMultigrid(grid), product: grid.multiply)
      } catch {
        preconditionFailure("\(error)")
      }
    }
  },
]

/// The seven-point matrix of a cube: 6 on the diagonal, -1 for each neighbour.
private func poisson(side: Int) -> SparseMatrix<Double> {
  var entries: [SparseMatrix<Double>.Entry] = []
  entries.reserveCapacity(7 * side * side * side)
  let strides = [side * side, side, 1]
  for cell in 0..<side * side * side {
    let places = strides.map { cell / $0 % side }
    for axis in 0..<3 where places[axis] > 0 { entries.append(.init(cell, cell - strides[axis], -1)) }
    entries.append(.init(cell, cell, 6))
    for axis in (0..<3).reversed() where places[axis] < side - 1 {
      entries.append(.init(cell, cell + strides[axis], -1))
    }
  }
  do { return try SparseMatrix(rows: strides[0] * side, columns: strides[0] * side, entries: entries) } catch {
    preconditionFailure("\(error)")
  }
}
