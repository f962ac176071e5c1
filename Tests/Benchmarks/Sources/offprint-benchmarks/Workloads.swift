import Layers
import Tensors

/// A named piece of work; `make` prepares it and gives what is timed.
struct Workload: Sendable {
  let name: String
  let make: @Sendable (inout RandomStream) -> () -> Void
}

/// Forward and backward of a module at an input, gradients for both.
func training<Model: Module>(
  _ model: Model,
  _ shape: [Int],
  _ random: inout RandomStream,
  _ call: @escaping (inout Model, Tensor<Float>) -> Tensor<Float>
) -> () -> Void {
  var model = model
  let x = random.normal(shape)
  return {
    withGradient(of: Float.self) { tape in
      let input = tape.watch(x)
      var watched: [Tensor<Float>] = [input]
      var copy = model
      copy.updateParameters { _, tensor in
        watched.append(tape.watch(tensor))
        return watched[watched.count - 1]
      }
      let y = call(&copy, input)
      _ = tape.gradients(of: y, at: watched)
    }
    _ = model
    model = model
  }
}

let workloads: [Workload] =
  [(512, 512, 512), (2048, 2048, 2048), (128, 3200, 512), (64, 800, 32), (32, 64, 64)].map { m, n, k in
    Workload(name: "gemm \(m)x\(n)x\(k)") { random in
      let (a, b) = (random.normal([m, k]), random.normal([k, n]))
      return { _ = a.matmul(b) }
    }
  } + [
    Workload(name: "conv1d 64->128 k8 s4 T16000 train") { random in
      training(
        Convolution(inputChannels: 64, outputChannels: 128, kernel: [8], stride: 4, random: &random),
        [2, 64, 16000],
        &random
      ) { $0($1) }
    },
    Workload(name: "conv1d 1->512 k16 s8 T32000 train") { random in
      training(
        Convolution(inputChannels: 1, outputChannels: 512, kernel: [16], stride: 8, hasBias: false, random: &random),
        [2, 1, 32000],
        &random
      ) { $0($1) }
    },
    Workload(name: "depthwise 512 k3 d8 T3999 train") { random in
      training(
        Convolution(
          inputChannels: 512,
          outputChannels: 512,
          kernel: [3],
          padding: .same,
          dilation: 8,
          groups: 512,
          random: &random
        ),
        [2, 512, 3999],
        &random
      ) { $0($1) }
    },
    Workload(name: "depthwise 256 k17 T2000 train") { random in
      training(
        Convolution(
          inputChannels: 256,
          outputChannels: 256,
          kernel: [17],
          padding: .same,
          groups: 256,
          random: &random
        ),
        [2, 256, 2000],
        &random
      ) { $0($1) }
    },
    Workload(name: "conv2d 32->64 3x3 64x64 train") { random in
      training(
        Convolution(inputChannels: 32, outputChannels: 64, kernel: [3, 3], padding: .same, random: &random),
        [4, 32, 64, 64],
        &random
      ) { $0($1) }
    },
    Workload(name: "conv2d 8->8 3x3 128x128 train") { random in
      training(
        Convolution(inputChannels: 8, outputChannels: 8, kernel: [3, 3], padding: .same, random: &random),
        [4, 8, 128, 128],
        &random
      ) { $0($1) }
    },
    Workload(name: "conv3d 8->8 3x3x3 32^3 train") { random in
      training(
        Convolution(inputChannels: 8, outputChannels: 8, kernel: [3, 3, 3], padding: .same, random: &random),
        [1, 8, 32, 32, 32],
        &random
      ) { $0($1) }
    },
    Workload(name: "gLN+PReLU 512x3999 train") { random in
      training(NormedPReLU(norm: .global(channels: 512), prelu: PReLU()), [2, 512, 3999], &random) { $0($1) }
    },
    Workload(name: "layer norm 4096x512 train") { random in
      training(LayerNorm(size: 512), [4096, 512], &random) { $0($1) }
    },
    Workload(name: "softmax 4096x512 train") { random in
      let x = random.normal([4096, 512])
      return { _ = gradient(at: x) { $0.softmax() } }
    },
    Workload(name: "gelu 1M train") { random in
      let x = random.normal([1 << 20])
      return { _ = gradient(at: x) { $0.gelu() } }
    },
    Workload(name: "attention 8 heads 512x64 train") { random in
      let parts = (0..<3).map { _ in random.normal([2, 8, 512, 64]) }
      return { _ = valueWithGradient(at: parts) { Attention.softmax($0[0], $0[1], $0[2]) } }
    },
    Workload(name: "lstm 256->256 bidirectional T100 B8 train") { random in
      training(LSTM(inputSize: 256, hiddenSize: 256, isBidirectional: true, random: &random), [100, 8, 256], &random) {
        $0($1).output
      }
    },
    Workload(name: "adam step 4M") { random in
      var model = Values(weight: random.normal([4 << 20]))
      var rule = Adam()
      let slopes = Gradients([random.normal([4 << 20])])
      return { rule.step(&model, slopes) }
    },
    Workload(name: "mlp 64 units batch 32 training step") { random in
      var model = MLP(random: &random)
      var rule = Adam()
      let x = random.normal([32, 64])
      let labels = Tensor<Int>((0..<32).map { $0 % 10 })
      return {
        let slopes = valueWithGradient(at: &model) { Loss.crossEntropy($0(x), labels) }.gradients
        rule.step(&model, slopes)
      }
    },
    Workload(name: "conv-tasnet block forward") { random in
      let block = TasNetBlock(random: &random)
      let x = random.normal([1, 128, 3199])
      return { _ = block(x) }
    },
    Workload(name: "conv-tasnet block training step") { random in
      var block = TasNetBlock(random: &random)
      var rule = Adam()
      let x = random.normal([2, 128, 3199])
      return {
        let slopes = valueWithGradient(at: &block) { block in
          let (residual, skip) = block(x)
          return residual.squared().mean() + skip.squared().mean()
        }.gradients
        rule.step(&block, slopes)
      }
    },
  ] + separators
