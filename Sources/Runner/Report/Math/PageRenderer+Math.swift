internal import Notebook

extension PageRenderer {
  /// A formula, or its source in code where it cannot be typeset.
  mutating func mathML(_ tex: String, isDisplay: Bool, range: SourceRange?) -> String {
    addSearchText(tex.squeezed(limit: 200))
    do throws(MathRenderer.Failure) {
      let formula = try math.mathML(tex, isDisplay: isDisplay)
      // Browsers do not break formulas: one that can be wider than a narrow window scrolls by itself.
      guard !isDisplay, Self.signs(in: formula) > 14 else { return formula }
      return "<span class=\"long-formula\" tabindex=\"0\">\(formula)</span>"
    } catch {
      warn(range, "formula shown as its source: \(error)")
      return "<code class=\"tex\">\(CodeText.visible(tex.squeezed(limit: 2_000)))</code>"
    }
  }

  /// About how many signs stand beside each other: letters, numbers and operators of a formula.
  private static func signs(in formula: String) -> Int {
    var count = 0
    var last: (UInt8, UInt8) = (0, 0)
    for byte in formula.utf8 {
      let isSign = byte == UInt8(ascii: "i") || byte == UInt8(ascii: "o") || byte == UInt8(ascii: "n")
      if isSign, last == (UInt8(ascii: "<"), UInt8(ascii: "m")) { count += 1 }
      last = (last.1, byte)
    }
    return count
  }
}
