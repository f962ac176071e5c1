// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "Offprint", path: "../..")],
  targets: [
    .executableTarget(
      name: "offprint-benchmarks",
      dependencies: [.product(name: "OffprintRuntime", package: "Offprint")],
      // Bodies that the compiler takes over from the runtime use mutexes, which nothing here imports by name.
      linkerSettings: [.linkedLibrary("swiftSynchronization")]
    )
  ],
  swiftLanguageModes: [.v6]
)
