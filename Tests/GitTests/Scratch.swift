import Git
import GitWire
import Glibc
import Testing
import Threads

/// A folder for one test with a server's repository, `server.git`, and a client's, `client`; removed afterwards.
struct Scratch: Sendable {
    let path: String
    var server: String { "\(path)/server.git" }
    var client: String { "\(path)/client" }

    /// Runs `body` with a new scratch folder.
    static func with(_ body: (Scratch) async throws -> Void) async throws {
        var template = Array("/tmp/martlet-git-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ShellFailure(description: "no temporary folder") }
        let scratch = Scratch(path: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        let server = scratch.server
        try await onOwnThread { () throws(GitError) in try Repository.create(at: server, defaultBranch: "main") }
        let result: Result<Void, any Error>
        do {
            _ = try await shell("git init -q client", in: scratch.path)
            result = .success(try await body(scratch))
        } catch {
            result = .failure(error)
        }
        _ = try await shell("rm -rf '\(scratch.path)'", in: "/")
        try result.get()
    }

    /// The ID that `revision` has in the client's repository, or that `script` prints there.
    func id(_ revision: String) async throws -> ObjectID {
        let text = try await shell("git rev-parse --verify '\(revision)'", in: client).text
        return try #require(ObjectID(text))
    }

    /// Runs `script` in the client's repository; returns what it prints.
    @discardableResult
    func client(_ script: String, input: [UInt8] = []) async throws -> String {
        try await shell(script, in: client, input: input).text
    }

    /// The object ID that `script` prints in the client's repository.
    func object(_ script: String, input: [UInt8] = []) async throws -> ObjectID {
        try #require(ObjectID(try await client(script, input: input)))
    }

    /// A pack of all that `revisions` (as for `git rev-list`) need.
    func pack(_ revisions: String, options: String = "--delta-base-offset") async throws -> [UInt8] {
        try await shell(
            "git pack-objects -q --stdout --revs \(options)", in: client, input: Array((revisions + "\n").utf8)
        ).output
    }

    /// A pack of precisely these objects.
    func pack(objects: [ObjectID]) async throws -> [UInt8] {
        let list = objects.map { "\($0)\n" }.joined()
        return try await shell("git pack-objects -q --stdout", in: client, input: Array(list.utf8)).output
    }

    /// All objects that `revisions` (as for `git rev-list`) need.
    func objects(_ revisions: String) async throws -> [ObjectID] {
        try await client("git rev-list --objects --no-object-names \(revisions)").split(separator: "\n")
            .compactMap { ObjectID($0) }
    }

    /// Stores `pack` in the server's repository as a push does, checking what `tips` need.
    func receive(_ pack: [UInt8], tips: [ObjectID], limits: PackLimits = PackLimits()) async throws -> ObjectID? {
        let quarantine = try Quarantine(repository: server, limits: limits)
        #expect(try await quarantine.append(pack) == .complete(rest: []))
        _ = try await quarantine.finish()
        let missing = try await quarantine.missingObject(reachableFrom: tips)
        if missing == nil { try await quarantine.migrate() } else { try await quarantine.discard() }
        return missing
    }

    /// Pushes `branch` of the client into the server, by our means.
    func push(_ branch: String, as name: String) async throws {
        let tip = try await id(branch)
        #expect(try await receive(pack(branch), tips: [tip]) == nil)
        let result = try await apply([.init(name: #require(ReferenceName(name)), old: .zero, new: tip)])
        #expect(result == [.ok])
    }

    /// Applies `updates` to the server's references.
    func apply(_ updates: [ReferenceUpdate], atomic: Bool = false) async throws -> [ReferenceUpdateResult] {
        let server = server
        return await onOwnThread { ReferenceTransaction.apply(updates, atomic: atomic, at: server) }
    }

    /// The paths of all files below `folder` of the server's repository.
    func files(_ folder: String) async throws -> [String] {
        try await shell("find \(folder) -mindepth 1 | LC_ALL=C sort", in: server).text
            .split(separator: "\n").map(String.init)
    }
}
