internal import Foundation
internal import Notebook
internal import Record

/// Compiles cells into shared objects, and keeps them by their key.
struct CellCompiler: Sendable {
  /// A compiled cell: what the kernel loads, and what the compiler had to say.
  struct Product: Sendable {
    var source: CellSource
    var library: String
    var messages: [CompilerMessage]
    var wasCached: Bool
    var seconds: Double
  }

  enum Outcome: Sendable {
    case compiled(Product)
    case failed([CompilerMessage], seconds: Double)
  }

  let installation: Installation

  /// All modules of all notebooks lie in one folder: their names are content keys, and one search path finds them.
  var folder: String { installation.cache + "/cells" }

  func library(_ source: CellSource) -> String { "\(folder)/\(source.module).so" }

  /// The product of an earlier compilation, if it is still there.
  func cached(_ source: CellSource) -> Product? {
    let library = library(source)
    guard Installation.isFile(library), Installation.isFile("\(folder)/\(source.module).swiftmodule") else {
      return nil
    }
    let text = (try? String(contentsOfFile: "\(folder)/\(source.module).log", encoding: .utf8)) ?? ""
    return Product(
      source: source,
      library: library,
      messages: CompilerMessage.parse(text),
      wasCached: true,
      seconds: 0
    )
  }

  /// Compiles and links one cell; the modules that it imports must be there.
  ///
  /// Files are written under a name of this process and renamed at the end, so that two renders may share the cache and a
  /// killed one leaves nothing half done.
  func compile(_ source: CellSource, imports: [String]) async -> Outcome {
    if let product = cached(source) { return .compiled(product) }
    let start = ContinuousClock.now
    func seconds() -> Double { (ContinuousClock.now - start) / .seconds(1) }
    let scratch = "\(folder)/.\(source.module)-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    do {
      try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
      let base = "\(scratch)/\(source.module)"
      try source.text.write(toFile: base + ".swift", atomically: false, encoding: .utf8)
      let compilation = try await Subprocess.runAside(
        installation.frontend,
        frontendArguments(source, base: base),
        folder: scratch
      )
      let messages = CompilerMessage.parse(compilation.errors)
      guard compilation.status == 0 else { return .failed(messages.orUnknown(compilation.errors), seconds: seconds()) }
      let link = try await Subprocess.runAside(installation.linker, linkArguments(source, base: base, imports: imports))
      guard link.status == 0 else {
        return .failed([CompilerMessage(message: "the cell cannot be linked: \(link.errors)")], seconds: seconds())
      }
      try compilation.errors.write(toFile: base + ".log", atomically: false, encoding: .utf8)
      for suffix in [".log", ".swiftmodule", ".so"] { try keep(base + suffix) }
      return .compiled(
        Product(source: source, library: library(source), messages: messages, wasCached: false, seconds: seconds())
      )
    } catch {
      let reason = "the cell cannot be compiled: \(error.localizedDescription)"
      return .failed([CompilerMessage(message: reason)], seconds: seconds())
    }
  }

  private func keep(_ path: String) throws {
    let target = "\(folder)/\((path as NSString).lastPathComponent)"
    guard rename(path, target) == 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: target]) }
  }

  /// How every cell is compiled: part of its key.
  static let languageOptions = [
    // Cells see everything of one another; only what the runtime makes public is public for them.
    "-enable-testing", "-disable-access-control", "-package-name", "notebook", "-swift-version", "5",
    "-enable-bare-slash-regex", "-diagnostic-style", "llvm", "-no-color-diagnostics", "-gline-tables-only",
    // The same for both levels of optimisation, or the compiler translates every C module twice.
    "-Xcc", "-O1",
  ]

  private func frontendArguments(_ source: CellSource, base: String) -> [String] {
    [
      "-c", "-primary-file", base + ".swift", "-module-name", source.module, "-o", base + ".o",
      "-emit-module-path", base + ".swiftmodule", "-entry-point-function-name", source.entry,
      "-module-cache-path", installation.moduleCache, "-I", folder, source.isOptimized ? "-O" : "-Onone",
    ] + Self.languageOptions + installation.moduleOptions
  }

  private func linkArguments(_ source: CellSource, base: String, imports: [String]) -> [String] {
    let always = ["swiftCore", "swift_Concurrency", "swift_StringProcessing", "swiftSwiftOnoneSupport"]
    let libraries = always + imports.flatMap(libraries(ofImport:))
    return [
      // The registrar tells the runtime of the types and conformances in the library: casts would not find them.
      "-shared", "-o", base + ".so", installation.registrar, base + ".o", "--as-needed", "-L",
      installation.swiftLibraries, "-rpath",
      installation.swiftLibraries,
    ] + libraries.map { "-l" + $0 }
  }

  /// The toolchain's library of an imported module, if it has one of its own.
  private func libraries(ofImport line: String) -> [String] {
    let name = line.split(separator: " ").last.map(String.init)?.split(separator: ".").first.map(String.init) ?? ""
    return [name, "swift" + name].filter { Installation.isFile("\(installation.swiftLibraries)/lib\($0).so") }
  }
}

extension [CompilerMessage] {
  /// A compiler that fails without a word has crashed; its last lines are better than nothing.
  fileprivate func orUnknown(_ errors: String) -> [CompilerMessage] {
    if contains(where: { $0.severity == .error }) { return self }
    let tail = errors.split(separator: "\n").suffix(5).joined(separator: "\n")
    return self + [CompilerMessage(message: "the compiler failed: \(tail)")]
  }
}
