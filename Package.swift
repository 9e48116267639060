// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let toml: Target.Dependency = .product(name: "TOMLKit", package: "TOMLKit")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")

func layer(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

// From the bottom to the top: a target imports lower layers only.
let package = Package(
    name: "martlet",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-system.git", exact: "1.8.1"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
        .package(url: "https://github.com/LebJe/TOMLKit.git", exact: "0.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", exact: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CLibSSH", pkgConfig: "libssh", providers: [.apt(["libssh-dev"])]),
        .systemLibrary(name: "CLibGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLibDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .target(name: "CSHA1"),
        .systemLibrary(name: "CSpawn"),
        layer("Threads", []),
        layer("Spawn", ["CSpawn"]),

        layer("GitWire", []),
        layer("SSH", ["CLibSSH", "Threads", logging]),
        layer("Postgres", ["CLibPQ", "Spawn", "Threads", logging]),
        layer("Docker", ["Threads", httpClient, nioCore, nioHTTP1, logging]),

        layer("Git", ["CLibGit2", "CZlib", "CLibDeflate", "CSHA1", "GitWire", "Threads", logging]),
        layer(
            "Platform", ["Postgres", crypto],
            resources: [
                .embedInCode("Migrations/001-initial.sql"), .embedInCode("Migrations/002-builds.sql"),
                .embedInCode("Migrations/003-config.sql"), .embedInCode("Migrations/004-deployment.sql"),
                .embedInCode("Migrations/005-certificates.sql"),
                .embedInCode("Migrations/006-runs.sql"),
            ]),

        layer(
            "Build",
            ["Platform", "Git", "GitWire", "Docker", "Threads", crypto, subprocess, systemPackage, toml, yaml]),
        layer("Deploy", ["Platform", "Docker", httpClient, nioCore, nioHTTP1, nioPosix]),
        layer("Routing", ["Platform", "Threads", subprocess, systemPackage, logging]),
        layer("Hooks", ["CSpawn", "GitWire", "Spawn", "Threads", logging]),

        layer(
            "Pipeline",
            [
                "Build", "Deploy", "Routing", "Hooks", "Platform", "Postgres", "Docker", "Git", "GitWire", "Threads",
                logging,
            ]),

        layer("Push", ["Build", "GitWire", "Git", "Hooks", "Platform", "Pipeline", "Threads", logging]),
        layer("Commands", ["Platform", "Postgres", argumentParser, logging]),

        layer(
            "Server",
            [
                "SSH", "Postgres", "Docker", "GitWire", "Git", "Platform", "Build", "Deploy", "Routing", "Pipeline",
                "Push",
                "Commands", "Hooks", "Threads", logging, subprocess, systemPackage,
            ]),

        .executableTarget(name: "martlet", dependencies: ["Server", logging], swiftSettings: strict),

        .target(
            name: "TestKit", dependencies: ["CSpawn", "Spawn", "Threads"], path: "Tests/TestKit", swiftSettings: strict),
        tests("CSHA1Tests", ["CSHA1", "CLibGit2"]),
        tests("GitWireTests", ["GitWire"]),
        tests("SSHTests", ["SSH", "Threads", logging]),
        tests("PostgresTests", ["Postgres", "Threads", logging]),
        tests("DockerTests", ["Docker", "Threads", logging]),
        tests("GitTests", ["Git", "GitWire", "Threads"]),
        tests("PlatformTests", ["Platform", "Postgres", "TestKit", logging]),
        tests("BuildTests", ["Build", "Docker", "GitWire", "Platform", "TestKit", "Threads", crypto, logging]),
        tests("DeployTests", ["Deploy", "Docker", "Platform", "TestKit", logging]),
        tests(
            "RoutingTests",
            ["Routing", "Platform", "Postgres", "TestKit", "Threads", logging, subprocess, systemPackage]),
        tests("PipelineTests", ["Pipeline", "Deploy", "Platform", "TestKit"]),
        tests("HooksTests", ["Hooks", "TestKit", logging]),
        tests("PushTests", ["Push", "Build", "Git", "GitWire", "Hooks", "Platform", "TestKit", logging]),
        tests("CommandsTests", ["Commands", "Platform", "Postgres", "TestKit", argumentParser, logging]),
        tests(
            "ServerTests", ["Server", "Commands", "Hooks", "Platform", "Postgres", "Routing", "TestKit", logging]),
        tests("EndToEndTests", ["martlet", "TestKit", "Threads"]),
        .testTarget(
            name: "BuildpackTests", dependencies: ["TestKit"], exclude: ["play.py"], swiftSettings: strict),
        .testTarget(
            name: "DifferentialTests", dependencies: ["martlet", "GitWire", "TestKit"],
            exclude: ["world.py", "fetches.py", "play.sh"], swiftSettings: strict),
        .testTarget(
            name: "ForeignClientTests", dependencies: ["martlet", "TestKit"],
            exclude: ["dulwich-client.py", "pygit2-client.py", "jgit-client.sh"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
