import Tensors

/// Lightning attention of 8 heads of 64 features, at the lengths at which PyTorch's ways are timed, and at one beyond.
///
/// One body stands against several peers, so names say which: a loop over chunks of 64 or 128 positions, or softmax.
let lightningWorkloads: [Workload] =
  [(512, "chunk64"), (2048, "chunk64"), (8192, "chunk64"), (8192, "chunk128"), (2048, "softmax"), (8192, "softmax")]
  .flatMap { length, peer in
    [
      Workload(name: "lightning \(length) by \(peer) forward") { random in
        let x = inputs(length, &random)
        return { _ = attention(x) }
      },
      Workload(name: "lightning \(length) by \(peer) train") { random in
        let x = inputs(length, &random)
        return { _ = valueWithGradient(at: x) { attention($0) } }
      },
    ]
  } + [
    Workload(name: "lightning 131072 forward") { random in
      let x = inputs(131_072, &random)
      return { _ = attention(x) }
    },
    Workload(name: "lightning 131072 train") { random in
      let x = inputs(131_072, &random)
      return { _ = valueWithGradient(at: x) { attention($0) } }
    },
  ]

/// Queries, keys and values, `[1, 8, length, 64]`.
private func inputs(_ length: Int, _ random: inout RandomStream) -> [Tensor<Float>] {
  (0..<3).map { _ in random.normal([1, 8, length, 64]) }
}

private func attention(_ x: [Tensor<Float>]) -> Tensor<Float> {
  .decayingAttention(x[0], x[1], x[2], slopes: (1...8).map { 1 / Double(1 << $0) })
}
