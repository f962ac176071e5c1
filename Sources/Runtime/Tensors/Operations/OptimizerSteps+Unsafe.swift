internal import CKernels

/// One step of Adam or AdamW, in one pass over the values.
package struct AdamStep: Sendable {
  package var rate: Float
  package var beta1: Float
  package var beta2: Float
  package var epsilon: Float
  package var decoupledDecay: Float
  package var l2: Float
  package var step: Int

  package init(
    rate: Float,
    beta1: Float,
    beta2: Float,
    epsilon: Float,
    decoupledDecay: Float,
    l2: Float,
    step: Int
  ) {
    (self.rate, self.beta1, self.beta2, self.epsilon) = (rate, beta1, beta2, epsilon)
    (self.decoupledDecay, self.l2, self.step) = (decoupledDecay, l2, step)
  }

  /// Moves values against their gradient.
  package func run(
    _ values: inout Tensor<Float>,
    _ gradient: Tensor<Float>,
    _ first: inout Tensor<Float>,
    _ second: inout Tensor<Float>,
    _ largest: inout Tensor<Float>?
  ) {
    let count = values.count
    // 1 - β^step in double: powers of numbers near 1 lose digits in single precision.
    let correction1 = Float(1 - power(Double(beta1), step))
    let correction2 = Float(1 - power(Double(beta2), step))
    values.withMutablePointer { w in
      first.withMutablePointer { m in
        second.withMutablePointer { v in
          let bound = largest?.withMutablePointer { $0 }
          withExtendedLifetime((gradient.storage, largest)) {
            let g = gradient.pointer
            Threads.split(count, cost: 2) { range in
              let start = range.lowerBound
              ofk_adam_f32(
                w + start,
                g + start,
                m + start,
                v + start,
                bound.map { $0 + start },
                range.count,
                rate,
                beta1,
                beta2,
                epsilon,
                decoupledDecay,
                l2,
                correction1,
                correction2,
                1
              )
            }
          }
        }
      }
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}

/// One step of gradient descent with momentum, in one pass over the values.
package struct DescentStep: Sendable {
  package var rate: Float
  package var momentum: Float
  package var damping: Float
  package var l2: Float
  package var isNesterov: Bool

  package init(rate: Float, momentum: Float, damping: Float, l2: Float, isNesterov: Bool) {
    (self.rate, self.momentum, self.damping) = (rate, momentum, damping)
    (self.l2, self.isNesterov) = (l2, isNesterov)
  }

  /// Moves values against their gradient.
  package func run(_ values: inout Tensor<Float>, _ gradient: Tensor<Float>, _ velocity: inout Tensor<Float>) {
    let count = values.count
    values.withMutablePointer { w in
      velocity.withMutablePointer { v in
        withExtendedLifetime(gradient.storage) {
          let g = gradient.pointer
          Threads.split(count, cost: 2) { range in
            let start = range.lowerBound
            ofk_sgd_f32(
              w + start,
              g + start,
              v + start,
              range.count,
              rate,
              momentum,
              damping,
              l2,
              isNesterov ? 1 : 0,
              1
            )
          }
        }
      }
    }
  }
}
