extension Tensor {
  /// Fills a new tensor from this one's buffer, read with a step for each (joined) axis of the result.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @_specialize(where Scalar == Int)
  func copyStrided(_ lengths: [Int], _ steps: [Int], to result: Tensor) {
    guard let inner = lengths.last, let step = steps.last else {
      result.output.update(from: pointer, count: 1)
      return
    }
    let outer = lengths.count - 1
    // Where the last axis strides and the one before it walks, tiles keep both arrays in the cache.
    if step != 1, step != 0, outer > 0, steps[outer - 1] == 1 {
      return copyTransposed(lengths, steps, to: result)
    }
    withExtendedLifetime(storage) {
      let from = pointer
      let to = result.output
      // Rows that differ in the last outer axis only are walked without a division each: short rows would cost little else.
      let line = outer > 0 ? (length: lengths[outer - 1], step: steps[outer - 1]) : (length: 1, step: 0)
      Threads.split(result.count / inner, cost: inner) { rows in
        var row = rows.lowerBound
        while row < rows.upperBound {
          let end = Swift.min(rows.upperBound, row - row % line.length + line.length)
          var source = from + Self.offset(of: row, lengths[..<outer], steps)
          while row < end {
            let target = to + row * inner
            if step == 1 {
              target.update(from: source, count: inner)
            } else {
              for index in 0..<inner { target[index] = source[index * step] }
            }
            source += line.step
            row += 1
          }
        }
      }
    }
  }

  private func copyTransposed(_ lengths: [Int], _ steps: [Int], to result: Tensor) {
    let outer = lengths.count - 2
    let rows = lengths[outer]
    let columns = lengths[outer + 1]
    let step = steps[outer + 1]
    let tile = 16
    withExtendedLifetime(storage) {
      let from = pointer
      let to = result.output
      let bands = (rows + tile - 1) / tile
      let blocks = result.count / (rows * columns)
      Threads.split(blocks * bands, cost: tile * columns) { range in
        for index in range {
          let block = index / bands
          let first = index % bands * tile
          let last = Swift.min(first + tile, rows)
          let source = from + Self.offset(of: block, lengths[..<outer], steps)
          let target = to + block * rows * columns
          for start in stride(from: 0, to: columns, by: tile) {
            for row in first..<last {
              for column in start..<Swift.min(start + tile, columns) {
                target[row * columns + column] = source[row + column * step]
              }
            }
          }
        }
      }
    }
  }

  private static func offset(of row: Int, _ lengths: ArraySlice<Int>, _ steps: [Int]) -> Int {
    var rest = row
    var offset = 0
    for axis in lengths.indices.reversed() {
      offset += rest % lengths[axis] * steps[axis]
      rest /= lengths[axis]
    }
    return offset
  }
}
