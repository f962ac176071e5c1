internal import Solvers
public import Tensors

/// A way to make orthogonal matrices from free numbers.
///
/// Source: section 2.2 of the method; P holds the numbers row by row in its lower triangle.
public enum OrthogonalForm: String, Sendable, CaseIterable {
  /// A product of d reflections along the columns of I + P, P strictly lower; det Q = (-1)ᵈ.
  case householder
  /// (I - A/2)⁻¹ (I + A/2), A = P - Pᵀ.
  case cayley
  /// e^A, A = P - Pᵀ.
  case exponential
  /// A rotation of the plane by 2πp, or of space by three angles.
  case euler

  /// Numbers that one matrix needs.
  ///
  /// - Throws: `SheafError.stalkSize` for d < 2, and for Euler's angles beyond d = 3.
  public func parameterCount(_ size: Int) throws(SheafError) -> Int {
    guard size >= 2 else { throw .stalkSize(family: "bundle", expected: "2 or more", got: size) }
    switch self {
    case .householder: return size * (size - 1) / 2
    case .cayley, .exponential: return size * (size + 1) / 2
    case .euler:
      guard size <= 3 else { throw .stalkSize(family: "bundle by Euler's angles", expected: "2 or 3", got: size) }
      return size == 2 ? 1 : 3
    }
  }

  /// Orthogonal matrices, `[m, d, d]`, from parameters `[m, k]`, with gradients.
  ///
  /// - Throws: `SheafError` for a wrong size or width, `SolverError` where the parameters are not finite.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func maps<Scalar: TensorScalar>(_ parameters: Tensor<Scalar>, size: Int) throws -> Tensor<Scalar> {
    let width = try parameterCount(size)
    guard parameters.rank == 2, parameters.shape[1] == width else {
      throw SheafError.parameterShape(
        family: "bundle by \(rawValue)",
        expected: [parameters.shape.first ?? 0, width],
        got: parameters.shape
      )
    }
    switch self {
    case .householder: return parameters.reflections(size: size)
    case .cayley:
      let half = Self.skew(parameters, size) * 0.5
      let identity = Tensor<Scalar>.identity(size).broadcast(to: half.shape)
      return try (identity - half).solved(identity + half)
    case .exponential: return try Self.skew(parameters, size).matrixExponential()
    case .euler: return size == 2 ? Self.planeRotation(parameters) : Self.spaceRotation(parameters)
    }
  }

  /// P - Pᵀ, `[m, d, d]`.
  private static func skew<Scalar: TensorScalar>(_ parameters: Tensor<Scalar>, _ size: Int) -> Tensor<Scalar> {
    var basis = Tensor<Scalar>.zeros([parameters.shape[1], size * size])
    var index = 0
    for row in 0..<size {
      for column in 0...row {
        // Entries on the diagonal cancel.
        if row != column {
          basis[index, row * size + column] = 1
          basis[index, column * size + row] = -1
        }
        index += 1
      }
    }
    return parameters.matmul(basis).reshaped([parameters.shape[0], size, size])
  }

  private static func planeRotation<Scalar: TensorScalar>(_ parameters: Tensor<Scalar>) -> Tensor<Scalar> {
    let angle = parameters * (2 * Scalar.pi)
    let (cosine, sine) = (angle.cos(), angle.sin())
    return Tensor.concatenated([cosine, -sine, sine, cosine], axis: 1).reshaped([parameters.shape[0], 2, 2])
  }

  /// Rz(2πp₀) Ry(2πp₁) Rx(2πp₂).
  private static func spaceRotation<Scalar: TensorScalar>(_ parameters: Tensor<Scalar>) -> Tensor<Scalar> {
    let count = parameters.shape[0]
    let angle = parameters * (2 * Scalar.pi)
    let (cosines, sines) = (angle.cos().split(into: 3, axis: 1), angle.sin().split(into: 3, axis: 1))
    let (zero, one) = (Tensor<Scalar>.zeros([count, 1]), Tensor<Scalar>.ones([count, 1]))
    func matrix(_ entries: [Tensor<Scalar>]) -> Tensor<Scalar> {
      Tensor.concatenated(entries, axis: 1).reshaped([count, 3, 3])
    }
    let z = matrix([cosines[0], -sines[0], zero, sines[0], cosines[0], zero, zero, zero, one])
    let y = matrix([cosines[1], zero, sines[1], zero, one, zero, -sines[1], zero, cosines[1]])
    let x = matrix([one, zero, zero, zero, cosines[2], -sines[2], zero, sines[2], cosines[2]])
    return z.matmul(y).matmul(x)
  }
}
