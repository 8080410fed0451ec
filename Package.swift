// swift-tools-version: 6.2
import PackageDescription

/// What every room is built with: Swift 6, warnings are errors, unsafe code is marked as such.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let flyingFox: [Target.Dependency] = ["FlyingFox", "FlyingSocks"].map {
  .product(name: $0, package: "FlyingFox")
}

/// One room of the house: a target in `Sources/` that sees only the rooms it names.
func room(_ name: String, sees dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one room, in `Tests/`.
func tests(
  _ name: String, of dependencies: [Target.Dependency], besides files: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: files, swiftSettings: strict)
}

let package = Package(
  name: "takeover",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "takeover", targets: ["TakeoverCommand"]),
    .executable(name: "takeover-fabric", targets: ["TakeoverFabric"]),
    .executable(name: "takeover-bench", targets: ["TakeoverBench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // The control plane's server; a package before its version 1, so exactly this one.
    .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
  ],
  targets: [
    .systemLibrary(name: "CLibSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
    .target(name: "CLinux"),
    room("TakeoverModel"),
    room("TakeoverPlan", sees: ["TakeoverModel", yams]),
    room("TakeoverWire", sees: ["TakeoverModel", "CLinux"]),
    room("TakeoverRemote", sees: ["TakeoverModel", "CLibSSH2", "CLinux"]),
    room("TakeoverRun", sees: ["TakeoverModel", "TakeoverWire"]),
    room("TakeoverReport", sees: ["TakeoverModel"]),
    room("TakeoverLab", sees: ["TakeoverModel"]),
    room("TakeoverKeepalived", sees: ["TakeoverModel"]),
    room("TakeoverSubnet", sees: ["TakeoverModel"]),
    room("TakeoverLedger", sees: ["TakeoverModel", "TakeoverWire"]),
    .executableTarget(
      name: "TakeoverCommand",
      dependencies: [
        "TakeoverModel", "TakeoverPlan", "TakeoverWire", "TakeoverRemote", "TakeoverRun",
        "TakeoverReport", "TakeoverLab", "TakeoverKeepalived", "TakeoverLedger", argumentParser,
      ],
      swiftSettings: strict),
    // The cloud subnet of a lab: a process of its own, for only it carries a web server.
    .executableTarget(
      name: "TakeoverFabric",
      dependencies: ["TakeoverModel", "TakeoverSubnet", "TakeoverWire"] + flyingFox,
      swiftSettings: strict),
    // Measures the rooms beside what one would use instead of them; nothing depends on it.
    .executableTarget(
      name: "TakeoverBench",
      dependencies: [
        "TakeoverModel", "TakeoverWire", "TakeoverRemote", "TakeoverRun", "TakeoverReport",
        "TakeoverLab", "CLibSSH2", "CLinux", argumentParser,
      ],
      swiftSettings: strict),
    // What tests of several rooms share.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests("ModelTests", of: ["TakeoverModel", "TestSupport"]),
    // The checks are the report room's; plans name them.
    tests(
      "PlanTests", of: ["TakeoverPlan", "TakeoverModel", "TakeoverReport", "TestSupport"],
      besides: ["Golden"]),
    tests("WireTests", of: ["TakeoverWire", "TakeoverModel", "TestSupport"]),
    tests("RemoteTests", of: ["TakeoverRemote", "TakeoverModel", "TestSupport"]),
    tests(
      "RunTests", of: ["TakeoverRun", "TakeoverWire", "TakeoverModel", "TestSupport"],
      besides: ["Golden"]),
    tests("ReportTests", of: ["TakeoverReport", "TakeoverModel", "TestSupport"]),
    tests("LabTests", of: ["TakeoverLab", "TakeoverModel"]),
    tests(
      "KeepalivedTests", of: ["TakeoverKeepalived", "TakeoverModel", "TestSupport"],
      besides: ["Corpus"]),
    tests("SubnetTests", of: ["TakeoverSubnet", "TakeoverModel", "TestSupport"]),
    tests("LedgerTests", of: ["TakeoverLedger", "TakeoverModel", "TestSupport"]),
    tests(
      "CommandTests",
      of: [
        "TakeoverCommand", "TakeoverModel", "TakeoverPlan", "TakeoverReport", "TakeoverKeepalived",
        argumentParser,
      ]),
    tests("HouseTests", of: []),
    tests(
      "EndToEndTests",
      of: [
        "TakeoverCommand", "TakeoverRun", "TakeoverWire", "TakeoverRemote", "TakeoverLab",
        "TakeoverReport", "TakeoverPlan", "TakeoverKeepalived", "TakeoverLedger", "TakeoverModel",
        "CLinux", "TestSupport",
      ]),
  ]
)
