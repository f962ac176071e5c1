internal import Display

/// Two lists of one length: what most marks are made from.
struct SeriesData: Sendable, Equatable {
  var x: Coordinates
  var y: Coordinates

  init(_ x: some PlotData, _ y: some PlotData) {
    self.x = x.coordinates
    self.y = y.coordinates
  }

  /// Numbers over their own index, from 0.
  init(_ y: some PlotData) {
    self.y = y.coordinates
    x = .numbers((0..<self.y.count).map(Double.init))
  }

  /// A function, sampled evenly; over two or more powers of ten also at even ratios, so that it is smooth on both axes.
  init(_ range: ClosedRange<Double>, samples: Int, _ function: (Double) -> Double) {
    let count = max(samples, 2)
    let span = range.upperBound - range.lowerBound
    var places = (0..<count).map { range.lowerBound + span * Double($0) / Double(count - 1) }
    if range.lowerBound > 0, range.upperBound / range.lowerBound >= 100 {
      let scale = Scale(.logarithmic, from: range.lowerBound, to: range.upperBound, start: 0, end: Double(count - 1))
      places = (places + (0..<count).map { scale.value(at: Double($0)) }).sorted()
    }
    x = .numbers(places)
    y = .numbers(places.map(function))
  }

  func measure(_ domain: inout Domain, mark: String) throws(PlotError) {
    guard x.count == y.count else {
      throw .unequalLengths(mark: mark, first: "x", firstCount: x.count, second: "y", secondCount: y.count)
    }
    let before = (domain.x.placedCount, domain.y.placedCount)
    domain.x.include(x)
    domain.y.include(y)
    try domain.x.requireData(placedBefore: before.0, count: x.count, mark: mark, axis: "x")
    try domain.y.requireData(placedBefore: before.1, count: y.count, mark: mark, axis: "y")
  }

  func table(_ axes: AxisNames, label: String?) -> TableOutput {
    TableOutput(columns: [axes.xColumn(x), axes.yColumn(y, name: label)], title: label)
  }

  /// What is told of a series; names on the vertical axis (lying bars, dot plots) are told as values of those names.
  func summary() -> MarkSummary {
    switch (x, y) {
    case (.names(let names), .numbers(let values)), (.numbers(let values), .names(let names)):
      .values(names: names, values: values)
    default: .course(x: x, y: y.values)
    }
  }
}

extension Extent {
  /// Checks that a mark brought at least one number that can be drawn.
  func requireData(placedBefore: Int, count: Int, mark: String, axis: String) throws(PlotError) {
    guard placedCount == placedBefore else { return }
    // A mark that has finite numbers, but none for this axis, is on the wrong kind of axis.
    if scale == .logarithmic, count > 0 { throw .noPositiveData(axis: axis) }
    throw .noFiniteData(mark: mark, count: count)
  }
}
