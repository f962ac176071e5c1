// swift-tools-version: 6.3
import Foundation
import PackageDescription

// MARK: - Settings shared by all targets

extension [SwiftSetting] {
  /// Swift 6 mode is the package's language mode; these are the checks that come on top of it.
  static var strict: Self {
    [
      .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
      .enableUpcomingFeature("InternalImportsByDefault"), .treatAllWarnings(as: .error),
    ]
  }

  /// Cells are compiled outside the package: without this flag generic functions reach them unspecialised, 70 times slower.
  static var runtime: Self {
    strict + [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]
  }

  /// The parser is the toolchain's own, so that it never disagrees with the compiler.
  ///
  /// Whoever imports a module that imports it must find it too: the option stands on the whole wing.
  static var parser: Self { strict + [.unsafeFlags(["-I", Toolchain.parserPath])] }
}

extension [CSetting] {
  /// Kernels and the signal path are optimised in debug builds too: at -O0 they are 40 times slower.
  ///
  /// Protected: where an address of a kernel with versions for several processors is taken, the loader asks for the right version
  /// before it has told a library of its own symbols; only what nobody else can replace is known by then.
  static var optimized: Self {
    [
      .unsafeFlags([
        "-O3", "-std=gnu11", "-fno-math-errno", "-Wall", "-Wextra", "-Werror", "-fno-omit-frame-pointer",
        "-fvisibility=protected",
      ])
    ]
  }
}

extension [LinkerSetting] {
  static var parser: Self {
    [
      .unsafeFlags(["-L", Toolchain.parserPath, "-Xlinker", "-rpath", "-Xlinker", Toolchain.parserPath]),
      .linkedLibrary("SwiftSyntax"), .linkedLibrary("SwiftParser"), .linkedLibrary("SwiftIDEUtils"),
    ]
  }
}

/// Finds `usr/lib/swift/host` of the toolchain that is first on PATH.
enum Toolchain {
  static var parserPath: String {
    let folders = (Context.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for folder in folders {
      let compiler = URL(fileURLWithPath: folder + "/swift-frontend").resolvingSymlinksInPath()
      let host = compiler.deletingLastPathComponent().deletingLastPathComponent().path + "/lib/swift/host"
      if FileManager.default.fileExists(atPath: host + "/libSwiftParser.so") { return host }
    }
    return "/usr/lib/swift/host"
  }
}

// MARK: - One function per wing

func runner(
  _ name: String,
  _ dependencies: [Target.Dependency] = [],
  parser: Bool = false,
  resources: [Resource]? = nil
) -> Target {
  .target(
    name: name,
    dependencies: dependencies,
    path: "Sources/Runner/\(name)",
    resources: resources,
    swiftSettings: .parser,
    linkerSettings: parser ? .parser : nil
  )
}

func runtime(_ name: String, _ dependencies: [Target.Dependency] = [], crossesModules: Bool = true) -> Target {
  .target(
    name: name,
    dependencies: dependencies,
    path: "Sources/Runtime/\(name)",
    swiftSettings: crossesModules ? .runtime : .strict
  )
}

func model(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/Models/\(name)", swiftSettings: .runtime)
}

func system(_ name: String, pkgConfig: String?, apt: [String]) -> Target {
  .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt(apt)])
}

func kernels(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/System/\(name)", cSettings: .optimized)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: dependencies,
    path: "Tests/\(name)Tests",
    swiftSettings: .parser
  )
}

// MARK: - The package

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "Offprint",
  products: [
    .executable(name: "offprint", targets: ["offprint"]),
    .executable(name: "offprint-kernel", targets: ["offprint-kernel"]),
    .library(name: "OffprintRuntime", type: .dynamic, targets: ["Offprint"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Runner: reads notebooks, runs them, writes pages.
    runner("Evaluation", ["Display", "Notebook", "Record"], parser: true),
    runner("Notebook", ["CCMarkGFM", yams]),
    runner("Pipeline", ["Datasets", "Display", "Evaluation", "Notebook", "Record", "Report", "Site", "Theme"]),
    runner("Record", ["CCrypto", "Display", "Notebook"]),
    runner("Report", ["CDuktape", "Display", "Notebook", "Record", "Theme", mustache], parser: true),
    runner("Site", ["CZlib", "Display", "Notebook", "Record", "Report", "Theme", mustache]),
    .executableTarget(
      name: "offprint",
      dependencies: [
        "Datasets", "Display", "Evaluation", "Notebook", "Pipeline", "Record", "Report", "Site", argumentParser,
      ],
      path: "Sources/Runner/offprint",
      swiftSettings: .parser
    ),
    .executableTarget(
      name: "offprint-kernel",
      path: "Sources/Runner/Kernel",
      cSettings: .optimized,
      linkerSettings: [
        .unsafeFlags(["-Xlinker", "--export-dynamic"]), .linkedLibrary("dl"), .linkedLibrary("pthread"),
      ]
    ),
    .target(
      name: "Theme",
      path: "Assets",
      resources: [
        .embedInCode("theme.css"), .embedInCode("page.js"), .embedInCode("page.mustache"),
        .embedInCode("site.mustache"), .embedInCode("search.js"),
      ],
      swiftSettings: .strict
    ),

    // Runtime: what a cell can use.
    runtime("Acoustics", ["CSndFile", "CSoxr", "Signals", "Solvers", "Tensors"]),
    runtime("Datasets"),
    runtime("Diffusion", ["Tensors"]),
    runtime("Display"),
    runtime("Layers", ["Tensors"], crossesModules: false),
    runtime(
      "Offprint",
      [
        "Acoustics", "AdversarialMDP", "Chromatography", "Clustering", "ConjugateDirections", "Datasets",
        "Diffusion", "DiffusionTransformers", "Display", "FlowSeparation", "GenerativeClassifiers",
        "HigherOrderAttention", "KineticPaths", "LabelNoise", "Layers", "LightningAttention",
        "ModeConnectivity", "MomentProbing", "Plots", "QueriedSeparation", "Separation", "Sheaves", "Signals",
        "Solvers", "Statistics", "Tensors", "UniversalSeparation",
      ]
    ),
    runtime("Plots", ["CCairo", "COffprintPNG", "Display"]),
    runtime("Signals", ["CFourier", "Tensors"]),
    runtime("Solvers", ["CAssignment", "CLAPACK", "CMemory", "CSparseKernels", "CSpecial", "Signals", "Tensors"]),
    runtime("Statistics", ["CRegression", "Solvers", "Tensors"]),
    runtime("Tensors", ["CDNNL", "CKernels", "COpenBLAS", "CZlib"]),

    // Models: one method of a paper each.
    model("AdversarialMDP", ["Solvers", "Tensors"]),
    model("Chromatography", ["Signals", "Solvers"]),
    model("Clustering", ["Layers", "Solvers", "Tensors"]),
    model("ConjugateDirections", ["Layers", "Solvers", "Tensors"]),
    model("DiffusionTransformers", ["Diffusion", "Layers", "Tensors"]),
    model("FlowSeparation", ["Acoustics", "Diffusion", "Layers", "Signals", "Tensors"]),
    model("GenerativeClassifiers", ["Solvers", "Statistics", "Tensors"]),
    model("HigherOrderAttention", ["Layers", "Tensors"]),
    model("KineticPaths", ["Layers", "Solvers", "Tensors"]),
    model("LabelNoise", ["Layers", "Solvers", "Statistics", "Tensors"]),
    model("LightningAttention", ["Layers", "Tensors"]),
    model("ModeConnectivity", ["Solvers", "Tensors"]),
    model("MomentProbing", ["Layers", "Tensors"]),
    model("QueriedSeparation", ["Acoustics", "Layers", "Signals", "Tensors"]),
    model("Separation", ["Acoustics", "Layers", "Signals", "Solvers", "Tensors"]),
    model("Sheaves", ["Layers", "Solvers", "Tensors"]),
    model("UniversalSeparation", ["Acoustics", "Layers", "Signals", "Tensors"]),

    // System: C libraries, each behind one Swift folder, and C code of our own.
    kernels("CAssignment"),
    system("CCairo", pkgConfig: "cairo-ft", apt: ["libcairo2-dev", "libfreetype-dev"]),
    system(
      "CCMarkGFM",
      pkgConfig: "libcmark-gfm",
      apt: ["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"]
    ),
    system("CCrypto", pkgConfig: "libcrypto", apt: ["libssl-dev"]),
    kernels("CDNNL"),
    system("CDuktape", pkgConfig: "duktape", apt: ["duktape-dev"]),
    kernels("CFourier"),
    kernels("CKernels"),
    system("CLAPACK", pkgConfig: "openblas", apt: ["libopenblas-dev"]),
    kernels("CMemory"),
    kernels("COffprintPNG", ["CPNG"]),
    system("COpenBLAS", pkgConfig: "openblas", apt: ["libopenblas-dev"]),
    system("CPNG", pkgConfig: "libpng", apt: ["libpng-dev"]),
    kernels("CRegression", ["CKernels"]),
    system("CSndFile", pkgConfig: "sndfile", apt: ["libsndfile1-dev"]),
    system("CSoxr", pkgConfig: "soxr", apt: ["libsoxr-dev"]),
    kernels("CSparseKernels"),
    kernels("CSpecial"),
    system("CZlib", pkgConfig: "zlib", apt: ["zlib1g-dev"]),

    // Tests: one folder a target, and what several of them share.
    .target(
      name: "ReportSamples",
      dependencies: ["Display", "Notebook", "Record", "Report"],
      path: "Tests/ReportSamples",
      swiftSettings: .parser
    ),
    .target(name: "TestSupport", dependencies: ["Tensors"], path: "Tests/Support", swiftSettings: .strict),
    tests("Acoustics", ["Acoustics", "Solvers", "Tensors", "TestSupport"]),
    tests("AdversarialMDP", ["AdversarialMDP", "Statistics", "Tensors", "TestSupport"]),
    tests("Chromatography", ["Chromatography", "Signals", "Solvers", "TestSupport"]),
    tests("Clustering", ["Clustering", "Layers", "Solvers", "Tensors", "TestSupport"]),
    tests("Command", ["offprint", "offprint-kernel"]),
    tests("ConjugateDirections", ["ConjugateDirections", "Layers", "Solvers", "Tensors", "TestSupport"]),
    tests("Datasets", ["Datasets", "TestSupport"]),
    tests("Diffusion", ["Diffusion", "Tensors", "TestSupport"]),
    tests("DiffusionTransformer", ["Diffusion", "DiffusionTransformers", "Layers", "Tensors", "TestSupport"]),
    tests("Display", ["Display"]),
    tests(
      "FlowSeparation",
      ["Acoustics", "Diffusion", "FlowSeparation", "Layers", "Signals", "Tensors", "TestSupport"]
    ),
    tests("GenerativeClassifiers", ["GenerativeClassifiers", "Solvers", "Statistics", "Tensors", "TestSupport"]),
    tests("HigherOrderAttention", ["HigherOrderAttention", "Layers", "Tensors", "TestSupport"]),
    tests("KineticPaths", ["KineticPaths", "Layers", "Solvers", "Tensors", "TestSupport"]),
    tests("LabelNoise", ["LabelNoise", "Layers", "Statistics", "Tensors", "TestSupport"]),
    tests("Layers", ["Layers", "Tensors", "TestSupport"]),
    tests("LightningAttention", ["Layers", "LightningAttention", "Tensors", "TestSupport"]),
    tests("ModeConnectivity", ["ModeConnectivity", "Solvers", "Statistics", "Tensors", "TestSupport"]),
    tests("MomentProbing", ["Layers", "MomentProbing", "Tensors", "TestSupport"]),
    tests("Notebook", ["Notebook"]),
    tests("Offprint", ["Offprint"]),
    tests("Plots", ["COffprintPNG", "Display", "Plots"]),
    tests("QueriedSeparation", ["Acoustics", "Layers", "QueriedSeparation", "Signals", "Tensors", "TestSupport"]),
    tests("Record", ["Display", "Notebook", "Record"]),
    tests("Report", ["Display", "Notebook", "Record", "Report", "ReportSamples"]),
    tests("Separation", ["Acoustics", "Layers", "Separation", "Signals", "Solvers", "Tensors", "TestSupport"]),
    tests("Sheaves", ["Layers", "Sheaves", "Solvers", "Tensors", "TestSupport"]),
    tests("Signals", ["Signals", "Tensors", "TestSupport"]),
    tests("Site", ["Display", "Notebook", "Record", "Report", "ReportSamples", "Site"]),
    tests("Solvers", ["Signals", "Solvers", "Tensors", "TestSupport"]),
    tests("Statistics", ["Statistics", "Tensors", "TestSupport"]),
    tests("Tensors", ["Tensors", "TestSupport"]),
    tests("UniversalSeparation", ["Acoustics", "Layers", "Signals", "Tensors", "TestSupport", "UniversalSeparation"]),
  ],
  swiftLanguageModes: [.v6]
)
