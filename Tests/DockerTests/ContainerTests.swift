import Docker
import Glibc
import Testing

@Suite(.enabled(if: DockerFixture.isUsable, "needs Docker"), .timeLimit(.minutes(3)))
struct ContainerTests {
    @Test func `a container runs, ends, and tells its exit code`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("exit 7")
            #expect(try await fixture.docker.inspectContainer(id)?.startedAt == nil)
            try await fixture.docker.start(id)
            #expect(try await fixture.docker.wait(id) == 7)
            let state = try #require(try await fixture.docker.inspectContainer(id))
            #expect(!state.isRunning)
            #expect(state.exitCode == 7)
            #expect(!state.oomKilled)
            #expect(state.startedAt != nil)
            #expect(state.labels["martlet.test"] == fixture.name)
        }
    }

    @Test func `stopping is quick, since the init process passes the signal on`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("while :; do sleep 1; done")
            try await fixture.docker.start(id)
            try await fixture.docker.stop(id, timeoutSeconds: 60)
            // SIGTERM ended it; SIGKILL would be 137.
            #expect(try await fixture.docker.inspectContainer(id)?.exitCode == 143)
            try await fixture.docker.stop(id, timeoutSeconds: 60)
        }
    }

    @Test func `starting a container that runs does nothing`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("sleep 60")
            try await fixture.docker.start(id)
            try await fixture.docker.start(id)
            try await fixture.docker.kill(id, signal: "SIGKILL")
            #expect(try await fixture.docker.wait(id) == 137)
            await #expect { try await fixture.docker.kill(id, signal: "SIGKILL") } throws: {
                ($0 as? DockerError)?.isConflict == true
            }
        }
    }

    @Test func `the host reaches a container at the address it is given`() async throws {
        try await DockerFixture.with { fixture in
            let network = try await fixture.network(subnet: "10.99.1.0/28")
            let id = try await fixture.container("echo hello >/tmp/index.html; exec httpd -f -p 5000 -h /tmp") {
                $0.network = fixture.name
            }
            try await fixture.docker.start(id)
            let address = try #require(try await fixture.docker.inspectContainer(id)?.addresses[fixture.name])
            #expect(address.hasPrefix("10.99.1."))
            let deadline = ContinuousClock.now + .seconds(10)
            while !accepts(address, 5000), ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(accepts(address, 5000))
            try await fixture.docker.removeContainer(id, force: true)
            try await fixture.docker.removeNetwork(network)
        }
    }

    @Test func `a container has no capabilities, cannot gain any, and is limited`() async throws {
        try await DockerFixture.with { fixture in
            let script =
                "grep -E '^(CapEff|NoNewPrivs)' /proc/self/status; touch /x; touch /tmp/y && echo tmp; echo $A; ps"
            let id = try await fixture.container(script) {
                $0.environment = ["A": "b=c d"]
                $0.hasReadOnlyRoot = true
                $0.temporaryFolders = ["/tmp": "size=1m"]
                $0.pidsLimit = 50
                $0.cpus = 0.5
                $0.hosts = ["db.internal": "10.1.2.3"]
            }
            try await fixture.docker.start(id)
            _ = try await fixture.docker.wait(id)
            let log = try await fixture.docker.logs(id, tail: 100).map(\.text)
            #expect(log.contains("CapEff:\t0000000000000000"))
            #expect(log.contains("NoNewPrivs:\t1"))
            #expect(log.contains("touch: /x: Read-only file system"))
            #expect(log.contains("tmp"))
            #expect(log.contains("b=c d"))
            #expect(log.contains { $0.contains("docker-init") })
        }
    }

    @Test func `running out of memory is told apart from other ends`() async throws {
        try await DockerFixture.with { fixture in
            // Docker may miss it in a container that lives for a moment only.
            let id = try await fixture.container("sleep 1; tail /dev/zero; code=$?; sleep 1; exit $code") {
                $0.memoryBytes = 16 << 20
            }
            try await fixture.docker.start(id)
            #expect(try await fixture.docker.wait(id) == 137)
            #expect(try await fixture.docker.inspectContainer(id)?.oomKilled == true)
        }
    }

    @Test func `a process that ends is started again where the policy says so`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("sleep 0.3; exit 1") { $0.restartPolicy = .unlessStopped }
            try await fixture.docker.start(id)
            let deadline = ContinuousClock.now + .seconds(20)
            var count = 0
            while count == 0, ContinuousClock.now < deadline {
                count = try await fixture.docker.inspectContainer(id)?.restartCount ?? 0
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(count > 0)
        }
    }

    @Test func `the log keeps both streams apart and holds long lines whole`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container(
                "echo out; echo err >&2; head -c 40000 /dev/zero | tr '\\0' x; echo; printf rest")
            try await fixture.docker.start(id)
            _ = try await fixture.docker.wait(id)
            let log = try await fixture.docker.logs(id, tail: 100)
            #expect(log.filter { $0.stream == .error }.map(\.text) == ["err"])
            #expect(
                log.filter { $0.stream == .output }.map(\.text) == [
                    "out", String(repeating: "x", count: 40000), "rest",
                ])
            #expect(try await fixture.docker.logs(id, tail: 1).count == 1)
        }
    }

    @Test func `what does not exist is told as such`() async throws {
        try await DockerFixture.with { fixture in
            let missing = { @Sendable (error: any Error) in (error as? DockerError)?.isNotFound == true }
            let state = try await fixture.docker.inspectContainer("martlet-none")
            #expect(state == nil)
            await #expect { try await fixture.docker.start("martlet-none") } throws: { missing($0) }
            await #expect { try await fixture.docker.removeContainer("martlet-none", force: true) } throws: {
                missing($0)
            }
            await #expect { try await fixture.docker.wait("martlet-none") } throws: { missing($0) }
            await #expect { try await fixture.docker.logs("martlet-none", tail: 1) } throws: { missing($0) }
            await #expect { try await fixture.container("true") { $0.image = "martlet/none" } } throws: { missing($0) }
        }
    }

    @Test func `a name is taken once`() async throws {
        try await DockerFixture.with { fixture in
            _ = try await fixture.container("true") { $0.name = fixture.name }
            await #expect { try await fixture.container("true") { $0.name = fixture.name } } throws: {
                ($0 as? DockerError)?.isConflict == true
            }
            let listed = try await fixture.docker.containers(labels: fixture.labels, all: true)
            #expect(listed.map(\.name) == [fixture.name])
            #expect(listed.map(\.state) == ["created"])
            #expect(try await fixture.docker.containers(labels: fixture.labels, all: false).isEmpty)
        }
    }

    @Test func `a name never becomes another path`() async throws {
        try await DockerFixture.with { fixture in
            let error = await #expect(throws: DockerError.self) {
                try await fixture.docker.inspectContainer("../images/\(DockerFixture.image)")
            }
            #expect(error?.status == 301)
        }
    }

    @Test func `cancelling a wait ends it at once`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("sleep 60")
            try await fixture.docker.start(id)
            let wait = Task { [docker = fixture.docker] in try await docker.wait(id) }
            try await Task.sleep(for: .milliseconds(100))
            let taken = await ContinuousClock().measure {
                wait.cancel()
                await #expect(throws: CancellationError.self) { try await wait.value }
            }
            #expect(taken < .seconds(2))
        }
    }

    /// Whether something listens.
    private func accepts(_ address: String, _ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        return withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
