/// Why nothing can be drawn.
public enum PlotError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong with a picture file.
  public enum PictureFault: Sendable, Equatable {
    case notFound, notAPNG, truncated, outOfMemory
    case tooLarge(limit: Int)
    case damaged(String)
  }

  /// A figure without marks.
  case noMarks(figure: String)
  /// A mark whose lists differ in length.
  case unequalLengths(mark: String, first: String, firstCount: Int, second: String, secondCount: Int)
  /// Data without one finite number.
  case noFiniteData(mark: String, count: Int)
  /// No number above zero on a logarithmic axis.
  case noPositiveData(axis: String)
  /// A range that is empty, not finite, or not above zero on a logarithmic axis.
  case badRange(axis: String, lower: Double, upper: Double, scale: AxisScale)
  /// Names and numbers on one axis.
  case namesAndNumbers(axis: String)
  /// A matrix whose rows differ in length, or whose names do not fit.
  case unevenMatrix(mark: String, expected: Int, got: Int, what: String)
  /// A size that cannot be drawn.
  case badSize(width: Int, height: Int)
  /// A picture without pixels, or whose pixels do not fit its size.
  case emptyPicture
  /// Pixels that do not fit the stated size.
  case pixelCount(expected: Int, got: Int)
  /// No known font file on this machine.
  case fontMissing(searched: [String])
  /// A picture file that cannot be read.
  case unreadablePicture(name: String, reason: PictureFault)
  /// A drawing surface could not be had.
  case outOfMemory

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .noMarks(let figure): "\(figure) has no marks; add one, such as Line(x, y)"
    case .unequalLengths(let mark, let first, let firstCount, let second, let secondCount):
      "\(mark): \(first) has \(firstCount) values and \(second) has \(secondCount); both must have the same length"
    case .noFiniteData(let mark, let count):
      count == 0
        ? "\(mark) has no data; expected at least one value"
        : "\(mark): none of its \(count) values is finite; expected at least one number"
    case .noPositiveData(let axis):
      "\(axis) axis is logarithmic, but no value is above zero; use scale: .linear or .symmetricLog(threshold:)"
    case .badRange(let axis, let lower, let upper, let scale): Self.rangeText(axis, lower, upper, scale)
    case .namesAndNumbers(let axis):
      "\(axis) axis gets names from one mark and numbers from another; give all marks names or all numbers"
    case .unevenMatrix(let mark, let expected, let got, let what): "\(mark): expected \(expected) \(what), got \(got)"
    case .badSize(let width, let height):
      "a figure of \(width) × \(height) px cannot be drawn; each side must be 40 to 8000 px"
    case .emptyPicture: "the picture has no pixels; width and height must be above zero"
    case .pixelCount(let expected, let got): "the picture's size needs \(expected) values, got \(got)"
    case .fontMissing(let searched):
      "no font to draw text with; install the package fonts-inter or fonts-dejavu-core (searched: "
        + searched.joined(separator: ", ") + ")"
    case .unreadablePicture(let name, let reason): "\(name): \(Self.text(reason))"
    case .outOfMemory: "out of memory while drawing; make the figure smaller"
    }
  }

  private static func rangeText(_ axis: String, _ lower: Double, _ upper: Double, _ scale: AxisScale) -> String {
    let needed = scale == .logarithmic ? "finite bounds above zero" : "finite bounds"
    return "\(axis) axis: range \(lower)...\(upper) cannot be drawn; expected two different, \(needed)"
  }

  private static func text(_ fault: PictureFault) -> String {
    switch fault {
    case .notFound: "file cannot be opened; check the path, which starts at the notebook's folder"
    case .notAPNG: "not a PNG file; convert it to PNG first"
    case .truncated: "PNG file ends early; fetch or write it again"
    case .outOfMemory: "out of memory while reading the PNG file"
    case .tooLarge(let limit): "PNG file has more than \(limit) pixels or none; scale it down first"
    case .damaged(let message): "damaged PNG file (\(message)); fetch or write it again"
    }
  }
}
