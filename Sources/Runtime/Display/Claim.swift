/// A statement of the paper, tested here; the heart of a replication.
///
/// ```swift
/// Claim("separation improves SI-SDR", id: "si-sdri", paper: 15.3, measured: gain, unit: "dB",
///   holds: gain > 6, because: "scaled model, synthetic mixtures")
/// ```
public struct Claim: Displayable, Sendable, Equatable {
  /// The claim as data.
  public var content: ClaimOutput

  /// States a claim and what became of it.
  ///
  /// - Parameters:
  ///   - statement: the claim in one sentence.
  ///   - id: stable name, unique in the notebook.
  ///   - source: where the paper makes it, such as "Table 2".
  ///   - paper: published value, if there is one.
  ///   - measured: value measured here.
  ///   - spread: standard deviation of the measured value over seeds.
  ///   - count: number of seeds or runs.
  ///   - unit: unit of both values.
  ///   - holds: the tested condition; nil where this profile does not test it.
  ///   - qualitatively: true where the direction holds and the figure was not to be expected at this scale.
  ///   - reason: why the result is as it is.
  ///   - line: line of the notebook; filled in by the compiler.
  public init(
    _ statement: String,
    id: String,
    source: String? = nil,
    paper: (any ClaimValue)? = nil,
    measured: (any ClaimValue)? = nil,
    spread: Double? = nil,
    count: Int? = nil,
    unit: String? = nil,
    holds: Bool?,
    qualitatively: Bool = false,
    because reason: String? = nil,
    line: Int = #line
  ) {
    let verdict: ClaimOutput.Verdict =
      switch holds {
      case .none: .notAttempted
      case .some(false): .notReproduced
      case .some(true): qualitatively ? .qualitative : .reproduced
      }
    content = ClaimOutput(
      id: id,
      statement: statement,
      source: source,
      paper: paper?.claimText,
      measured: measured?.claimText,
      value: measured?.claimNumber,
      spread: spread,
      count: count,
      unit: unit,
      reason: reason,
      verdict: verdict,
      line: line
    )
  }

  /// States a claim about a mean over seeds: it is decided by the interval, and undecided where that straddles the bound.
  ///
  /// - Parameters:
  ///   - statement: the claim in one sentence.
  ///   - id: stable name, unique in the notebook.
  ///   - source: where the paper makes it.
  ///   - paper: published value, if there is one.
  ///   - mean: mean measured here.
  ///   - spread: standard deviation over seeds.
  ///   - count: number of seeds.
  ///   - interval: confidence interval of the mean.
  ///   - band: the range in which the claim holds.
  ///   - unit: unit of all values.
  ///   - reason: why the result is as it is.
  ///   - line: line of the notebook; filled in by the compiler.
  public init(
    _ statement: String,
    id: String,
    source: String? = nil,
    paper: (any ClaimValue)? = nil,
    mean: Double,
    spread: Double,
    count: Int,
    interval: ClosedRange<Double>,
    within band: ClosedRange<Double>,
    unit: String? = nil,
    because reason: String? = nil,
    line: Int = #line
  ) {
    let verdict: ClaimOutput.Verdict
    if band.lowerBound <= interval.lowerBound, interval.upperBound <= band.upperBound {
      verdict = .reproduced
    } else if interval.overlaps(band) {
      verdict = .undecided
    } else {
      verdict = .notReproduced
    }
    content = ClaimOutput(
      id: id,
      statement: statement,
      source: source,
      paper: paper?.claimText,
      measured: mean.claimText,
      value: mean,
      spread: spread,
      count: count,
      unit: unit,
      condition: "mean within \(band.lowerBound.claimText) to \(band.upperBound.claimText)",
      reason: reason,
      verdict: verdict,
      line: line
    )
  }

  /// The claim with its verdict.
  public func output() -> Output { .claim(content) }
}

/// A value that a claim can state: a number or a text.
public protocol ClaimValue: Sendable {
  /// How the value is written.
  var claimText: String { get }
  /// The value as a number, where it is one.
  var claimNumber: Double? { get }
}

extension Double: ClaimValue {
  /// Four significant digits.
  public var claimText: String { NumberFormat.automatic.string(self) }
  /// The number itself.
  public var claimNumber: Double? { self }
}

extension Float: ClaimValue {
  /// Four significant digits.
  public var claimText: String { Double(self).claimText }
  /// The number itself.
  public var claimNumber: Double? { Double(self) }
}

extension Int: ClaimValue {
  /// All digits.
  public var claimText: String { String(self) }
  /// The number itself.
  public var claimNumber: Double? { Double(self) }
}

extension String: ClaimValue {
  /// The text itself.
  public var claimText: String { self }
  /// A text is no number.
  public var claimNumber: Double? { nil }
}
