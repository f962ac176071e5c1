import Solvers
import Testing
import TestSupport

/// Seven-point Laplacian of a cube with zero walls.
func poisson(_ n: Int) throws -> SparseMatrix<Double> {
  var entries: [SparseMatrix<Double>.Entry] = []
  for index in 0..<n * n * n {
    let place = [index / (n * n), index / n % n, index % n]
    for (axis, step) in [(0, n * n), (1, n), (2, 1)] where place[axis] > 0 {
      entries.append(.init(index, index - step, -1))
    }
    entries.append(.init(index, index, 6))
    for (axis, step) in [(2, 1), (1, n), (0, n * n)] where place[axis] < n - 1 {
      entries.append(.init(index, index + step, -1))
    }
  }
  return try SparseMatrix(rows: n * n * n, columns: n * n * n, entries: entries)
}

@Suite("Sparse matrices and iterations")
struct SparseTests {
  private func draw(_ seed: UInt64) -> (sparse: SparseMatrix<Double>, dense: Dense) {
    var random = SplitMix(seed: seed)
    let (rows, columns) = (Int.random(in: 1...30, using: &random), Int.random(in: 1...30, using: &random))
    let dense = Dense(rows: rows, columns: columns) { _, _ in random.uniform() < 0.2 ? random.roughlyNormal() : 0 }
    return (SparseMatrix(dense), dense)
  }

  @Test("products and transposes equal the dense ones: 200 draws")
  func products() throws {
    for seed in 0..<200 as Range<UInt64> {
      let (sparse, dense) = draw(seed)
      let x = randomMatrix(dense.columns, 3, seed: seed + 1)
      #expect(distance(sparse * x, dense * x) <= 1e-12, "seed \(seed)")
      #expect(mismatch(sparse * x.column(1), dense * x.column(1), absolute: 1e-12) == nil)
      #expect(sparse.transposed.dense == dense.transposed)
      #expect(sparse.dense == dense)
      var random = SplitMix(seed: seed)
      let shuffled = sparse.entries.shuffled(using: &random)
      #expect(try SparseMatrix(rows: sparse.rows, columns: sparse.columns, entries: shuffled) == sparse)
    }
  }

  @Test("entries at one place are added, and threads change nothing")
  func assembly() throws {
    let matrix = try SparseMatrix<Float>(
      rows: 2,
      columns: 2,
      entries: [.init(1, 0, 2), .init(0, 1, 1), .init(1, 0, 3)]
    )
    #expect(matrix[1, 0] == 5 && matrix.entryCount == 2)
    #expect(matrix * [1, 2] == [2, 5])
    // More entries than one thread takes.
    let large = try poisson(40)
    let x = (0..<large.columns).map { Double($0 % 17) - 8 }
    let product = large * x
    for row in stride(from: 0, to: large.rows, by: 997) {
      #expect(
        abs(
          product[row]
            - large.range(ofRow: row).reduce(0) {
              $0 + large.values[$1] * x[Int(large.columnIndices[$1])]
            }
        ) <= 1e-12
      )
    }
  }

  @Test("conjugate gradients with each preconditioner meet the direct solution, and IC(0) needs fewer steps")
  func conjugateGradients() throws {
    let matrix = try poisson(8)
    let right = randomMatrix(512, 1, seed: 1).values
    let direct = try Cholesky(matrix.dense).solve(right)
    let method = ConjugateGradients(tolerance: 1e-12)
    let plain = try method.solve(matrix, right)
    let jacobi = try method.solve(matrix, right, preconditioner: JacobiPreconditioner(matrix))
    let incomplete = try method.solve(matrix, right, preconditioner: IncompleteCholesky(matrix))
    for solution in [plain, jacobi, incomplete] {
      #expect(mismatch(solution.values, direct, absolute: 1e-10) == nil)
    }
    #expect(2 * incomplete.steps < 3 * plain.steps && incomplete.steps < plain.steps)
    let again = try method.solve(matrix, right, start: direct)
    #expect(again.steps <= 1)
  }

  @Test("on a tridiagonal matrix IC(0) is the whole factorization")
  func incomplete() throws {
    let dense = Dense(rows: 9, columns: 9) { $0 == $1 ? 2.5 : abs($0 - $1) == 1 ? -1 : 0 }
    let factor = try IncompleteCholesky(SparseMatrix(dense)).factor
    #expect(distance(factor.dense, try Cholesky(dense).factor) <= 1e-14)
    let solution = try ConjugateGradients().solve(
      SparseMatrix(dense),
      [Double](repeating: 1, count: 9),
      preconditioner: IncompleteCholesky(SparseMatrix(dense))
    )
    #expect(solution.steps <= 2)
    #expect(throws: SolverError.self) { try IncompleteCholesky(SparseMatrix(Dense([[1, 2], [2, 1]]))) }
  }

  @Test("a matrix that is not definite, or too few steps, are errors")
  func refused() throws {
    let indefinite = SparseMatrix(Dense([[1, 0], [0, -1]]))
    #expect(throws: SolverError.self) { try ConjugateGradients().solve(indefinite, [0, 1]) }
    let error = #expect(throws: SolverError.self) {
      try ConjugateGradients(maximumSteps: 3).solve(poisson(6), [Double](repeating: 1, count: 216))
    }
    guard case .notConverged(_, 3, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("Lanczos: A V = V T but for the last vector, and outer eigenvalues are found")
  func lanczos() throws {
    let matrix = try poisson(6)
    let start = randomMatrix(216, 1, seed: 3).values
    let run = try Lanczos(start: start, steps: 60) { x, y in matrix.multiply(x, into: &y) }
    let v = run.basis
    #expect(distance(v.timesTransposed(v), .identity(60)) <= 1e-12)
    let ritz = try run.ritz()
    let all = try SymmetricEigen(matrix.dense).values
    #expect(abs(ritz.values[59] - all[215]) <= 1e-8)
    #expect(abs(ritz.values[0] - all[0]) <= 1e-8)
    for index in [0, 30, 59] {
      let vector = ritz.vectors.row(index)
      let rest = zip(matrix * vector, vector).map { $0 - ritz.values[index] * $1 }
      #expect(abs(rest.reduce(0) { $0 + $1 * $1 }.squareRoot() - ritz.residuals[index]) <= 1e-10)
    }
    let small = try Lanczos(start: [1, 0, 0], steps: 3) { x, y in y = x.map { 2 * $0 } }
    #expect(small.diagonal == [2] && small.nextLength == 0)
  }

  @Test("the assignment is the best of all permutations: 200 draws")
  func assignment() throws {
    for seed in 0..<200 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let (rows, columns) = (Int.random(in: 1...5, using: &random), Int.random(in: 1...5, using: &random))
      let costs = Dense(rows: rows, columns: columns) { _, _ in random.roughlyNormal() }
      let found = try Assignment.solve(costs)
      #expect(abs(found.cost - best(rows <= columns ? costs : costs.transposed, 0, [])) <= 1e-12, "seed \(seed)")
      let used = found.columns.compactMap { $0 }
      #expect(Set(used).count == min(rows, columns) && used.count == min(rows, columns))
    }
  }

  /// Prices of rows and columns with a reduced cost of 0 on one matching, and none below, prove that it is the best.
  @Test("large assignments reach the bound that prices prove, with many equal costs too", arguments: [0, 1, 3, 1000])
  func pricedAssignment(levels: Int) throws {
    for (rows, columns, seed) in [(90, 90, 1), (60, 131, 2), (131, 60, 3), (1, 50, 4)] as [(Int, Int, UInt64)] {
      var random = SplitMix(seed: seed)
      let few = min(rows, columns)
      let order = Array(0..<max(rows, columns)).shuffled(using: &random)
      let shortPrices = (0..<few).map { _ in Double(Int.random(in: -levels...levels, using: &random)) }
      // Places that stay free have the price 0, and no other costs more.
      var longPrices = [Double](repeating: 0, count: order.count)
      for place in order.prefix(few) { longPrices[place] = -Double(Int.random(in: 0...levels, using: &random)) }
      let costs = Dense(rows: few, columns: order.count) { row, column in
        let gap = order[row] == column ? 0 : Int.random(in: 0...levels, using: &random)
        return shortPrices[row] + longPrices[column] + Double(gap)
      }
      let found = try Assignment.solve(rows <= columns ? costs : costs.transposed)
      #expect(found.cost == shortPrices.reduce(0, +) + longPrices.reduce(0, +), "\(rows) × \(columns)")
      let used = found.columns.compactMap { $0 }
      #expect(Set(used).count == few && used.count == few)
    }
  }

  private func best(_ costs: Dense, _ row: Int, _ used: Set<Int>) -> Double {
    guard row < costs.rows else { return 0 }
    return (0..<costs.columns).filter { !used.contains($0) }
      .map { costs[row, $0] + best(costs, row + 1, used.union([$0])) }.min() ?? .infinity
  }

  @Test("a transport plan has its sums, and with little entropy costs what the best assignment costs")
  func sinkhorn() throws {
    let costs = randomMatrix(6, 6, seed: 5)
    let loose = try Sinkhorn(regularization: 0.5).solve(
      costs,
      rows: [1, 2, 1, 1, 0.5, 0.5],
      columns: [1, 1, 1, 1, 1, 1]
    )
    for (row, sum) in [1, 2, 1, 1, 0.5, 0.5].enumerated() {
      #expect(abs(loose.plan.row(row).reduce(0, +) - sum) <= 1e-8)
      #expect(abs(loose.plan.column(row).reduce(0, +) - 1) <= 1e-12)
    }
    let tight = try Sinkhorn(regularization: 0.01, tolerance: 1e-6, maximumSteps: 200_000).solve(costs)
    #expect(abs(6 * tight.cost - (try Assignment.solve(costs).cost)) <= 1e-3)
  }
}
