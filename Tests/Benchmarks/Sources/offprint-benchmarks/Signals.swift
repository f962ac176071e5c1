import Signals
import Solvers
import Tensors

/// Transforms beside PyTorch's and SciPy's, factorizations and assignment beside SciPy's.
let signalWorkloads: [Workload] =
  [
    Workload(name: "stft 1024 hop 256, 8 of 4 s, forward") { random in
      let stft = STFT<Float>(frameLength: 1024)
      let x = random.normal([8, 64_000])
      return { _ = spectra(stft, x) }
    },
    Workload(name: "stft 1024 hop 256, 8 of 4 s, there and back with gradient") { random in
      let stft = STFT<Float>(frameLength: 1024)
      let x = random.normal([8, 64_000])
      return {
        withGradient(of: Float.self) { tape in
          let input = tape.watch(x)
          let y = signals(stft, spectra(stft, input), 64_000)
          _ = tape.gradients(of: y.squared().sum(), at: [input])
        }
      }
    },
    Workload(name: "rfft 1024 of 4096 rows") { random in
      let transform = RealFFT<Float>(length: 1024)
      let x = random.normal([4096 * 1024]).values
      return { _ = transform.forward(rows: x, count: 4096) }
    },
    Workload(name: "fft 2^18 complex, double") { random in
      let transform = FFT<Double>(length: 1 << 18)
      let values = random.normal([2, 1 << 18], of: Double.self)
      var x = SplitComplex(real: values.selected(0).values, imaginary: values.selected(1).values)
      return {
        transform.forward(&x)
        transform.inverse(&x)
      }
    },
  ]
  + factorization("solve 800") { _ = try LinearSystem($0).solve([Double](repeating: 1, count: 800)) }
  + factorization("eigh 400") { _ = try SymmetricEigen($0 + $0.transposed) }
  + factorization("svd 400") { _ = try SingularValues($0) }
  + factorization("assignment 400") { _ = try Assignment.solve($0) }

private func factorization(_ name: String, _ body: @escaping @Sendable (Matrix<Double>) throws -> Void) -> [Workload] {
  [
    Workload(name: name) { random in
      let count = Int(name.split(separator: " ")[1]) ?? 0
      let values = random.normal([count, count], of: Double.self)
      let matrix = Matrix(values.values, rows: count, columns: count)
      return { do { try body(matrix) } catch { preconditionFailure("\(error)") } }
    }
  ]
}

private func spectra(_ stft: STFT<Float>, _ x: Tensor<Float>) -> Tensor<Float> {
  do { return try stft.forward(x) } catch { preconditionFailure("\(error)") }
}

private func signals(_ stft: STFT<Float>, _ x: Tensor<Float>, _ length: Int) -> Tensor<Float> {
  do { return try stft.inverse(x, length: length) } catch { preconditionFailure("\(error)") }
}
