internal import Tensors

#if canImport(Glibc)
  internal import Glibc
#endif

/// A complex number with real and imaginary parts side by side in memory.
///
/// A type of our own rather than a package: a cell that names it pays for one small module only, and the plain product and
/// quotient (no rescaling against overflow) are what the transforms and Laplace forms need.
@frozen
public struct Complex<Scalar: BinaryFloatingPoint & Sendable>: Sendable, Equatable, Hashable {
  /// Real part.
  public var real: Scalar
  /// Imaginary part.
  public var imaginary: Scalar

  /// Makes a number from its parts.
  @inlinable
  public init(_ real: Scalar, _ imaginary: Scalar = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// The imaginary unit.
  @inlinable public static var i: Complex { Complex(0, 1) }
  /// Zero.
  @inlinable public static var zero: Complex { Complex(0, 0) }

  /// The number with the sign of its imaginary part changed.
  @inlinable public var conjugate: Complex { Complex(real, -imaginary) }
  /// Square of the absolute value.
  @inlinable public var squaredMagnitude: Scalar { real * real + imaginary * imaginary }
  /// Absolute value.
  @inlinable public var magnitude: Scalar { squaredMagnitude.squareRoot() }
  /// Whether both parts are finite.
  @inlinable public var isFinite: Bool { real.isFinite && imaginary.isFinite }

  /// Sum.
  @inlinable
  public static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }
  /// Difference.
  @inlinable
  public static func - (a: Complex, b: Complex) -> Complex { Complex(a.real - b.real, a.imaginary - b.imaginary) }
  /// The number with both signs changed.
  @inlinable
  public static prefix func - (a: Complex) -> Complex { Complex(-a.real, -a.imaginary) }
  /// Product.
  @inlinable
  public static func * (a: Complex, b: Complex) -> Complex {
    Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
  /// Quotient, by the plain formula: overflows where |b|² does.
  @inlinable
  public static func / (a: Complex, b: Complex) -> Complex {
    let scale = 1 / b.squaredMagnitude
    return (a * b.conjugate) * scale
  }

  /// Product with a real number.
  @inlinable
  public static func * (a: Complex, b: Scalar) -> Complex { Complex(a.real * b, a.imaginary * b) }
  /// Product with a real number.
  @inlinable
  public static func * (a: Scalar, b: Complex) -> Complex { b * a }
  /// Quotient by a real number.
  @inlinable
  public static func / (a: Complex, b: Scalar) -> Complex { Complex(a.real / b, a.imaginary / b) }
  /// Quotient of a real number.
  @inlinable
  public static func / (a: Scalar, b: Complex) -> Complex { b.conjugate * (a / b.squaredMagnitude) }
  /// Sum with a real number.
  @inlinable
  public static func + (a: Complex, b: Scalar) -> Complex { Complex(a.real + b, a.imaginary) }
  /// Sum with a real number.
  @inlinable
  public static func + (a: Scalar, b: Complex) -> Complex { b + a }
  /// Difference with a real number.
  @inlinable
  public static func - (a: Complex, b: Scalar) -> Complex { Complex(a.real - b, a.imaginary) }
  /// Difference from a real number.
  @inlinable
  public static func - (a: Scalar, b: Complex) -> Complex { Complex(a - b.real, -b.imaginary) }

  /// Adds in place.
  @inlinable
  public static func += (a: inout Complex, b: Complex) { a = a + b }
  /// Subtracts in place.
  @inlinable
  public static func -= (a: inout Complex, b: Complex) { a = a - b }
  /// Multiplies in place.
  @inlinable
  public static func *= (a: inout Complex, b: Complex) { a = a * b }
}

extension Complex: CustomStringConvertible {
  /// The number as "1.5 - 2.0i".
  public var description: String {
    "\(real) \(imaginary.sign == .minus ? "-" : "+") \(imaginary.magnitude)i"
  }
}

extension Complex where Scalar == Double {
  /// The number of given absolute value and angle in radians.
  public static func polar(_ length: Double, _ angle: Double) -> Complex {
    Complex(length * cos(angle), length * sin(angle))
  }

  /// Angle in radians, -π…π.
  public var phase: Double { atan2(imaginary, real) }

  /// The exponential function.
  public static func exp(_ z: Complex) -> Complex { polar(Glibc.exp(z.real), z.imaginary) }

  /// The principal square root, with a real part that is not negative.
  public static func sqrt(_ z: Complex) -> Complex {
    let length = z.magnitude
    guard length > 0 else { return zero }
    // The larger part comes from a sum of equal signs; the smaller one from their product, so that nothing cancels.
    let large = ((length + abs(z.real)) / 2).squareRoot()
    let small = z.imaginary.magnitude / (2 * large)
    let sign: Double = z.imaginary.sign == .minus ? -1 : 1
    return z.real >= 0 ? Complex(large, sign * small) : Complex(small, sign * large)
  }
}

/// Complex numbers kept as an array of real and an array of imaginary parts, the form that vector units like.
public struct SplitComplex<Scalar: BinaryFloatingPoint & Sendable>: Sendable, Equatable {
  /// Real parts.
  public var real: [Scalar]
  /// Imaginary parts, as many as real ones.
  public var imaginary: [Scalar]

  /// Makes an array from its parts, which must be of one length.
  public init(real: [Scalar], imaginary: [Scalar]) {
    precondition(
      real.count == imaginary.count,
      "SplitComplex: \(real.count) real parts and \(imaginary.count) imaginary parts; they must be as many"
    )
    self.real = real
    self.imaginary = imaginary
  }

  /// Makes zeros.
  public init(zeros count: Int) {
    self.init(real: [Scalar](repeating: 0, count: count), imaginary: [Scalar](repeating: 0, count: count))
  }

  /// Number of complex values.
  public var count: Int { real.count }

  /// One value.
  public subscript(index: Int) -> Complex<Scalar> {
    get { Complex(real[index], imaginary[index]) }
    set {
      real[index] = newValue.real
      imaginary[index] = newValue.imaginary
    }
  }
}
