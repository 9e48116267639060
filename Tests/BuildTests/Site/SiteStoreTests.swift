import Docker
import Foundation
import Platform
import TestKit
import Testing

@testable import Build

/// Sites, copied out of images.
@Suite(.enabled(if: Requirement.docker, "needs Docker"), .timeLimit(.minutes(3)))
struct SiteStoreTests {
    @Test func `a site's files are copied out of an image that runs nothing`() async throws {
        try await Self.with("mkdir -p app/dist/sub; printf top >app/dist/index.html; printf x >app/dist/sub/x") {
            world in
            var plan = SitePlan(folder: "dist")
            plan.isSinglePage = true
            let site = try await world.extract(plan, number: 7)
            #expect(site.folder == "\(world.app.text)/7")
            #expect(site.isSinglePage)
            #expect(try world.text("7/index.html") == "top")
            #expect(try world.text("7/sub/x") == "x")
            #expect(world.output.all == ["       3 files, 1 KiB, from 'dist'"])
            #expect(try await world.containers() == 0)
        }
    }

    @Test func `a folder may be absolute, and reached over a link`() async throws {
        try await Self.with("mkdir -p srv/v2 app; printf two >srv/v2/index.html; ln -s v2 srv/current") {
            (world: World) async throws in
            _ = try await world.extract(SitePlan(folder: "/srv/current"), number: 1)
            #expect(try world.text("1/index.html") == "two")
        }
    }

    @Test func `a folder that is not there is told, with what is`() async throws {
        try await Self.with("mkdir -p app/build app/src; printf x >app/build/index.html; printf x >app/file") {
            (world: World) async throws in
            for folder in ["dist", "file"] {
                let error = await #expect(throws: BuildError.self) {
                    try await world.extract(SitePlan(folder: folder), number: 1)
                }
                #expect(
                    error?.description
                        == "there is no folder '/app/\(folder)' in the image; '/app' holds 'build', 'file', 'src'")
            }
            #expect(world.names() == [])
            #expect(try await world.containers() == 0)
        }
    }

    @Test func `a folder without a page is told, with what it holds`() async throws {
        try await Self.with("mkdir -p app/dist; printf x >app/dist/main.js; printf x >app/dist/a.css") {
            (world: World) async throws in
            let error = await #expect(throws: BuildError.self) {
                try await world.extract(SitePlan(folder: "dist"), number: 1)
            }
            #expect(error?.description == "there is no 'index.html' in 'dist'; it holds 'a.css', 'main.js'")
            #expect(world.names() == [])
        }
    }

    @Test func `too much is refused, and leaves nothing behind`() async throws {
        try await Self.with("mkdir -p app/dist; : >app/dist/index.html; truncate -s 30M app/dist/big") {
            (world: World) async throws in
            var limits = SiteLimits()
            limits.bytes = 10 << 20
            let error = await #expect(throws: BuildError.self) {
                try await world.extract(SitePlan(folder: "dist"), number: 1, limits)
            }
            #expect(error?.description == "the site has more than 10 MiB, which is the limit")
            #expect(world.names() == [])
            #expect(try await world.containers() == 0)
        }
    }

    @Test func `a build that is cancelled leaves nothing behind`() async throws {
        try await Self.with("mkdir -p app/dist; : >app/dist/index.html; truncate -s 150M app/dist/big") {
            (world: World) async throws in
            let task = Task { try await world.extract(SitePlan(folder: "dist"), number: 1) }
            try await eventually("something is copied") { world.names() == [".incoming-1"] }
            task.cancel()
            await #expect(throws: (any Error).self) { try await task.value }
            #expect(world.names() == [])
            #expect(try await world.containers() == 0)
        }
    }

    @Test func `the same number is replaced, former numbers stay, and what was cut short goes`() async throws {
        try await Self.with("mkdir -p app/dist; printf top >app/dist/index.html") { (world: World) async throws in
            try FileManager.default.createDirectory(
                atPath: "\(world.store.folder)/\(world.app.text)/.incoming-9", withIntermediateDirectories: true)
            for number in [1, 2, 3, 3] { _ = try await world.extract(SitePlan(folder: "dist"), number: number) }
            #expect(world.names() == ["1", "2", "3"])
        }
    }

    /// What a test has of its own.
    private struct World: Sendable {
        let store: SiteStore
        let docker: DockerClient
        let image: String
        let installation = UUID()
        let app = UUID()
        let output = Lines()

        init(docker: DockerClient, image: String, folder: String) {
            self.docker = docker
            self.image = image
            store = SiteStore(folder: folder, docker: docker, installation: installation)
        }

        func extract(_ plan: SitePlan, number: Int, _ limits: SiteLimits = SiteLimits()) async throws
            -> BuildProduct.Site
        {
            try await store.extract(
                plan, fromImage: image, workingDirectory: "/app", app: app, number: number, limits: limits,
                output: output)
        }

        /// The names in the folder of the app.
        func names() -> [String] {
            let path = "\(store.folder)/\(app.text)"
            return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
        }

        func text(_ path: String) throws -> String {
            try String(contentsOfFile: "\(store.folder)/\(app.text)/\(path)", encoding: .utf8)
        }

        func containers() async throws -> Int {
            try await docker.containers(labels: ["martlet.installation": installation.text], all: true).count
        }
    }

    /// Runs `body` with an image of the files that `script` makes; removes all.
    private static func with(_ script: String, _ body: (World) async throws -> Void) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let image = "martlet/test-site-\(UUID().text.prefix(8)):latest"
        let import_ = "mkdir files; cd files\n\(script)\ntar -c . | docker import - \(image) >/dev/null"
        let made = try await Command(["sh", "-ec", import_], directory: scratch.path).run()
        try #require(made.status == 0, "\(made)")
        try await TestDocker.with { docker in
            try await body(World(docker: docker, image: image, folder: "\(scratch.path)/sites"))
        } cleanUp: { docker in
            try await docker.removeImage(image, force: true)
        }
    }
}
