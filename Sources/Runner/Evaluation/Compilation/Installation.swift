internal import Foundation
internal import Record

/// Where the parts lie that evaluation needs: the toolchain, the kernel, the runtime and its modules, and the cache.
package struct Installation: Sendable {
  /// `swift-frontend` of the toolchain.
  package var frontend: String
  /// `ld.lld` of the toolchain.
  package var linker: String
  /// `llvm-symbolizer` of the toolchain; backtraces do without names where it is missing.
  package var symbolizer: String?
  /// Folder of the toolchain's Linux libraries.
  package var swiftLibraries: String
  /// Object file that every Swift library starts with.
  package var registrar: String
  package var kernel: String
  package var runtime: String
  /// Options by which the compiler finds the runtime's modules.
  package var moduleOptions: [String]
  /// Folder of compiled cells, records and formulas.
  package var cache: String
  /// Folder of translated C modules: they belong to the build, whose runtime imports them, rather than to any cell.
  package var moduleCache: String
  /// Changes with the compiler, the runtime and the kernel: part of the key of every cell and of every run.
  package var identity: String
  /// Changes with this program, which makes the pages.
  package var program: String
  /// Changes with the data that notebooks find in the folder which OFFPRINT_DATA names and in the cache.
  package var data: String
  package var swiftVersion: String
  /// Folders that a kernel must be able to read besides the notebook's.
  package var readableFolders: [String]

  /// Finds all parts.
  ///
  /// - Throws: `InstallationError` that names the missing part and the command that brings it.
  package static func find(cache: String? = nil) throws(InstallationError) -> Installation {
    let environment = ProcessInfo.processInfo.environment
    guard let frontend = findProgram("swift-frontend", environment) else {
      throw .missing(
        part: "the Swift toolchain (swift-frontend)",
        remedy: "install Swift 6.3 and put its usr/bin on PATH"
      )
    }
    let toolchain = parent(parent(frontend))
    let linker = toolchain + "/bin/ld.lld"
    guard isFile(linker) else {
      throw .missing(part: "the linker ld.lld beside \(frontend)", remedy: "install a complete Swift toolchain")
    }
    let folder = productsFolder(environment)
    let kernel = folder + "/offprint-kernel"
    let runtime = folder + "/libOffprintRuntime.so"
    for part in [kernel, runtime] where !isFile(part) {
      throw .missing(part: part, remedy: "run 'swift build -c release' in Offprint's folder")
    }
    let cacheFolder = cache ?? cacheFolder(environment)
    let identity = [frontend, runtime, kernel].map(fileIdentity).joined(separator: "|")
    let symbolizer = toolchain + "/bin/llvm-symbolizer"
    let registrar = ["x86_64", "aarch64"].map { "\(toolchain)/lib/swift/linux/\($0)/swiftrt.o" }.first(where: isFile)
    guard let registrar else {
      throw .missing(part: "swiftrt.o in \(toolchain)", remedy: "install a complete Swift toolchain")
    }
    // What belongs to the build rather than to any notebook is kept beside it, wherever the cache lies.
    let buildCache = access(folder, W_OK) == 0 ? folder : cacheFolder
    let systemModules = try systemModuleOptions(products: folder, cache: buildCache, identity: identity)
    return Installation(
      frontend: frontend,
      linker: linker,
      symbolizer: isFile(symbolizer) ? symbolizer : nil,
      swiftLibraries: toolchain + "/lib/swift/linux",
      registrar: registrar,
      kernel: kernel,
      runtime: runtime,
      moduleOptions: ["-I", folder + "/Modules"] + systemModules,
      cache: cacheFolder,
      moduleCache: buildCache + "/CellModuleCache",
      identity: identity,
      program: fileIdentity("/proc/self/exe"),
      data: dataFolders(cache: cacheFolder, environment).map(folderIdentity).joined(),
      swiftVersion: version(frontend: frontend, cache: buildCache, identity: fileIdentity(frontend)),
      readableFolders: [toolchain, folder]
    )
  }

  /// A file's path, size and time: they change whenever it is built or installed anew.
  private static func fileIdentity(_ path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    return "\(path):\(status.st_size):\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }

  /// A folder's path with its entries and theirs: files are replaced, added and removed there; deeper ones are not looked at.
  private static func folderIdentity(_ path: String) -> String {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let files = entries.sorted().map { "\(path)/\($0)" }.flatMap { entry in
      [entry] + ((try? FileManager.default.contentsOfDirectory(atPath: entry)) ?? []).sorted().map { "\(entry)/\($0)" }
    }
    return ContentHash([path] + files.map(fileIdentity)).description
  }

  /// The folder of this program, which holds the kernel and the runtime too.
  static func productsFolder(_ environment: [String: String]) -> String {
    if let folder = environment["OFFPRINT_PRODUCTS"] { return folder }
    return parent((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "")
  }

  /// The folder of the cache: OFFPRINT_CACHE, or `offprint` in the user's cache folder.
  package static func cacheFolder(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    if let folder = environment["OFFPRINT_CACHE"] { return URL(fileURLWithPath: folder).path }
    let base = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (base ?? NSHomeDirectory() + "/.cache") + "/offprint"
  }

  /// Folder of a cache to which data sets are fetched.
  package static func fetchedDataFolder(cache: String) -> String { cache + "/data" }

  /// Where data sets are looked for, in this order.
  static func dataFolders(
    cache: String,
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String] {
    [environment["OFFPRINT_DATA"], fetchedDataFolder(cache: cache)].compactMap { $0 }
  }

  static func findProgram(_ name: String, _ environment: [String: String]) -> String? {
    for folder in (environment["PATH"] ?? "").split(separator: ":") {
      let path = "\(folder)/\(name)"
      if FileManager.default.isExecutableFile(atPath: path) { return resolvedFolder(path) }
    }
    return nil
  }

  /// Resolves links of the folder only: `swift-frontend` itself decides by the name it is called by what it does.
  private static func resolvedFolder(_ path: String) -> String {
    resolved(parent(path)) + "/" + (path as NSString).lastPathComponent
  }

  private static func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
  private static func parent(_ path: String) -> String { (path as NSString).deletingLastPathComponent }
  static func isFile(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private static func version(frontend: String, cache: String, identity: String) -> String {
    cached(in: cache, name: "version-\(ContentHash(identity))") {
      let output = (try? Subprocess.run(frontend, ["--version"]))?.output ?? ""
      return output.split(separator: "\n").first.map(String.init) ?? "unknown"
    }
  }

  /// The module maps of the C libraries under the runtime: the compiler must see them although cells never name them.
  private static func systemModuleOptions(
    products: String,
    cache: String,
    identity: String
  ) throws(InstallationError) -> [String] {
    let root = sourceRoot(products: products)
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: root + "/Sources/System")) ?? []
    guard !folders.isEmpty else {
      throw .missing(part: "\(root)/Sources/System", remedy: "run offprint from the folder in which it was built")
    }
    var options: [String] = []
    for folder in folders.sorted() {
      let base = root + "/Sources/System/" + folder
      options += ["-I", isFile(base + "/include/module.modulemap") ? base + "/include" : base]
    }
    // One call for each: pkg-config prints nothing at all where one of several is unknown.
    let packages = ["cairo", "freetype2", "libpng", "openblas", "sndfile", "zlib"]
    let flags = cached(in: cache, name: "cflags-\(ContentHash(identity))") {
      packages.map { name in
        (try? Subprocess.run("/usr/bin/env", ["pkg-config", "--cflags-only-I", name]))?.output ?? ""
      }.joined(separator: " ")
    }
    let unique = Set(flags.split(whereSeparator: \.isWhitespace).map(String.init)).sorted()
    return options + unique.flatMap { ["-Xcc", $0] }
  }

  /// The folder with Package.swift: above the products of a build.
  static func sourceRoot(products: String) -> String {
    var folder = products
    while folder.count > 1 {
      if isFile(folder + "/Package.swift") { return folder }
      folder = parent(folder)
    }
    return FileManager.default.currentDirectoryPath
  }

  /// A text that is made once and kept in the cache.
  private static func cached(in cache: String, name: String, make: () -> String) -> String {
    let path = cache + "/CellFacts/" + name
    if let text = try? String(contentsOfFile: path, encoding: .utf8) { return text }
    let text = make()
    try? FileManager.default.createDirectory(atPath: parent(path), withIntermediateDirectories: true)
    try? text.write(toFile: path, atomically: true, encoding: .utf8)
    return text
  }
}

/// A part that evaluation cannot do without.
package enum InstallationError: Error, Sendable, Equatable, CustomStringConvertible {
  case missing(part: String, remedy: String)

  package var description: String {
    switch self {
    case .missing(let part, let remedy): "\(part) is missing: \(remedy)"
    }
  }
}
