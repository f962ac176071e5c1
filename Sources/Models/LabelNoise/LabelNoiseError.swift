/// Why noisy data or their training are refused.
public enum LabelNoiseError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A label is not one of the classes.
  case badLabel(index: Int, got: Int, classes: Int)
  /// Arrays that belong together differ in length.
  case wrongCount(what: String, expected: Int, got: Int)
  /// A batch of one sample, of which a batch norm can take no variance.
  case singleSample(batch: Int)
  /// The weights of a batch add up to nothing.
  case noWeight(batch: Int)
  /// A setting is outside its range.
  case badSetting(setting: String, expected: String, got: Double)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .badLabel(let index, let got, let classes):
      "label \(index) is \(got), must be in 0..<\(classes); number the classes from 0 up"
    case .wrongCount(let what, let expected, let got): "\(what): expected \(expected), got \(got)"
    case .singleSample(let batch):
      "batch \(batch) has one sample, of which batch norm takes no variance; choose another batch size"
    case .noWeight(let batch):
      "weights of batch \(batch) add up to 0; keep a clean sample in it or leave the batch out"
    case .badSetting(let setting, let expected, let got): "\(setting) must be \(expected), got \(got)"
    }
  }
}
