import Foundation
import GitWire
import TestKit
import Testing

@testable import Build
@testable import Platform

/// An app's files, laid out for one build and left for the next.
@Suite struct SourceTreeTests {
    @Test func `what did not change stays, and what a build left is told`() async throws {
        try await Sources.with { sources in
            try await sources.commit("echo 1 > same; echo 1 > other; mkdir gone; echo 1 > gone/file")
            let first = try await sources.lay()
            #expect(first == ["gone/file", "other", "same"])
            let inode = try sources.inode("same")
            try await sources.commit("echo 2 > other; rm -r gone; echo 1 > new")
            #expect(try await sources.lay() == ["new", "other", "same"])
            #expect(try sources.inode("same") == inode)
            #expect(sources.text("other") == "2\n")
        }
    }

    @Test(arguments: [
        "truncate -s 0 record", "rm record", "echo > record", "echo 1 2 3 > record", "sed -i s/^./x/ record",
    ])
    func `without its record a tree is made anew`(loss: String) async throws {
        try await Sources.with { sources in
            try await sources.commit("echo 1 > same; echo 1 > other")
            _ = try await sources.lay()
            // As long as it is open, no other file gets its number.
            let held = FileHandle(forReadingAtPath: "\(sources.place)/tree/same")
            defer { try? held?.close() }
            let inode = try sources.inode("same")
            // As a build that was killed halfway leaves it.
            try await sources.run("\(loss); rm tree/other; echo half > tree/new", in: sources.place)
            #expect(try await sources.lay() == ["other", "same"])
            #expect(try sources.inode("same") != inode)
        }
    }

    @Test func `a tree that somebody changed is put right`() async throws {
        try await Sources.with { sources in
            try await sources.commit("echo 1 > same; echo 1 > other")
            _ = try await sources.lay()
            try await sources.run(
                "touch -r same time; echo 0 > same; touch -r time same; ln -sf /etc/passwd other; : > extra",
                in: "\(sources.place)/tree")
            #expect(try await sources.lay() == ["other", "same"])
            #expect(sources.text("same") == "1\n" && sources.text("other") == "1\n")
        }
    }

    @Test func `a commit that is gone is no obstacle`() async throws {
        try await Sources.with { sources in
            try await sources.commit("echo 1 > same")
            _ = try await sources.lay()
            try await sources.run("git update-ref -d HEAD; git reflog expire --expire=now --all; git gc -q --prune=now")
            try await sources.commit("echo 2 > same")
            #expect(try await sources.lay() == ["same"])
            #expect(sources.text("same") == "2\n")
        }
    }

    @Test func `what cannot be built is refused each time`() async throws {
        try await Sources.with { sources in
            try await sources.commit("echo 1 > same")
            _ = try await sources.lay()
            let module = "160000,\(String(repeating: "1", count: 40)),sub"
            try await sources.commit("git update-index --add --cacheinfo \(module)", adding: false)
            for _ in 1...2 {
                let error = await #expect(throws: BuildError.self) { _ = try await sources.lay() }
                #expect(error?.description.contains("'sub' is a submodule") == true)
            }
            try await sources.commit("git rm -q --cached sub; rm -rf sub; echo 2 > same")
            #expect(try await sources.lay() == ["same"])
        }
    }

    @Test func `a build that changes its files has them for itself`() async throws {
        try await Sources.with { sources in
            try await sources.commit("echo 1 > same")
            do {
                let tree = try await sources.tree()
                #expect(try await tree.surrender() == sources.own)
            }
            try await sources.run("echo changed > same; echo x > new", in: sources.own)
            #expect(try await sources.lay() == ["same"])
            #expect(sources.text("same") == "1\n")
        }
    }

    @Test func `two builds of an app at once do not share files`() async throws {
        try await Sources.with { sources in
            try await sources.commit("echo 1 > same")
            let first = try await sources.tree()
            let second = try await sources.tree()
            #expect(first.path == "\(sources.place)/tree" && second.path == sources.own)
            #expect(try await second.surrender() == sources.own)
            try await sources.caches.trees.sweep(keeping: 0)
            _ = try await sources.caches.clear(sources.app.id)
            #expect(sources.text("same") == "1\n")
            withExtendedLifetime(first) {}
        }
    }

    @Test func `the least recently used go when there are too many bytes, and unfinished ones always`() async throws {
        try await Sources.with { sources in
            try await sources.commit("head -c 100000 /dev/zero > file")
            let apps = (0..<3).map { _ in TestDocker.app() }
            for app in apps { _ = try await sources.lay(app) }
            let unfinished = sources.caches.trees.place(of: TestDocker.app().id, worker: "server")
            try await sources.run("mkdir -p \(unfinished)/tree; : > \(unfinished)/tree/file")
            _ = try await sources.lay(apps[0])
            try await sources.caches.trees.sweep(keeping: 250_000)
            #expect(apps.map(sources.isKept) == [true, false, true])
            #expect(try FileManager.default.contentsOfDirectory(atPath: unfinished) == ["record"])
            #expect(try await sources.caches.clear(apps[0].id) > 100_000)
            #expect(apps.map(sources.isKept) == [false, false, true])
        }
    }
}

/// A repository to build from, and a folder for what is laid out.
private struct Sources {
    let scratch: Scratch
    let app = TestDocker.app()

    static func with(_ body: (Sources) async throws -> Void) async throws {
        let sources = Sources(scratch: try Scratch())
        defer { sources.scratch.remove() }
        try await sources.run("git init -q -b main work", in: sources.scratch.path)
        try await body(sources)
    }

    var caches: BuildCaches { BuildCaches(folder: "\(scratch.path)/cache") }
    var own: String { "\(scratch.path)/own/app" }
    var place: String { place(of: app) }

    func isKept(_ app: App) -> Bool { FileManager.default.fileExists(atPath: "\(place(of: app))/tree") }

    /// Commits what a script does.
    func commit(_ script: String, adding: Bool = true) async throws {
        try await run(
            "\(script); \(adding ? "git add -A; " : "")git -c user.name=a -c user.email=a@example.org commit -qm x")
    }

    func run(_ script: String, in folder: String? = nil) async throws {
        let result = try await Command(["sh", "-ec", script], directory: folder ?? "\(scratch.path)/work").run()
        guard result.status == 0 else { throw Unmet("\(script): \(result)") }
    }

    /// The latest commit, laid out.
    func tree(_ app: App? = nil) async throws -> SourceTree {
        let head = try await Command(["git", "rev-parse", "HEAD"], directory: "\(scratch.path)/work").run().output
        let source = BuildSource(
            app: app ?? self.app, number: 1,
            commit: try #require(ObjectID(head.trimmingCharacters(in: .whitespacesAndNewlines))),
            repository: "\(scratch.path)/work/.git", noCache: false)
        return try await SourceTree(of: source, keptIn: place(of: source.app), own: own)
    }

    /// The files of the latest commit, as they are on disk.
    func lay(_ app: App? = nil) async throws -> [String] {
        let tree = try await tree(app)
        defer { withExtendedLifetime(tree) {} }
        return try FileManager.default.subpathsOfDirectory(atPath: tree.path).filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(tree.path)/\($0)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    func inode(_ file: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(place)/tree/\(file)")[.systemFileNumber] as? Int
    }

    func text(_ file: String) -> String? { scratch.text("cache/sources/\(app.id.text)/server/tree/\(file)") }

    private func place(of app: App) -> String { caches.trees.place(of: app.id, worker: "server") }
}
