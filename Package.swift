// swift-tools-version: 6.2
import PackageDescription

// MARK: Settings that every target shares

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
]

// MARK: Products of other packages

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let atomics = product(name: "Atomics", package: "swift-atomics")
    static let collections = product(name: "Collections", package: "swift-collections")
    static let configuration = product(name: "Configuration", package: "swift-configuration")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let jwtKit = product(name: "JWTKit", package: "jwt-kit")
    static let logging = product(name: "Logging", package: "swift-log")
    static let metrics = product(name: "Metrics", package: "swift-metrics")
    static let mustache = product(name: "Mustache", package: "swift-mustache")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioConcurrency = product(name: "NIOConcurrencyHelpers", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioFileSystem = product(name: "_NIOFileSystem", package: "swift-nio")
    static let nioHPACK = product(name: "NIOHPACK", package: "swift-nio-http2")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioHTTP2 = product(name: "NIOHTTP2", package: "swift-nio-http2")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let tracing = product(name: "Tracing", package: "swift-distributed-tracing")
    static let yams = product(name: "Yams", package: "Yams")
}

// MARK: The house

/// One data service: an executable named as its process, in a module named as its domain.
func dataService(
    _ module: String, folder: String, uses: [Target.Dependency] = [], embeds: [Resource] = []
) -> Target {
    .executableTarget(
        name: module,
        dependencies: ["WireProtocol", "ServiceKit", "Postgres", .hummingbird, .logging] + uses,
        path: "Services/\(folder)",
        resources: [.embedInCode("Migrations"), .embedInCode("openapi.yaml")] + embeds,
        swiftSettings: strict)
}

func tests(_ module: String, uses: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(module)Tests",
        dependencies: [.target(name: module)] + uses,
        swiftSettings: strict)
}

let package = Package(
    name: "lyceum",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "auth", targets: ["Auth"]),
        .executable(name: "content", targets: ["Content"]),
        .executable(name: "media", targets: ["Media"]),
        .executable(name: "analytics", targets: ["Analytics"]),
        .executable(name: "gateway", targets: ["Gateway"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-atomics", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
    ],
    targets: [
        // Shared
        .systemLibrary(
            name: "CLibPQ", path: "Shared/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CLibCrypt", path: "Shared/CLibCrypt", pkgConfig: "libcrypt",
            providers: [.apt(["libcrypt-dev"])]),
        .target(
            name: "CCommonPasswords", path: "Shared/CCommonPasswords", exclude: ["common-passwords.txt"]),
        .systemLibrary(name: "CZlib", path: "Shared/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "WireProtocol", path: "Shared/WireProtocol", swiftSettings: strict),
        .target(
            name: "Postgres",
            dependencies: [
                "CLibPQ", .atomics, .collections, .logging, .metrics, .serviceLifecycle, .crypto,
            ],
            path: "Shared/Postgres",
            swiftSettings: strict),
        .target(
            name: "ServiceKit",
            dependencies: [
                "WireProtocol", "Postgres", .argumentParser, .asyncHTTPClient, .configuration, .crypto, .cryptoExtras,
                .httpTypes, .hummingbird, .jwtKit, .logging, .metrics, .nioCore, .nioConcurrency, .nioPosix,
                .serviceLifecycle, .tracing,
            ],
            path: "Shared/ServiceKit",
            resources: [.embedInCode("Migrations")],
            swiftSettings: strict),

        // Services
        dataService(
            "Auth", folder: "auth",
            uses: [
                "CCommonPasswords", "CLibCrypt", .argumentParser, .asyncHTTPClient, .crypto, .jwtKit, .metrics,
                .mustache, .nioConcurrency,
                .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .nioTLS, .serviceLifecycle,
            ],
            embeds: [.embedInCode("Templates")]),
        dataService(
            "Content", folder: "content",
            uses: [
                .argumentParser, .asyncHTTPClient, .collections, .crypto, .metrics, .nioCore, .nioPosix, .nioSSL,
                .serviceLifecycle,
            ],
            embeds: [.embedInCode("Seed/Texts"), .embedInCode("Seed/graph.json")]),
        dataService("Media", folder: "media", uses: [.asyncHTTPClient, .crypto, .nioCore, .nioFileSystem]),
        dataService("Analytics", folder: "analytics", uses: [.asyncHTTPClient, .crypto, .serviceLifecycle]),
        .executableTarget(
            name: "Gateway",
            dependencies: [
                "CZlib", "WireProtocol", "ServiceKit", .argumentParser, .asyncHTTPClient, .collections, .crypto,
                .cryptoExtras, .hummingbird, .logging, .metrics, .nioCore, .nioConcurrency, .nioHPACK, .nioHTTP2,
                .nioPosix, .nioSSL, .nioTLS,
                .serviceLifecycle, .unixSignals, .yams,
            ],
            path: "Services/gateway",
            resources: [.embedInCode("openapi.yaml")],
            swiftSettings: strict),

        // Benchmarks
        .executableTarget(
            name: "PostgresBenchmark", dependencies: ["Postgres", .argumentParser, .logging, .serviceLifecycle],
            path: "Benchmarks/Postgres", swiftSettings: strict),

        // Tests
        .target(
            name: "PostgresTesting", dependencies: ["Postgres", .logging], path: "Tests/PostgresTesting",
            swiftSettings: strict),
        .target(
            name: "ServiceKitTesting", dependencies: ["ServiceKit", "WireProtocol", .crypto, .jwtKit, .yams],
            path: "Tests/ServiceKitTesting", swiftSettings: strict),
        tests("WireProtocol"),
        tests("Postgres", uses: ["PostgresTesting", .logging, .serviceLifecycle]),
        tests(
            "ServiceKit",
            uses: [
                "PostgresTesting", "ServiceKitTesting", .asyncHTTPClient, .httpTypes, .hummingbird, .hummingbirdTesting,
                .jwtKit, .logging, .nioConcurrency, .yams,
            ]),
        tests(
            "Auth",
            uses: [
                "PostgresTesting", "ServiceKitTesting", .asyncHTTPClient, .crypto, .hummingbirdTesting, .jwtKit,
                .logging, .nioCore, .nioEmbedded, .nioHTTP1, .nioPosix, .nioSSL, .yams,
            ]),
        tests(
            "Content",
            uses: [
                "PostgresTesting", "ServiceKitTesting", .asyncHTTPClient, .hummingbirdTesting, .nioCore, .nioEmbedded,
                .nioPosix, .nioSSL, .yams,
            ]),
        tests("Media", uses: ["PostgresTesting", "ServiceKitTesting", .hummingbirdTesting, .yams]),
        tests("Analytics", uses: ["PostgresTesting", "ServiceKitTesting", .hummingbirdTesting, .yams]),
        tests(
            "Gateway",
            uses: [
                "ServiceKitTesting", .asyncHTTPClient, .crypto, .cryptoExtras, .hummingbird, .jwtKit, .logging,
                .nioConcurrency, .nioCore, .nioEmbedded, .nioHPACK, .nioHTTP2, .nioPosix, .nioSSL, .serviceLifecycle,
                .yams,
            ]),
        .testTarget(
            name: "EndToEnd",
            dependencies: [
                "ServiceKitTesting", "WireProtocol", .asyncHTTPClient, .crypto, .hummingbird, .hummingbirdTesting,
                .jwtKit,
                .nioConcurrency, .nioCore, .nioHTTP1,
            ],
            exclude: ["Journeys/pyjwt.py"],
            swiftSettings: strict),
    ]
)
