internal import Display

extension Output {
  /// The output with the lines of its claims shifted.
  func movingClaims(by lines: Int) -> Output {
    mappingClaims { claim in
      var claim = claim
      if claim.line > 0 { claim.line += lines }
      return claim
    }
  }

  /// The output with every claim in it replaced.
  func mappingClaims(_ transform: (ClaimOutput) -> ClaimOutput) -> Output {
    switch self {
    case .claim(let claim): .claim(transform(claim))
    case .group(let outputs): .group(outputs.map { $0.mappingClaims(transform) })
    default: self
    }
  }
}
