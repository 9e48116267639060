import Build
import Foundation
import Git
import GitWire
import Platform
import TestKit
import Testing

@testable import Push

/// What `git push -o plan` says, and that it changes nothing.
@Suite struct PushPlanTests {
    @Test func `a plan compares a commit with what serves`() async throws {
        try await PlannedApp.with { app in
            let first = try await app.commit([
                "Dockerfile": "FROM scratch", "martlet.yaml": "processes: {web: ./a, worker: ./w}\nhealth: /up",
            ])
            let second = try await app.commit([
                "martlet.yaml": """
                processes: {web: {command: ./b, memory: 1G}, clock: {command: ./c, quantity: 1, strategy: exclusive}}
                health: /ok
                release: ./seed
                migrate: {up: ./up}
                variables: {KEY: {description: a key, required: true}}
                """, "x": "",
            ])
            let live = try await app.live(first)
            let lines = try await app.plan(second, PushSituation(live: live))
            #expect(
                lines == [
                    "-----> Plan for shop: \(second.short) change it", "       2 files differ from v3 (\(first.short))",
                    "       built from its Dockerfile", "-----> Compared with v3",
                    "       web: command './a' -> './b'", "       web: memory default -> 1 GiB",
                    "       web: startup check GET /up -> GET /ok",
                    "       clock: new: command './c', quantity 1, strategy exclusive",
                    "       release command: new: './seed'",
                    "       migration: new: './up', compatible false, timeout 1 h",
                    "       variable KEY: new: required", "       worker: gone", "-----> When it is built",
                    "       './seed' runs before anything is switched",
                    "       './up' runs with workers stopped and a maintenance page shown",
                    "       web: 1 process, 1 GiB: the new ones start beside the old ones, which end once the new ones serve",
                    "       clock: 1 process",
                    " !     it would be refused: the required config variable KEY (a key) is not set",
                    " !     config set shop KEY=VALUE",
                    "=====> Nothing was changed; push without '-o plan' to do it",
                ])
        }
    }

    @Test func `what people set for the app counts`() async throws {
        try await PlannedApp.with { app in
            let first = try await app.commit(["Dockerfile": "", "Procfile": "web: ./a\nworker: ./w"])
            let live = try await app.live(first)
            let formation = [FormationEntry(type: "web", quantity: 3, memoryBytes: 64 << 20, cpus: 0.5)]
            let volume = Volume(appID: UUID(), name: "data", path: "/data")
            let lines = try await app.plan(
                first, PushSituation(live: live, formation: formation, volumes: [volume], earlierBuild: 7))
            #expect(lines.contains("       0 files differ from v3 (\(first.short))"))
            #expect(lines.contains("       what build 7 made would be used again: same commit, same configuration"))
            #expect(lines.contains("       nothing changes but the files"))
            #expect(
                lines.contains("       web: 3 processes, 64 MiB, 0.5 CPUs: the old ones are stopped first (stop-first)")
            )
            #expect(lines.contains("       worker: none; 'ps scale shop worker=1' starts one"))
        }
    }

    @Test func `a first push is told in full`() async throws {
        try await PlannedApp.with { app in
            let commit = try await app.commit(["Dockerfile": "", "y": ""])
            let lines = try await app.plan(commit, PushSituation())
            #expect(lines.contains("       2 files differ from nothing"))
            #expect(lines.contains("-----> The first release would be"))
            #expect(lines.contains("       web: command of the image, quantity 1, startup check TCP"))
            #expect(lines.contains("       web: 1 process"))
        }
    }

    @Test func `a push that concerns nothing of the app says so`() async throws {
        try await PlannedApp.with { app in
            let first = try await app.commit(["Dockerfile": "", "martlet.yaml": "build: {watch: [src/]}", "docs": ""])
            let second = try await app.commit(["docs": "new"])
            let live = try await app.live(first)
            let lines = try await app.plan(second, PushSituation(live: live))
            #expect(
                lines.contains(
                    "       nothing that 'build.watch' names has changed: nothing would be built or deployed"))
            #expect(lines.count == 4)
            let elsewhere = try await app.plan(second, PushSituation(live: live), branch: "other")
            #expect(!elsewhere.contains { $0.contains("build.watch") })
        }
    }

    @Test func `a plan shows no control characters`() async throws {
        try await PlannedApp.with { app in
            let commit = try await app.commit(["Dockerfile": ""], message: "red \u{1B}[31mtext")
            #expect(try await app.plan(commit, PushSituation())[0].hasSuffix("red ^[[31mtext"))
        }
    }

    @Test func `a commit is planned from the repository as from its exported files`() async throws {
        try await PlannedApp.with { app in
            let commit = try await app.commit([
                "martlet.yaml": "build: {context: services/api}\nhealth: {tcp: true}", "services/api/Dockerfile": "",
                "services/api/Procfile": "web: ./a\nworker: ./b", "services/api/app.json": "{\"env\": {\"A\": \"1\"}}",
            ])
            let folder = "\(app.fixture.scratch.path)/client"
            let exported = try BuildPlan.read(from: folder, settings: nil)
            let read = try await Repository.withRepository(at: "\(folder)/.git-bare") { repository in
                try BuildPlan.read(commit, in: repository, settings: nil)
            }
            #expect(read == exported)
            #expect(read.context == "services/api")
        }
    }

    @Test(arguments: [
        ("ln -s /etc/passwd martlet.yaml", "'martlet.yaml' is a symbolic link; it is to be the file itself"),
        ("mkdir martlet.yaml; touch martlet.yaml/x", "'martlet.yaml' is a folder; it is to be a file"),
        (
            "head -c 70000 /dev/zero | tr '\\0' '#' > martlet.yaml",
            "'martlet.yaml' is longer than 64 KiB, which is the limit"
        ),
        ("printf '\\377' > martlet.yaml", "'martlet.yaml' is not text in UTF-8"),
        (
            "ln -s / out; echo 'build: {context: out/etc}' > martlet.yaml",
            "martlet.yaml:1: 'out/etc' leads over a symbolic link; 'context' takes a folder itself"
        ),
        (
            "mkdir api; touch api/x; echo 'build: {context: apj}' > martlet.yaml",
            "martlet.yaml:1: there is no folder 'apj' in the commit; did you mean 'api'?"
        ),
    ])
    func `what an exported tree is refused for, the repository's is as well`(script: String, message: String)
        async throws
    {
        try await PlannedApp.with { app in
            let commit = try await app.commit([:], script: script)
            do {
                _ = try await app.plan(commit, PushSituation())
                Issue.record("it was planned")
            } catch let error as BuildError {
                #expect(error.description == message)
            }
        }
    }

    /// Deploys `main`, and plans in one line.
    private struct PlanningPolicy: PushPolicy {
        func deploying(_ updates: [ReferenceUpdate]) -> ReferenceUpdate? {
            updates.first { $0.name.branchName == "main" }
        }
        func protectsFromDeletion(_ name: ReferenceName) -> Bool { false }
        func remark(onStored names: [ReferenceName]) -> String? { nil }
        func deploy(
            _ update: ReferenceUpdate, updates: [ReferenceUpdate], options: PushOptions,
            say: @escaping @Sendable (String) async throws -> Void
        ) async throws { throw PushRejection("deployed") }
        func plan(
            _ update: ReferenceUpdate?, in quarantine: Quarantine, options: PushOptions,
            say: @escaping @Sendable (String) async throws -> Void
        ) async throws {
            guard let update else { return try await say("nothing deploys") }
            try await say("plan of \(try await quarantine.commit(update.new).subject)")
        }
    }

    @Test(arguments: ["", " atomic"]) func `a plan is rejected for every reference and leaves nothing`(
        atomic: String
    ) async throws {
        try await PushFixture.with { fixture in
            let commands = ["refs/heads/main", "refs/heads/side"].map { (ObjectID.zero, fixture.commits[1], $0) }
            var writer = PacketWriter()
            writer.data(Array("plan".utf8))
            writer.flush()
            let request = fixture.request(
                commands, capabilities: "report-status side-band-64k push-options\(atomic)")
            let (conversation, status) = try await fixture.push(
                [request + writer.bytes + fixture.pack], policy: PlanningPolicy())
            #expect(status == 0)
            #expect(conversation.output.contains("plan of two\n"))
            #expect(conversation.output.contains("ng refs/heads/main plan only\n"))
            #expect(conversation.output.contains("ng refs/heads/side plan only\n"))
            #expect(try await fixture.references() == [])
            #expect(fixture.traces() == [])
            let (other, _) = try await fixture.push(
                [
                    fixture.request([commands[1]], capabilities: "report-status side-band-64k push-options")
                        + writer.bytes
                        + fixture.pack
                ],
                policy: PlanningPolicy())
            #expect(other.output.contains("nothing deploys\n"))
            #expect(try await fixture.references() == [])
        }
    }
}

/// An app whose commits are planned.
private struct PlannedApp {
    let fixture: PushFixture
    let app: AppName

    static func with(_ body: (PlannedApp) async throws -> Void) async throws {
        try await PushFixture.with { fixture in
            try await body(PlannedApp(fixture: fixture, app: try AppName("shop")))
        }
    }

    /// Commits `files` beside what the last one of these commits had.
    func commit(_ files: [String: String], message: String = "change it", script: String = "true") async throws
        -> ObjectID
    {
        let folder = "\(fixture.scratch.path)/client"
        for (name, text) in files {
            let file = URL(filePath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let script = """
            set -e; export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
            rm -f file; \(script); git add -A; git commit -q -m "$0"; git rev-parse HEAD
            rm -rf .git-bare; git clone -q --bare . ../bare.git; mv ../bare.git .git-bare; echo .git-bare > .git/info/exclude
            """
        let result = try await Command(["bash", "-c", script, message], directory: folder).run()
        guard result.status == 0, let id = result.output.split(separator: "\n").first.flatMap({ ObjectID($0) }) else {
            throw Unmet("commit: \(result)")
        }
        return id
    }

    /// A release of a commit, as a build would make it.
    func live(_ commit: ObjectID) async throws -> PushSituation.Live {
        let plan = try await read { try BuildPlan.read(commit, in: $0, settings: nil) }
        var product = plan.forecast(after: nil, former: nil)
        product.image = "sha256:" + String(repeating: "a", count: 64)
        return PushSituation.Live(number: 3, branch: "main", commit: commit.description, product: product)
    }

    func plan(_ commit: ObjectID, _ situation: PushSituation, branch: String = "main") async throws -> [String] {
        let contents = try await read { try PushPlan.read(commit, in: $0, situation) }
        return PushPlan(app: app, branch: branch, situation: situation, contents: contents).lines
    }

    private func read<Value: Sendable>(_ body: @escaping @Sendable (Repository) throws -> Value) async throws -> Value {
        try await Repository.withRepository(at: "\(fixture.scratch.path)/client/.git-bare", body)
    }
}
