internal import Notebook

extension PageRenderer {
  /// A formula, or its source in code where it cannot be typeset.
  mutating func mathML(_ tex: String, isDisplay: Bool, range: SourceRange?) -> String {
    addSearchText(tex.squeezed(limit: 200))
    do throws(MathRenderer.Failure) {
      return try math.mathML(tex, isDisplay: isDisplay)
    } catch {
      warn(range, "formula shown as its source: \(error)")
      return "<code class=\"tex\">\(CodeText.visible(tex.squeezed(limit: 2_000)))</code>"
    }
  }
}
