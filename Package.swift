// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// The media engine owns its memory by design, so that exclusivity checks at run time only cost; tests keep them on.
let fast: [SwiftSetting] = [
    .unsafeFlags(
        ["-enforce-exclusivity=unchecked", "-cross-module-optimization"], .when(configuration: .release))
]

/// A system library: module map and `static inline` wrappers for what Swift cannot call.
func system(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func library(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = ["README.md"],
    resources: [Resource] = [], settings: [SwiftSetting] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources,
        swiftSettings: strict + settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: String...) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, resources: fixtures.map { .copy($0) },
        swiftSettings: strict)
}

let package = Package(
    name: "centrala",
    products: [.executable(name: "centrala", targets: ["Centrala"])],
    traits: [
        .trait(name: "G729", description: "Speak G.729, by bcg729, which is under the GPL (Debian: libbcg729-dev).")
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        system("CSofiaSIP", pkgConfig: "sofia-sip-ua", apt: "libsofia-sip-ua-dev"),
        system("CSRTP", pkgConfig: "libsrtp2", apt: "libsrtp2-dev"),
        system("COpus", pkgConfig: "opus", apt: "libopus-dev"),
        system("CSpeexDSP", pkgConfig: "speexdsp", apt: "libspeexdsp-dev"),
        system("CSndfile", pkgConfig: "sndfile", apt: "libsndfile1-dev"),
        system("CSpanDSP", pkgConfig: "spandsp", apt: "libspandsp-dev"),
        // No pkg-config: who builds without the trait is not told that it is missing.
        system("CBcg729", apt: "libbcg729-dev"),
        system("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        system("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        system("CESpeak", apt: "libespeak-ng-dev"),
        system("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        .systemLibrary(name: "CLinux", path: "Sources/C/CLinux"),
        .target(name: "CSofia", dependencies: ["CSofiaSIP"], path: "Sources/C/CSofia"),

        library("Timing", exclude: []),
        library("YAML", ["CYAML"]),
        library(
            "Media",
            [
                "Timing", "CSRTP", "COpus", "CSpeexDSP", "CSndfile", "CSpanDSP", "COpenSSL", "CLinux",
                .target(name: "CBcg729", condition: .when(traits: ["G729"])),
            ],
            exclude: ["README.md", "Wire/README.md", "Transport/README.md", "Audio/README.md", "Engine/README.md"],
            settings: fast),
        library("Speech", ["Media", "CESpeak"]),
        library("Recorder", ["Timing", "Media", "CLinux", "COpenSSL"]),
        library("SIP", ["Timing", "CSofia"]),
        library("IVR", ["Timing", "YAML"]),
        library("ACD", ["Timing"]),
        library(
            "Outside",
            [
                "Timing", "CCurl",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        library("Store", [.product(name: "GRDB", package: "GRDB.swift"), "COpenSSL"]),
        library(
            "Calls",
            [
                "Timing", "SIP", "Media", "Speech", "Recorder", "IVR", "ACD", "Outside", "Store",
                .product(name: "Logging", package: "swift-log"),
            ]),
        library(
            "Web",
            [
                "Calls", "Store",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ], exclude: ["README.md", "tsconfig.json"], resources: [.copy("Resources")]),
        .executableTarget(
            name: "Centrala",
            dependencies: [
                "Timing", "YAML", "IVR", "ACD", "Media", "Speech", "Recorder", "Outside", "Store", "Calls", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        .executableTarget(
            name: "centrala-bench", dependencies: ["Media", "Recorder", "Timing"], path: "Bench/MediaBench",
            swiftSettings: strict),
        .executableTarget(
            name: "centrala-quality", dependencies: ["Media", "Speech", "Timing", "CSpeexDSP", "CESpeak"],
            path: "Bench/Quality",
            exclude: ["quality.py", "requirements.txt"], swiftSettings: strict),
        .target(name: "TestTools", path: "Tests/TestTools", swiftSettings: strict),
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        .target(
            name: "TestKit", dependencies: ["Timing", "Media"], path: "Tests/TestKit", exclude: ["README.md"],
            swiftSettings: strict),
        tests("YAML", ["YAML"]),
        tests("IVR", ["IVR", "TestTools", "YAML", "Timing"], fixtures: "Fixtures"),
        tests("ACD", ["ACD", "TestTools", "Timing"]),
        tests(
            "Outside",
            [
                "Outside", "TestTools", "Timing",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ], fixtures: "Fixtures"),
        tests("Store", ["Store", .product(name: "GRDB", package: "GRDB.swift")]),
        tests(
            "Media", ["Media", "TestTools", "Timing", "TestKit", "CAllocationCount"], fixtures: "Transport/Fixtures",
            "Engine/Keys"),
        tests("Speech", ["Speech", "TestTools", "Media"]),
        tests("Recorder", ["Recorder", "TestTools", "TestKit", "Media", "Timing"]),
        tests("SIP", ["SIP", "TestTools", "Timing"], fixtures: "Fixtures"),
        tests(
            "Calls",
            [
                "Calls", "IVR", "SIP", "Media", "Speech", "Recorder", "Outside", "Store", "TestKit", "TestTools",
                "Timing",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Logging", package: "swift-log"),
            ]),
        tests(
            "Centrala",
            [
                "Centrala", "ACD", "Calls", "IVR", "Store", "Web", "YAML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        tests(
            "Web",
            [
                "Web", "Calls", "IVR", "Outside", "Speech", "Store",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ]),
    ]
)
