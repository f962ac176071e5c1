// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "Offprint", path: "../..")],
  targets: [
    .executableTarget(
      name: "offprint-benchmarks",
      dependencies: [.product(name: "OffprintNumerics", package: "Offprint")]
    )
  ],
  swiftLanguageModes: [.v6]
)
