internal import Tensors

extension Tensor<Float> {
  /// The values where another tensor's are positive, else 0: the way back through max(·, 0).
  func masked(by other: Tensor<Float>) -> Tensor<Float> {
    var result = self
    result.withUnsafeMutableValues { to in
      other.withUnsafeValues { from in
        for place in to.indices { to[place] = from[place] > 0 ? to[place] : 0 }
      }
    }
    return result
  }
}
