internal import CKernels

/// One run of an LSTM and the way back.
struct LSTMRun<Scalar: TensorScalar>: Sendable {
  private typealias K = Kernels<Scalar>
  private let x: Tensor<Scalar>
  private let inputWeights: Tensor<Scalar>
  private let hiddenWeights: Tensor<Scalar>
  private let start: (hidden: Tensor<Scalar>, cell: Tensor<Scalar>)
  private let backward: Bool
  /// Activations of the gates, `[time, batch, 4 hidden]`.
  private let gates: Tensor<Scalar>
  private let tanhCells: Tensor<Scalar>
  /// h, then c, of all steps, `[2, time, batch, hidden]`.
  let states: Tensor<Scalar>
  private let time: Int
  private let batch: Int
  private let size: Int

  init(
    x: Tensor<Scalar>,
    _ weights: RecurrentWeights<Scalar>,
    _ start: (hidden: Tensor<Scalar>, cell: Tensor<Scalar>),
    backward: Bool
  ) {
    self.x = x.withoutGradient()
    inputWeights = weights.input.withoutGradient()
    hiddenWeights = weights.hidden.withoutGradient()
    self.start = (start.hidden.withoutGradient(), start.cell.withoutGradient())
    self.backward = backward
    (time, batch, size) = (x.shape[0], x.shape[1], hiddenWeights.shape[1])
    // One product for the inputs of all steps.
    let bias = weights.inputBias.withoutGradient() + weights.hiddenBias.withoutGradient()
    gates = self.x.matmul(inputWeights, transposesRight: true).addingRows(bias)
    tanhCells = Tensor(uninitialized: [time, batch, size])
    states = Tensor(uninitialized: [2, time, batch, size])
    run()
  }

  private func run() {
    let step = batch * size
    let matrix = RecurrentProduct(hiddenWeights, transposed: true, rows: batch)
    let (h, c) = (states.output, states.output + time * step)
    var (h0, c0) = (start.hidden.pointer, start.cell.pointer)
    withExtendedLifetime((start.hidden.storage, start.cell.storage, hiddenWeights.storage)) {
      for index in 0..<time {
        let t = backward ? time - 1 - index : index
        let z = gates.output + t * 4 * step
        matrix.run(h0, z, beta: 1)
        let tanh = tanhCells.output + t * step
        if K.isFloat {
          ofk_lstm_f32(K.f(z), K.f(c0), K.f(c + t * step), K.f(tanh), K.f(h + t * step), batch, size)
        } else {
          ofk_lstm_f64(K.d(z), K.d(c0), K.d(c + t * step), K.d(tanh), K.d(h + t * step), batch, size)
        }
        (h0, c0) = (UnsafePointer(h + t * step), UnsafePointer(c + t * step))
      }
    }
  }

  /// Gradients of x, W, U, both biases, h0 and c0.
  func pull(_ gradient: Tensor<Scalar>) -> [Tensor<Scalar>?] {
    let step = batch * size
    let slopes = Tensor<Scalar>(like: gates)
    let dh = Tensor<Scalar>(uninitialized: [batch, size])
    let dc = Tensor<Scalar>.zeros([batch, size])
    let carried = Tensor<Scalar>.zeros([batch, size])
    let matrix = RecurrentProduct(hiddenWeights, transposed: false, rows: batch)
    withExtendedLifetime((gradient.storage, start.cell.storage, dh.storage, dc.storage, carried.storage)) {
      let (up, c) = (gradient.pointer, states.pointer + time * step)
      for index in (0..<time).reversed() {
        let t = backward ? time - 1 - index : index
        let before = backward ? t + 1 : t - 1
        let c0 = index == 0 ? start.cell.pointer : c + before * step
        Kernels.zip(.add, carried.pointer, 1, up + t * step, 1, dh.output, step)
        Kernels.axpy(1, up + (time + t) * step, dc.output, step)
        let (z, tanh, dz) = (gates.pointer + t * 4 * step, tanhCells.pointer + t * step, slopes.output + t * 4 * step)
        if K.isFloat {
          ofk_lstm_gradient_f32(K.f(z), K.f(c0), K.f(tanh), K.f(dh.pointer), K.f(dc.output), K.f(dz), batch, size)
        } else {
          ofk_lstm_gradient_f64(K.d(z), K.d(c0), K.d(tanh), K.d(dh.pointer), K.d(dc.output), K.d(dz), batch, size)
        }
        matrix.run(UnsafePointer(dz), carried.output)
      }
    }
    let input = RecurrentGradients.input(slopes, x, inputWeights)
    let hidden = RecurrentGradients.hidden(
      slopes,
      states.slicedRaw(0..<1, 0, 1).withShape([time, batch, size]),
      start.hidden,
      backward: backward
    )
    return [input.x, input.weights, hidden, input.bias, input.bias, carried, dc]
  }
}

/// One run of a GRU and the way back.
struct GRURun<Scalar: TensorScalar>: Sendable {
  private typealias K = Kernels<Scalar>
  private let x: Tensor<Scalar>
  private let inputWeights: Tensor<Scalar>
  private let hiddenWeights: Tensor<Scalar>
  private let start: Tensor<Scalar>
  private let backward: Bool
  /// Activations r, z, n, `[time, batch, 3 hidden]`.
  private let gates: Tensor<Scalar>
  /// The state's part before the activations.
  private let parts: Tensor<Scalar>
  /// h of all steps, `[time, batch, hidden]`.
  let states: Tensor<Scalar>
  private let time: Int
  private let batch: Int
  private let size: Int

  init(x: Tensor<Scalar>, _ weights: RecurrentWeights<Scalar>, _ start: Tensor<Scalar>, backward: Bool) {
    self.x = x.withoutGradient()
    inputWeights = weights.input.withoutGradient()
    hiddenWeights = weights.hidden.withoutGradient()
    self.start = start.withoutGradient()
    self.backward = backward
    (time, batch, size) = (x.shape[0], x.shape[1], hiddenWeights.shape[1])
    gates = self.x.matmul(inputWeights, transposesRight: true).addingRows(weights.inputBias)
    parts = weights.hiddenBias.withoutGradient().broadcastRaw(to: [time, batch, 3 * size])
    states = Tensor(uninitialized: [time, batch, size])
    let step = batch * size
    let matrix = RecurrentProduct(hiddenWeights, transposed: true, rows: batch)
    var h0 = self.start.pointer
    withExtendedLifetime((start.storage, hiddenWeights.storage)) {
      for index in 0..<time {
        let t = backward ? time - 1 - index : index
        let (a, b, h) = (gates.output + t * 3 * step, parts.output + t * 3 * step, states.output + t * step)
        matrix.run(h0, b, beta: 1)
        if K.isFloat {
          ofk_gru_f32(K.f(a), K.f(b), K.f(h0), K.f(h), batch, size)
        } else {
          ofk_gru_f64(K.d(a), K.d(b), K.d(h0), K.d(h), batch, size)
        }
        h0 = UnsafePointer(h)
      }
    }
  }

  /// Gradients of x, W, U, both biases and h0.
  func pull(_ gradient: Tensor<Scalar>) -> [Tensor<Scalar>?] {
    let step = batch * size
    let slopes = Tensor<Scalar>(like: gates)
    let partSlopes = Tensor<Scalar>(like: gates)
    let dh = Tensor<Scalar>(uninitialized: [batch, size])
    let carried = Tensor<Scalar>.zeros([batch, size])
    let matrix = RecurrentProduct(hiddenWeights, transposed: false, rows: batch)
    withExtendedLifetime((gradient.storage, start.storage, dh.storage, carried.storage)) {
      for index in (0..<time).reversed() {
        let t = backward ? time - 1 - index : index
        let before = backward ? t + 1 : t - 1
        let h0 = index == 0 ? start.pointer : states.pointer + before * step
        Kernels.zip(.add, carried.pointer, 1, gradient.pointer + t * step, 1, dh.output, step)
        let place = t * 3 * step
        let (a, b) = (gates.pointer + place, parts.pointer + place)
        let (da, db) = (slopes.output + place, partSlopes.output + place)
        if K.isFloat {
          ofk_gru_gradient_f32(
            K.f(a),
            K.f(b),
            K.f(h0),
            K.f(dh.pointer),
            K.f(da),
            K.f(db),
            K.f(carried.output),
            batch,
            size
          )
        } else {
          ofk_gru_gradient_f64(
            K.d(a),
            K.d(b),
            K.d(h0),
            K.d(dh.pointer),
            K.d(da),
            K.d(db),
            K.d(carried.output),
            batch,
            size
          )
        }
        matrix.run(UnsafePointer(db), carried.output, beta: 1)
      }
    }
    let input = RecurrentGradients.input(slopes, x, inputWeights)
    let hidden = RecurrentGradients.hidden(partSlopes, states, start, backward: backward)
    let partBias = partSlopes.withShape([time * batch, 3 * size]).reducedRaw(.sum, axes: [0])
    return [input.x, input.weights, hidden, input.bias, partBias, carried]
  }
}

/// The product of each step's few rows with one matrix: packed once where the rows are few.
private struct RecurrentProduct<Scalar: TensorScalar> {
  private let matrix: Tensor<Scalar>
  private let packed: PackedMatrix<Scalar>?
  private let task: MatrixProduct

  init(_ matrix: Tensor<Scalar>, transposed: Bool, rows: Int) {
    self.matrix = matrix
    task = MatrixProduct(
      rows: rows,
      columns: matrix.shape[transposed ? 0 : 1],
      depth: matrix.shape[transposed ? 1 : 0],
      transposesRight: transposed
    )
    packed = rows <= 32 ? PackedMatrix(matrix, transposed: transposed) : nil
  }

  func run(_ a: UnsafePointer<Scalar>, _ c: UnsafeMutablePointer<Scalar>, beta: Double = 0) {
    if let packed { return packed.multiply(a, task.rows, into: c, beta: Scalar(beta)) }
    withExtendedLifetime(matrix.storage) { task.run(a, matrix.pointer, c, beta: beta) }
  }
}

extension Tensor where Scalar: TensorScalar {
  /// Adds a row to all rows of values that nobody else needs.
  fileprivate func addingRows(_ row: Tensor) -> Tensor {
    let width = row.count
    withExtendedLifetime((storage, row.storage)) {
      let (to, from) = (output, row.pointer)
      Threads.split(count / width, cost: width) { rows in
        for index in rows { Kernels.axpy(1, from, to + index * width, width) }
      }
    }
    return self
  }
}
