public import Layers
public import Tensors

/// A U-Net over rows and frames: strided convolutions down, bilinear upsampling and convolutions up, joined level by level.
///
/// A condition, where there is one, is laid beside the innermost maps, the same at each place.
///
/// Source: Zhao and others, "The sound of pixels", 2018; names as in sony/CLIPSep at 22b6f91.
public struct SoundUNet: Module {
  private var inputNorm = BatchNorm(channels: 1)
  private var downs: [Convolution] = []
  private var downNorms: [BatchNorm?] = []
  private var ups: [Convolution] = []
  private var upNorms: [BatchNorm?] = []

  /// Makes a network with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - widths: channels after each level, two or more levels.
  ///   - features: channels of the result.
  ///   - conditions: values of a condition.
  ///   - random: supplies the values.
  public init(widths: [Int], features: Int, conditions: Int = 0, random: inout RandomStream) {
    precondition(widths.count > 1, "SoundUNet: \(widths.count) levels, needs 2 or more")
    for (level, width) in widths.enumerated() {
      let (outer, isLast) = (level == 0 ? 1 : widths[level - 1], level == widths.count - 1)
      let outputs = level == 0 ? features : outer
      downs.append(
        Convolution(
          inputChannels: outer,
          outputChannels: width,
          kernel: [4, 4],
          stride: 2,
          padding: .zeros(1),
          hasBias: false,
          random: &random
        )
      )
      downNorms.append(level == 0 || isLast ? nil : BatchNorm(channels: width))
      ups.append(
        Convolution(
          inputChannels: isLast ? width + conditions : 2 * width,
          outputChannels: outputs,
          kernel: [3, 3],
          padding: .zeros(1),
          hasBias: level == 0,
          random: &random
        )
      )
      upNorms.append(level == 0 ? nil : BatchNorm(channels: outputs))
    }
  }

  /// Feature maps of a spectrum.
  ///
  /// - Parameters:
  ///   - x: `[batch, 1, rows, frames]`, rows a multiple of 2 to the number of levels; frames are padded with the last one to
  ///     such a multiple, and cut again.
  ///   - condition: `[batch, conditions]`.
  ///   - mode: in training the norms take a batch's moments.
  /// - Returns: `[batch, features, rows, frames]`.
  public mutating func callAsFunction(
    _ x: Tensor<Float>,
    condition: Tensor<Float>? = nil,
    mode: Mode
  ) -> Tensor<Float> {
    let multiple = 1 << downs.count
    precondition(
      x.rank == 4 && x.shape[1] == 1 && x.shape[2] % multiple == 0,
      "SoundUNet: input has shape \(x.shape), expected [batch, 1, rows, frames], rows a multiple of \(multiple)"
    )
    let frames = x.shape[3]
    let missing = (multiple - frames % multiple) % multiple
    guard missing > 0 else { return maps(x, condition, mode) }
    return maps(x.padded(after: missing, axis: 3, mode: .replicated), condition, mode).sliced(0..<frames, axis: 3)
  }

  private mutating func maps(_ x: Tensor<Float>, _ condition: Tensor<Float>?, _ mode: Mode) -> Tensor<Float> {
    var inner: [Tensor<Float>] = []
    var y = inputNorm(x, mode: mode)
    for level in downs.indices {
      y = downs[level](level == 0 ? y : y.leakyReLU(slope: 0.2))
      y = downNorms[level]?(y, mode: mode) ?? y
      inner.append(y)
    }
    if let condition {
      let everywhere = condition.reshaped(condition.shape + [1, 1]).broadcast(to: condition.shape + y.shape[2...])
      y = .concatenated([y, everywhere], axis: 1)
    }
    for level in ups.indices.reversed() {
      if level < ups.count - 1 { y = .concatenated([inner[level], y], axis: 1) }
      y = y.relu()
      y = ups[level](y.resizedBilinear(height: 2 * y.shape[2], width: 2 * y.shape[3], alignsCorners: true))
      y = upNorms[level]?(y, mode: mode) ?? y
    }
    return y
  }

  /// Shows all tensors under the reference's names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("bn0", &inputNorm)
    visitor.enter("unet_block")
    visit(level: 0, &visitor)
    visitor.leave()
  }

  /// The reference numbers the steps of a level, activations included; the next level is one of them.
  private mutating func visit(level: Int, _ visitor: inout some ParameterVisitor) {
    let isLast = level == downs.count - 1
    visitor.enter("model")
    visitor.visit(level == 0 ? "0" : "1", &downs[level])
    visitor.visit("2", &downNorms[level])
    if !isLast {
      visitor.enter(level == 0 ? "1" : "3")
      visit(level: level + 1, &visitor)
      visitor.leave()
    }
    let place = level == 0 || isLast ? 4 : 6
    visitor.visit("\(place)", &ups[level])
    visitor.visit("\(place + 1)", &upNorms[level])
    visitor.leave()
  }
}
