internal import CKernels

extension Tensor where Scalar: TensorScalar {
  /// Mean and variance of each channel of `[batch, channels, …]`, without a gradient.
  func channelMoments() -> (mean: Tensor, variance: Tensor) {
    let channels = shape[1]
    let length = count / (shape[0] * channels)
    let mean = Tensor(uninitialized: [channels])
    let variance = Tensor(uninitialized: [channels])
    typealias K = Kernels<Scalar>
    withExtendedLifetime(storage) {
      let (from, means, variances) = (pointer, mean.output, variance.output)
      Threads.split(channels, cost: 2 * shape[0] * length) { range in
        for channel in range {
          var moments = (0.0, 0.0)
          withUnsafeMutableBytes(of: &moments) { bytes in
            let out = bytes.assumingMemoryBound(to: Double.self).baseAddress
            if K.isFloat {
              ofk_channel_moments_f32(K.f(from), shape[0], channels, length, channel, out)
            } else {
              ofk_channel_moments_f64(K.d(from), shape[0], channels, length, channel, out)
            }
          }
          means[channel] = Scalar(moments.0)
          variances[channel] = Scalar(moments.1)
        }
      }
    }
    return (mean, variance)
  }
}
