import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    /// Whatever dies at whichever step of a deployment, what serves is what the branch names, and nothing else is left.
    @Suite(.enabled(if: Requirement.machine, "needs root and dockerd")) struct ChaosTests {
        enum Victim: CaseIterable {
            case daemon, docker, nginx, database, newestContainer, liveContainer
        }

        enum Step: String, CaseIterable {
            case build, release, start
            /// Between routes and branch.
            case move
            /// Once the new release serves, and the old one drains.
            case live
        }

        @Test(arguments: Victim.allCases) func `one dies at each step of a deployment`(victim: Victim) async throws {
            try await Machine.with { machine in
                try await TestServer.with(["MARTLET_HEALTH_SECONDS": "10"], on: machine, expectingErrors: true) {
                    server in
                    let clone = try await TestClone(server, app: "shop", sample: "steps")
                    #expect(try await clone.push().status == 0)
                    for step in Step.allCases {
                        try await fell(victim, at: step, clone, server, machine)
                        try await check(clone, server, "\(victim) at \(step)")
                    }
                    try await clone.write("index.html", "at last\n")
                    let push = try await clone.push()
                    #expect(push.status == 0, "\(push)")
                    #expect(try await server.page("shop").output == "at last\n\n200")
                }
            }
        }

        @Test func `a push while Docker is away is told so, and changes nothing`() async throws {
            try await Machine.with { machine in
                try await TestServer.with(on: machine, expectingErrors: true) { server in
                    let clone = try await TestClone(server, app: "shop", sample: "hello")
                    #expect(try await clone.push().status == 0)
                    try await machine.killDocker()
                    try await clone.write("index.html", "two\n")
                    let push = try await clone.push()
                    #expect(push.status == 1 && push.errors.contains("Docker does not answer on the server"), "\(push)")
                    try await machine.startDocker()
                    #expect(try await clone.push().status == 0)
                }
            }
        }

        @Test func `after a power failure everything comes back`() async throws {
            try await Machine.with { machine in
                try await TestServer.with(on: machine, expectingErrors: true) { server in
                    let clone = try await TestClone(server, app: "shop", sample: "steps")
                    #expect(try await clone.push().status == 0)
                    try await clone.write("slow", "start\n")
                    let push = try clone.startPush()
                    try await push.prints("Starting v2")
                    await server.signal(SIGKILL)
                    try await machine.killDocker()
                    for process in try nginx(of: server) + postgres(of: server) + machine.processes() {
                        kill(process, SIGKILL)
                    }
                    _ = try await (push.result(), server.ended())
                    #expect(try await server.page("shop").output == "\n000")
                    try await machine.startDocker()
                    try await server.start()
                    try await check(clone, server, "power failure")
                    #expect(try await server.page("shop").output.hasPrefix("one\n"))
                }
            }
        }

        /// Pushes something new, and ends `victim` while the push is at `step`.
        private func fell(
            _ victim: Victim, at step: Step, _ clone: TestClone, _ server: TestServer, _ machine: Machine
        ) async throws {
            let lock = "\(try await server.repository(of: "shop"))/refs/heads/main.lock"
            try await clone.write("index.html", "\(victim) at \(step)\n")
            try await clone.write("slow", "\(step)\n")
            if step == .move { #expect(FileManager.default.createFile(atPath: lock, contents: nil)) }
            let push = try clone.startPush()
            switch step {
            case .build, .release: try await push.prints("slow \(step)")
            case .start:
                try await push.prints("Starting v")
                try await eventually("the new process starts") { try await server.containers().count == 2 }
            case .move:
                try await eventually("requests go to the new release") {
                    try await server.sql("select count(*) from releases where status = 'switching'") == "1"
                }
            case .live: #expect(try await push.result().status == 0)
            }
            try await end(victim, server, machine)
            unlink(lock)
            _ = try await push.result()
        }

        private func end(_ victim: Victim, _ server: TestServer, _ machine: Machine) async throws {
            switch victim {
            case .daemon: try await server.crashAndRestart()
            case .docker:
                try await machine.killDocker()
                try await machine.startDocker()
            case .nginx: for process in try nginx(of: server) { kill(process, SIGKILL) }
            case .database:
                for process in try postgres(of: server) { kill(process, SIGKILL) }
                try await eventually("somebody may log in again") { try await server.ssh("whoami").status == 0 }
            case .newestContainer: _ = try await server.docker("kill", server.containers()[0])
            case .liveContainer: _ = try await server.docker("kill", #require(server.containers().last))
            }
        }

        /// What holds at most one pass later.
        private func check(_ clone: TestClone, _ server: TestServer, _ what: String) async throws {
            var seen = ""
            try await eventually(within: .seconds(30), "all is well after \(what): \(seen)") {
                let commit = try await server.reference("refs/heads/main", of: "shop")
                let wanted = try await clone.git("show", "\(commit):index.html").output
                let (page, count) = (try await server.page("shop").output, try await server.containers().count)
                let live = try await server.sql("select commit from releases where status = 'live'")
                let drift = try await server.ssh("drift")
                seen = "branch \(commit), live \(live), page \(page), \(count) containers, drift \(drift)"
                return page == "\(wanted)\n200" && live == commit && count == 1 && drift.status == 0
            }
            #expect(try await server.leftovers(in: "shop") == [], "\(what)")
            #expect(try await server.sql("select count(*) from builds where finished_at is null") == "0", "\(what)")
            try await server.checkRepository(of: "shop")
        }

        private func nginx(of server: TestServer) throws -> [pid_t] {
            try family(of: "\(server.data)/nginx/nginx.pid")
        }

        private func postgres(of server: TestServer) throws -> [pid_t] {
            try family(of: "\(server.data)/postgres/cluster/postmaster.pid")
        }

        /// The process that the first line of a file names, and its children.
        private func family(of file: String) throws -> [pid_t] {
            let master = try #require(pid_t(String(contentsOfFile: file, encoding: .utf8).prefix { $0 != "\n" }))
            let children = try String(contentsOfFile: "/proc/\(master)/task/\(master)/children", encoding: .utf8)
            return [master] + children.split(separator: " ").compactMap { pid_t($0) }
        }
    }
}
