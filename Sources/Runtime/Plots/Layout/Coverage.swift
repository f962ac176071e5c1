/// How much of a part of the frame the marks take, measured on a coarse lattice.
struct Coverage {
  private static let cell = 6.0
  private let frame: Rect
  private let columns: Int
  private let rows: Int
  private var taken: [Bool]

  init(marks: ArraySlice<DisplayList.Command>, frame: Rect) {
    self.frame = frame
    columns = Int(frame.width / Self.cell) + 1
    rows = Int(frame.height / Self.cell) + 1
    taken = [Bool](repeating: false, count: columns * rows)
    for command in marks { add(command) }
  }

  /// Share of a rectangle's cells that hold data, 0…1.
  func share(in rect: Rect) -> Double {
    let (left, right) = (column(rect.left), column(rect.right))
    let (top, bottom) = (row(rect.top), row(rect.bottom))
    let count = (top...max(bottom, top)).reduce(0) { sum, row in
      sum + (left...max(right, left)).count { taken[row * columns + $0] }
    }
    return Double(count) / Double((max(bottom, top) - top + 1) * (max(right, left) - left + 1))
  }

  private mutating func add(_ command: DisplayList.Command) {
    switch command {
    case .path(let path, let fill, _):
      for points in path.subpaths {
        if fill != nil, path.isClosed, points.count == 4 {
          add(Rect(from: points[0], to: points[2]))
        } else {
          for (a, b) in zip(points, points.dropFirst()) { add(from: a, to: b) }
        }
      }
    case .markers(_, let points, _, _): points.forEach { add($0) }
    case .text(let item): add(item.position)
    case .image, .beginClip, .endClip: break
    }
  }

  private mutating func add(_ rect: Rect) {
    guard rect.right >= frame.left, rect.left <= frame.right, rect.bottom >= frame.top, rect.top <= frame.bottom else {
      return
    }
    for row in row(rect.top)...row(rect.bottom) {
      for column in column(rect.left)...column(rect.right) { taken[row * columns + column] = true }
    }
  }

  private mutating func add(from a: Point, to b: Point) {
    let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot()
    let steps = min(Int(length / Self.cell * 2) + 1, 2000)
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      add(Point(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share))
    }
  }

  private mutating func add(_ point: Point) {
    guard frame.contains(point) else { return }
    taken[row(point.y) * columns + column(point.x)] = true
  }

  private func column(_ x: Double) -> Int { min(max(Int((x - frame.left) / Self.cell), 0), columns - 1) }
  private func row(_ y: Double) -> Int { min(max(Int((y - frame.top) / Self.cell), 0), rows - 1) }
}
