import Foundation
import Synchronization
import TestKit

@testable import Build

/// Buildpacks that are nowhere on disk.
enum Samples {
    static func buildpack(_ id: String, version: String = "1.0.0", api: String = "0.10", _ toml: String = "") throws
        -> Buildpack
    {
        let text = "api = \"\(api)\"\n[buildpack]\nid = \"\(id)\"\nversion = \"\(version)\"\n\(toml)\n"
        return Buildpack(descriptor: try BuildpackDescriptor(text, place: "\(id): buildpack.toml"), folder: "/none")
    }

    static func catalog(_ buildpacks: [Buildpack]) -> BuildpackCatalog {
        buildpacks.reduce(into: BuildpackCatalog()) { $0.add($1) }
    }

    static let environment = BuildEnvironment(
        values: ["PATH": "/bin"], configured: ["COLOUR": "red", "PATH": "/mine", "CNB_X": "no"],
        system: BuildSystem(architecture: "amd64", distribution: "debian", version: "12", stack: "test"))
}

/// Stands in for a container: answers by what is run.
final class ScriptedContainer: LifecycleContainer {
    struct Call: Equatable {
        let command: [String]
        let environment: [String: String]
    }

    private let calls = Mutex<[Call]>([])
    private let answer: @Sendable (Call) throws -> Int

    init(_ answer: @escaping @Sendable (Call) throws -> Int) { self.answer = answer }

    var all: [Call] { calls.withLock { $0 } }

    func run(
        _ command: [String], environment: [String: String], directory: String,
        output: @escaping @Sendable (_ line: [UInt8]) async -> Void
    ) async throws -> Int {
        let call = Call(command: command, environment: environment)
        calls.withLock { $0.append(call) }
        await output(Array("ran \(command[0])".utf8))
        return try answer(call)
    }
}
