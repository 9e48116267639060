import Docker
import Testing

/// Files of a container.
@Suite(.enabled(if: DockerFixture.isUsable, "needs Docker"), .timeLimit(.minutes(3)))
struct ArchiveTests {
    @Test func `a folder of a container that never ran comes as a tar archive`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("true")
            let bytes = Bytes()
            try await fixture.docker.archive(of: id, path: "/etc") { await bytes.append($0) }
            let archive = await bytes.all
            #expect(archive.count % 512 == 0)
            #expect(String(decoding: archive.prefix(5), as: UTF8.self) == "etc/\0")
            #expect(archive.dropFirst(257).prefix(5).elementsEqual("ustar".utf8))
        }
    }

    @Test func `what is not there is told as such`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("true")
            await #expect { try await fixture.docker.archive(of: id, path: "/none") { _ in } } throws: {
                ($0 as? DockerError)?.isNotFound == true
            }
        }
    }

    @Test func `a reader that has had enough gets its own error, and no more bytes`() async throws {
        struct Enough: Error {}
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("true")
            let bytes = Bytes()
            await #expect(throws: Enough.self) {
                try await fixture.docker.archive(of: id, path: "/") {
                    await bytes.append($0)
                    throw Enough()
                }
            }
            #expect(await bytes.pieces == 1)
            #expect(try await fixture.docker.inspectContainer(id) != nil)
        }
    }

    private actor Bytes {
        private(set) var all: [UInt8] = []
        private(set) var pieces = 0

        func append(_ bytes: [UInt8]) {
            all += bytes
            pieces += 1
        }
    }
}
