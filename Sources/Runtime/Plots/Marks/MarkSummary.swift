/// What a reader who cannot see a mark should know of it.
public enum MarkSummary: Sendable, Equatable {
  /// Numbers over places: first, last, lowest and highest are told.
  case course(x: Coordinates, y: [Double])
  /// One number for each name: all of them are told when there are few.
  case values(names: [String], values: [Double])
  /// Words of the mark's own.
  case words(String)
}
