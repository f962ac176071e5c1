internal import Foundation

extension Installation {
  /// One part that a machine has or lacks.
  package struct Finding: Sendable, Hashable {
    package var part: String
    package var isPresent: Bool
    package var isRequired: Bool
    /// What brings it.
    package var remedy: String
  }

  /// Looks for everything that rendering needs or can use.
  package static func examine() -> [Finding] {
    let environment = ProcessInfo.processInfo.environment
    func program(_ name: String, _ what: String, isRequired: Bool, _ remedy: String) -> Finding {
      Finding(
        part: "\(what) (\(name))",
        isPresent: findProgram(name, environment) != nil,
        isRequired: isRequired,
        remedy: remedy
      )
    }
    func file(_ path: String, _ what: String, package name: String, isRequired: Bool) -> Finding {
      Finding(part: what, isPresent: isFile(path), isRequired: isRequired, remedy: "apt-get install \(name)")
    }
    let toolchain = "install Swift 6.3 from swift.org and put its usr/bin on PATH"
    let products = productsFolder(environment)
    let headers = "/usr/include"
    return [
      program("swift-frontend", "Swift compiler", isRequired: true, toolchain),
      program("ld.lld", "linker", isRequired: true, toolchain),
      program("llvm-symbolizer", "symbolizer for backtraces", isRequired: false, toolchain),
      program("pkg-config", "pkg-config", isRequired: true, "apt-get install pkg-config"),
      Finding(
        part: "kernel and runtime",
        isPresent: isFile(products + "/offprint-kernel")
          && isFile(products + "/libOffprintRuntime.so"),
        isRequired: true,
        remedy: "swift build -c release"
      ),
      file(headers + "/cairo/cairo.h", "Cairo", package: "libcairo2-dev", isRequired: true),
      file(headers + "/png.h", "libpng", package: "libpng-dev", isRequired: true),
      file(headers + "/freetype2/ft2build.h", "FreeType", package: "libfreetype-dev", isRequired: true),
      file(headers + "/sndfile.h", "libsndfile", package: "libsndfile1-dev", isRequired: true),
      file(
        "/usr/share/javascript/katex/katex.js",
        "KaTeX, for formulas",
        package: "libjs-katex",
        isRequired: true
      ),
      program("curl", "curl, for fetching data sets", isRequired: false, "apt-get install curl"),
      program("chromium", "Chromium, for PDF", isRequired: false, "apt-get install chromium"),
    ]
  }
}
