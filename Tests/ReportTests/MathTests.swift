import Foundation
import Report
import Testing

@Suite("Formulas")
struct MathTests {
  private static let renderer = MathRenderer()

  @Test("a formula becomes MathML that carries its source")
  func renders() throws {
    let math = try Self.renderer.mathML("x < y", isDisplay: true)
    #expect(math.hasPrefix("<math alttext=\"x &lt; y\""))
    #expect(math.contains("display=\"block\""))
    #expect(math.contains("<annotation encoding=\"application/x-tex\">x &lt; y</annotation>"))
    #expect(math.hasSuffix("</math>"))
    #expect(!math.contains("xmlns"))
  }

  /// One or more of each group in the library's list of supported functions.
  @Test(
    "the library's functions are typeset",
    arguments: [
      #"a'_1 \tilde{a} \widehat{ac} \overline{AB} \vec{F} \bar{y} \dot{z} \underbrace{x+y}_{n} \overrightarrow{AB}"#,
      #"\left( \frac{a}{b} \right) \Biggl\{ x \Biggr\} \lvert x \rvert \lVert x \rVert \langle \rangle \lceil \rfloor"#,
      #"\begin{matrix} a & b \\ c & d \end{matrix} \begin{bmatrix} 1 \end{bmatrix} \begin{vmatrix} 1 \end{vmatrix}"#,
      #"\begin{cases} a & \text{if } b \\ c & \text{else} \end{cases} \begin{rcases} a \\ b \end{rcases}"#,
      #"\begin{aligned} a &= b + c \\ d + e &= f \end{aligned}"#,
      #"\begin{array}{c|c} a & b \\ \hline c & d \end{array}"#,
      #"\begin{align} a &= b \\ c &= d \end{align}"#, #"\begin{gather*} a = b \\ c \end{gather*}"#,
      #"\begin{smallmatrix} a & b \end{smallmatrix} \substack{a \\ b}"#, #"\tag{3.1} x + y"#,
      #"\alpha \beta \Gamma \varepsilon \digamma \imath \nabla \partial \Re \wp \ell \hbar \aleph"#,
      #"\mathbb{R} \mathcal{L} \mathfrak{g} \mathscr{H} \mathrm{d} \mathbf{x} \boldsymbol{\theta} \mathsf{A} \mathtt{b}"#,
      #"x_2^3 \cancel{5} \boxed{\pi} \not= \overset{!}{=} \underset{x}{\min} \stackrel{def}{=} \raisebox{0.25em}{a}"#,
      #"\forall \exists \in \notin \subset \emptyset \cap \land \implies \iff \mapsto \to \gets"#,
      #"\sum_{i=0}^n \prod \coprod \int \iint \oint \bigotimes \bigoplus \bigcup \bigsqcup \int_{0}^{\infty}"#,
      #"\cdot \times \pm \mp \oplus \otimes \div \circ \wedge \ast \star \bmod \pmod{n}"#,
      #"\tfrac{1}{2} \dfrac{a}{b} \binom{n}{k} \cfrac{a}{1 + \cfrac{1}{b}} \genfrac ( ] {2pt}{0}{a}{a+1} {n \choose k}"#,
      #"\sin \log \exp \operatorname{softmax} \operatorname*{arg\,max}_{x} \lim_{x \to 0} \det \gcd \sup \Pr"#,
      #"\sqrt{x} \sqrt[3]{x}"#,
      #"= < > \le \geq \approx \sim \equiv \propto \ll \neq \coloneqq \perp \parallel \models"#,
      #"\leftarrow \Rightarrow \longleftrightarrow \hookrightarrow \xrightarrow[b]{a} \rightharpoonup \rightleftharpoons"#,
      #"\displaystyle\sum \textstyle\sum \text{words} \textbf{bold} \texttt{code} \tiny x \Huge y"#,
      #"\color{blue} x \textcolor{red}{y} \colorbox{yellow}{z}"#,
      #"a\,b\;c\quad d\qquad e\!f \hspace{1em} \kern3mu \phantom{x} \mathllap{y}"#,
      #"\def\foo#1{#1^2} \foo{x} \newcommand{\baz}{y} \baz"#,
      #"\dots \ldots \cdots \vdots \ddots \prime \infty \angle \degree \checkmark"#,
      #"\begin{CD} A @>a>> B \\ @VVbV @AAcA \\ C @= D \end{CD}"#, #"\bra{\phi} \ket{\psi} \braket{\phi|\psi}"#,
      "α + β ≤ ∞",
    ]
  )
  func supports(_ tex: String) throws {
    let math = try Self.renderer.mathML(tex, isDisplay: true)
    #expect(math.hasPrefix("<math "))
  }

  @Test("a letter beyond 16 bits survives the script engine")
  func astral() throws {
    #expect(try Self.renderer.mathML("𝔸", isDisplay: false).contains("𝔸"))
  }

  @Test(
    "what is not supported is said in one line",
    arguments: [
      (#"\unknown"#, "Undefined control sequence: \\unknown"), ("{a", "Expected '}'"), ("a_b_c", "Double subscript"),
      (#"\href{javascript:x}{y}"#, "a command that pages may not hold"),
      (#"\def\a{\a\a}\a"#, "Too many expansions"),
    ]
  )
  func refuses(_ tex: String, _ message: String) {
    let failure = #expect(throws: MathRenderer.Failure.self) { try Self.renderer.mathML(tex, isDisplay: false) }
    #expect(failure?.description.contains(message) == true, "\(String(describing: failure))")
  }

  @Test("a formula without end is refused before the engine sees it")
  func long() {
    #expect(throws: MathRenderer.Failure.tooLong(characters: 30_000)) {
      try Self.renderer.mathML(String(repeating: "x", count: 30_000), isDisplay: false)
    }
  }

  @Test("a missing library names the package that holds it")
  func missing() {
    let failure = #expect(throws: MathRenderer.Failure.self) {
      try MathRenderer(library: "/nowhere/katex.js").mathML("x", isDisplay: false)
    }
    #expect(failure?.description.contains("install the package libjs-katex") == true)
  }

  @Test("a formula in the cache folder starts no engine")
  func caches() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("formulas-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = MathRenderer(cacheFolder: folder.path)
    let math = try first.mathML(#"\frac{1}{2}"#, isDisplay: false)
    #expect(first.engineStarts == 1)
    let second = MathRenderer(cacheFolder: folder.path)
    #expect(try second.mathML(#"\frac{1}{2}"#, isDisplay: false) == math)
    #expect(second.engineStarts == 0)
    let compiled = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".bytecode") }
    )
    #expect(try second.mathML("y", isDisplay: false) == MathRenderer().mathML("y", isDisplay: false))
    // A damaged file is compiled anew, not trusted.
    let path = folder.appendingPathComponent(compiled)
    try Data((0..<1_000).map { UInt8($0 & 255) }).write(to: path)
    #expect(try MathRenderer(cacheFolder: folder.path).mathML("z", isDisplay: false).hasPrefix("<math"))
    #expect(try Data(contentsOf: path).count > 100_000)
  }
}
