#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif
internal import Record
internal import Synchronization

/// Turns TeX into MathML while pages are built, so that no script runs when they are read.
///
/// Formulas are kept by their source, in memory and in a folder; the script engine starts with the first formula that
/// is in neither.
package final class MathRenderer: Sendable {
  /// Why a formula has no MathML.
  package enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
    case unsupported(String)
    case tooLong(characters: Int)
    case engineMissing(String)

    package var description: String {
      switch self {
      case .unsupported(let message): message
      case .tooLong(let characters):
        "formula of \(characters) characters; at most \(PageLimits.formula) are typeset"
      case .engineMissing(let message): message
      }
    }
  }

  /// Where Debian's package libjs-katex puts the library.
  package static let standardLibrary = "/usr/share/javascript/katex/katex.js"

  private let library: String
  private let cacheFolder: String?
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var formulas: [String: Result<String, Failure>] = [:]
    /// The engine, or why there is none; nil before the first use.
    var engine: Result<Engine, Failure>?
    var stamp: String?
    var engineStarts = 0
  }

  /// The engine is only reached through the lock of `state`.
  private struct Engine: @unchecked Sendable {
    let engine: ScriptEngine
  }

  /// - Parameters:
  ///   - library: path of KaTeX.
  ///   - cacheFolder: folder that keeps formulas between runs; it is made when needed.
  package init(library: String = MathRenderer.standardLibrary, cacheFolder: String? = nil) {
    self.library = library
    self.cacheFolder = cacheFolder
  }

  /// How often the script engine was started, for tests.
  package var engineStarts: Int { state.withLock { $0.engineStarts } }

  /// The formula as a `math` element that carries its source.
  package func mathML(_ tex: String, isDisplay: Bool) throws(Failure) -> String {
    let result = state.withLock { state -> Result<String, Failure> in
      let key = (isDisplay ? "D" : "I") + tex
      if let known = state.formulas[key] { return known }
      let result = render(tex, isDisplay, key, &state)
      state.formulas[key] = result
      return result
    }
    return try result.get()
  }

  private func render(_ tex: String, _ isDisplay: Bool, _ key: String, _ state: inout State) -> Result<String, Failure>
  {
    guard tex.utf8.count <= PageLimits.formula else { return .failure(.tooLong(characters: tex.count)) }
    if state.stamp == nil { state.stamp = libraryStamp() }
    let file = cacheFolder.map { "\($0)/\(ContentHash((state.stamp ?? "") + key)).mml" }
    if let file, let text = try? String(contentsOfFile: file, encoding: .utf8) { return .success(text) }
    if state.engine == nil {
      state.engineStarts += 1
      state.engine = startEngine(stamp: state.stamp ?? "")
    }
    switch state.engine {
    case .failure(let failure): return .failure(failure)
    case nil: return .failure(.engineMissing("no script engine"))
    case .success(let engine):
      do throws(ScriptEngine.Failure) {
        let markup = try engine.engine.call("offprintMath", [tex, isDisplay ? "display" : ""])
        let text = try Self.adopted(markup, tex: tex)
        if let file, let cacheFolder {
          CacheFile.write(Array(text.utf8), to: file, in: cacheFolder)
        }
        return .success(text)
      } catch {
        return .failure(.unsupported(Self.cleaned(error.message)))
      }
    }
  }

  /// What tells one version of the library from another.
  private func libraryStamp() -> String {
    let attributes = try? FileManager.default.attributesOfItem(atPath: library)
    let size = (attributes?[.size] as? Int) ?? 0
    let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return "1 \(size) \(date) "
  }

  private func startEngine(stamp: String) -> Result<Engine, Failure> {
    let name = ContentHash("\(stamp)\(library) \(ScriptEngine.version)").description.prefix(16)
    let store = cacheFolder.map { "\($0)/katex-\(name).bytecode" }
    guard FileManager.default.isReadableFile(atPath: library) else {
      return .failure(
        .engineMissing("formulas need KaTeX: '\(library)' cannot be read; install the package libjs-katex")
      )
    }
    do throws(ScriptEngine.Failure) {
      let engine = try ScriptEngine()
      try engine.run(Array(Self.prelude.utf8))
      try engine.runLibrary(
        { FileManager.default.contents(atPath: library).map { Array($0) } },
        load: { store.flatMap { CompiledLibrary.read($0) } },
        store: { bytes in if let store { CompiledLibrary.write(bytes, to: store) } }
      )
      try engine.run(Array(Self.entry.utf8))
      return .success(Engine(engine: engine))
    } catch {
      return .failure(.engineMissing("KaTeX at '\(library)' does not load: \(error.message)"))
    }
  }

  /// Functions of newer JavaScript that the library uses and the engine lacks.
  private static let prelude = """
    var console = { log: function () {}, warn: function () {}, error: function () {} };
    (function () {
      function add(type, name, body) {
        if (!type.prototype[name]) Object.defineProperty(type.prototype, name, { value: body, writable: true });
      }
      add(String, 'includes', function (part, from) { return this.indexOf(part, from || 0) >= 0; });
      add(Array, 'includes', function (part) { return this.indexOf(part) >= 0; });
      add(String, 'startsWith', function (part, from) { return this.substr(from || 0, part.length) === part; });
      add(String, 'endsWith', function (part) { return this.slice(-part.length) === part || part === ''; });
      add(String, 'repeat', function (count) { return new Array(count + 1).join(this); });
      add(Array, 'fill', function (value) { for (var i = 0; i < this.length; i++) this[i] = value; return this; });
      add(Array, 'find', function (test) {
        for (var i = 0; i < this.length; i++) if (test(this[i], i)) return this[i];
      });
    })();
    """

  private static let entry = """
    function offprintMath(tex, mode) {
      return katex.renderToString(tex, {
        output: 'mathml', displayMode: mode === 'display', throwOnError: true, strict: 'ignore', trust: false,
        maxSize: 50, maxExpand: 1000, errorColor: '#fe0102'
      });
    }
    """

  /// Cuts the `math` element out of its wrapper and names its source for those who cannot see it.
  private static func adopted(_ markup: String, tex: String) throws(ScriptEngine.Failure) -> String {
    guard let start = markup.firstRange(of: "<math"), let end = markup.ranges(of: "</math>").last else {
      throw ScriptEngine.Failure(message: "no formula came back")
    }
    // The library shows what it refuses in this color instead of throwing.
    if markup.contains("#fe0102") { throw ScriptEngine.Failure(message: "a command that pages may not hold") }
    var math = String(markup[start.lowerBound..<end.upperBound])
    math = math.replacing(" xmlns=\"http://www.w3.org/1998/Math/MathML\"", with: "")
    math = math.replacing("&#x27;", with: "'")
    return "<math alttext=\"\(tex.squeezed().escaped)\"" + math.dropFirst("<math".count)
  }

  /// "ParseError: KaTeX parse error: Undefined control sequence: \foo at position 1: …" without its doubled head.
  private static func cleaned(_ message: String) -> String {
    var text = message
    for head in ["ParseError: ", "KaTeX parse error: "] where text.hasPrefix(head) {
      text.removeFirst(head.count)
    }
    // The library underlines the place with combining marks, which few terminals draw.
    return String(text.unicodeScalars.filter { $0.value != 0x332 }.map(Character.init)).squeezed(limit: 200)
  }
}
