#if canImport(Glibc)
  internal import Glibc
#endif
internal import Synchronization

/// Everything about transforms of one length that does not depend on the data: the passes and their twiddle factors.
///
/// Immutable once made, hence safe to share between threads.
public final class FourierPlan<Scalar: FourierScalar>: Sendable {
  struct Pass: Sendable {
    let radix: Int
    let m: Int
    let real: [Scalar]
    let imaginary: [Scalar]
  }

  /// A transform of any length as a convolution with a chirp: that of a convenient length, twice.
  struct Chirp: Sendable {
    let inner: FourierPlan
    let real: [Scalar]
    let imaginary: [Scalar]
    /// Transform of the conjugate chirp, divided by the inner length.
    let kernelReal: [Scalar]
    let kernelImaginary: [Scalar]
  }

  enum Method: Sendable {
    case passes([Pass])
    case chirp(Chirp)
  }

  let length: Int
  let method: Method
  /// exp(-iπk/length), k = 0…length: joins the halves of a real transform of twice the length.
  let halfTurn: Roots

  struct Roots: Sendable {
    let real: [Scalar]
    let imaginary: [Scalar]
  }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init(length: Int) {
    self.length = length
    if let radices = FourierLength.radices(length) {
      method = .passes(Self.passes(radices, length: length))
    } else {
      method = .chirp(Self.chirp(length: length))
    }
    let roots = (0...length).map { FourierLength.root($0, of: 2 * length) }
    halfTurn = Roots(real: roots.map { Scalar($0.real) }, imaginary: roots.map { Scalar($0.imaginary) })
  }

  private static func passes(_ radices: [Int], length: Int) -> [Pass] {
    var rest = length
    return radices.map { radix in
      let m = rest / radix
      var real: [Scalar] = []
      var imaginary: [Scalar] = []
      real.reserveCapacity(m * (radix - 1))
      imaginary.reserveCapacity(m * (radix - 1))
      for k in 1..<radix {
        for p in 0..<m {
          let root = FourierLength.root(p * k, of: rest)
          real.append(Scalar(root.real))
          imaginary.append(Scalar(root.imaginary))
        }
      }
      rest = m
      return Pass(radix: radix, m: m, real: real, imaginary: imaginary)
    }
  }

  private static func chirp(length: Int) -> Chirp {
    let size = FourierLength.convenient(atLeast: 2 * length - 1)
    let inner = Scalar.plans.plan(size)
    // j² modulo 2n: the angle stays exact however long the sequence is.
    let roots = (0..<length).map { FourierLength.root($0 * $0 % (2 * length), of: 2 * length) }
    var kernelReal = [Double](repeating: 0, count: size)
    var kernelImaginary = [Double](repeating: 0, count: size)
    for (index, root) in roots.enumerated() {
      for place in [index, (size - index) % size] {
        kernelReal[place] = root.real / Double(size)
        kernelImaginary[place] = -root.imaginary / Double(size)
      }
    }
    // In double for either scalar: the kernel's error would be that of every output.
    Double.plans.plan(size).transform(&kernelReal, &kernelImaginary)
    return Chirp(
      inner: inner,
      real: roots.map { Scalar($0.real) },
      imaginary: roots.map { Scalar($0.imaginary) },
      kernelReal: kernelReal.map { Scalar($0) },
      kernelImaginary: kernelImaginary.map { Scalar($0) }
    )
  }
}

/// Plans of one scalar type by length; they are made once and shared.
public final class PlanCache<Scalar: FourierScalar>: Sendable {
  private let plans = Mutex<[Int: FourierPlan<Scalar>]>([:])

  init() {}

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func plan(_ length: Int) -> FourierPlan<Scalar> {
    if let plan = plans.withLock({ $0[length] }) { return plan }
    // Made outside the lock: a chirp asks for its inner plan. Two threads may make the same plan; one is kept.
    let made = FourierPlan<Scalar>(length: length)
    return plans.withLock { cache in
      if let plan = cache[length] { return plan }
      cache[length] = made
      return made
    }
  }
}

/// Which lengths split into passes.
enum FourierLength {
  /// Radices of the passes in order, or nil where a prime factor above 13 remains.
  static func radices(_ length: Int) -> [Int]? {
    var rest = length
    var odd: [Int] = []
    for prime in [3, 5, 7, 11, 13] {
      while rest % prime == 0 {
        odd.append(prime)
        rest /= prime
      }
    }
    guard rest & (rest - 1) == 0 else { return nil }
    let powerOfTwo = rest.trailingZeroBitCount
    var even: [Int] = []
    // An odd power begins with one pass of 8: few passes, and the next ones have whole vectors.
    if powerOfTwo == 1 {
      even = [2]
    } else if powerOfTwo > 1 {
      even = powerOfTwo % 2 == 1 ? [8] : []
      even += Array(repeating: 4, count: (powerOfTwo - (powerOfTwo % 2 == 1 ? 3 : 0)) / 2)
    }
    return even + odd
  }

  /// The smallest 2ᵃ3ᵇ5ᶜ with a ≥ 2 that is not below a length.
  static func convenient(atLeast length: Int) -> Int {
    var best = Int.max
    var fives = 1
    while fives < 2 * length {
      var threes = fives
      while threes < 2 * length {
        var candidate = threes * 4
        while candidate < length { candidate *= 2 }
        best = min(best, candidate)
        threes *= 3
      }
      fives *= 5
    }
    return best
  }

  /// exp(-2πi index / count), from an angle of at most an eighth of a turn.
  static func root(_ index: Int, of count: Int) -> Complex<Double> {
    let eighths = 8 * (index % count)
    let octant = eighths / count
    // Angle within the octant, measured from its even edge, so that symmetric roots agree to the bit.
    let remainder = octant % 2 == 0 ? eighths - octant * count : (octant + 1) * count - eighths
    let angle = Double(remainder) * (.pi / 4) / Double(count)
    let c = cos(angle)
    let s = sin(angle)
    return switch octant {
    case 0: Complex(c, -s)
    case 1: Complex(s, -c)
    case 2: Complex(-s, -c)
    case 3: Complex(-c, -s)
    case 4: Complex(-c, s)
    case 5: Complex(-s, c)
    case 6: Complex(s, c)
    default: Complex(c, s)
    }
  }
}
