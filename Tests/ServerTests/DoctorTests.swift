import Commands
import Foundation
import Glibc
import Logging
import Postgres
import TestKit
import Testing

@testable import Server

@Suite struct DoctorTests {
    @Test func `a check that fails or hangs is a problem, and holds up nobody`() async {
        let failing = DoctorCheck("a") { throw CancellationError() }
        #expect(await failing.run() == Diagnosis("a", .problem, "CancellationError()"))
        let hanging = DoctorCheck("b", limit: .milliseconds(20)) {
            while true { try? await Task.sleep(for: .seconds(60)) }
        }
        #expect(await hanging.run() == Diagnosis("b", .problem, "no answer within 0 s"))
        let fine = DoctorCheck("c") { .warning("old", "renew it") }
        #expect(await fine.run() == Diagnosis("c", .warning, "old", advice: "renew it"))
    }

    @Test func `of versions only Debian 12's are judged`() {
        #expect(PackageChecks.isDebian12("ID=debian\nVERSION_ID=\"12\"\n"))
        #expect(!PackageChecks.isDebian12("ID=debian\nVERSION_ID=\"13\"\n"))
        #expect(!PackageChecks.isDebian12("ID=ubuntu\nVERSION_ID=\"12\"\nID_LIKE=debian\n"))
        #expect(!PackageChecks.isDebian12(""))
    }

    @Test func `control groups of either version are known`() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let root = scratch.path
        #expect(MachineChecks.limits(root: root, isRoot: false).state == .warning)
        #expect(MachineChecks.limits(root: root, isRoot: true).text.contains("without cpu, memory, pids"))
        for name in ["cpu", "memory", "pids"] { mkdir("\(root)/\(name)", 0o755) }
        #expect(MachineChecks.limits(root: root, isRoot: true) == .ok("cgroup v1"))
        try "cpuset cpu io pids\n".write(toFile: "\(root)/cgroup.controllers", atomically: false, encoding: .utf8)
        #expect(MachineChecks.limits(root: root, isRoot: true).text.contains("without memory"))
        try "cpu io memory pids\n".write(toFile: "\(root)/cgroup.controllers", atomically: false, encoding: .utf8)
        #expect(MachineChecks.limits(root: root, isRoot: true) == .ok("cgroup v2"))
    }

    @Test func `little room on the disk is a warning, too little a problem`() {
        let judge = { FolderChecks.judge("/x", freeBytes: $0, freeFiles: $1, files: 1_000).state }
        #expect(judge(100 << 30, 500) == .ok)
        #expect(judge(2 << 30, 500) == .warning)
        #expect(judge(100 << 30, 10) == .warning)
        #expect(judge(100 << 20, 500) == .problem)
    }

    @Test func `a key that others may read is named`() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let folder = try DataFolder("\(scratch.path)/data")
        let checks = FolderChecks(folder: folder)
        #expect(try checks.keys(in: "\(scratch.path)/none").state == .ok)
        for (name, mode) in [("secrets", 0o600), ("host.pub", 0o644)] as [(String, mode_t)] {
            #expect(FileManager.default.createFile(atPath: "\(folder.keys)/\(name)", contents: Data()))
            chmod("\(folder.keys)/\(name)", mode)
        }
        #expect(try checks.keys(in: folder.keys).state == .ok)
        chmod("\(folder.keys)/secrets", 0o640)
        #expect(try checks.keys(in: folder.keys).text == "others may read '\(folder.keys)/secrets'")
    }

    @Test func `an old server, another clock and a newer schema are noticed`() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let doctor = try doctor(scratch)
        let checks = DatabaseChecks(
            configuration: doctor.configuration, folder: doctor.folder, database: doctor.database)
        #expect(checks.judge(version: "12.3", number: 120_003, clockAhead: 0).state == .problem)
        #expect(checks.judge(version: "15.1", number: 150_001, clockAhead: -1) == .ok("PostgreSQL 15.1, private"))
        #expect(checks.judge(version: "15.1", number: 150_001, clockAhead: -90.4).text.contains("differs by -90 s"))
        #expect(DatabaseChecks.judge(schema: 3, known: 3) == .ok("3"))
        #expect(DatabaseChecks.judge(schema: 2, known: 3).state == .warning)
        #expect(DatabaseChecks.judge(schema: 4, known: 3).state == .problem)
    }

    @Test func `where nothing is there is, each check says so and makes nothing`() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let doctor = try doctor(scratch)
        let found = await doctor.diagnose()
        #expect(found.map(\.name) == doctor.checks.map(\.name))
        #expect(Set(found.map(\.name)).count == found.count)
        let states = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.state) })
        #expect(states["database"] == .problem && states["docker engine"] == .problem)
        #expect(states["daemon"] == .warning && states["config secrets"] == .warning)
        #expect(found.allSatisfy { !$0.text.isEmpty && !$0.text.contains("\n") }, "\(found)")
        #expect(!FileManager.default.fileExists(atPath: doctor.folder.path))
        await doctor.database.close()
    }

    @Test func `a port is asked where it listens`() async throws {
        let port = try Scratch.freePort()
        #expect(try await !ServingChecks.isListening("127.0.0.1", port))
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(bound == 0 && listen(descriptor, 1) == 0)
        #expect(try await ServingChecks.isListening("0.0.0.0", port))
    }

    /// A doctor of an installation of which nothing exists.
    private func doctor(_ scratch: Scratch) throws -> Doctor {
        let path = "\(scratch.path)/nothing"
        let configuration = try Configuration(environment: [
            "MARTLET_CONFIG": "/dev/null", "MARTLET_DATA": path, "MARTLET_DOCKER_SOCKET": "\(path)/docker.sock",
            "MARTLET_SSH_PORT": "\(try Scratch.freePort())", "MARTLET_HTTP_PORT": "\(try Scratch.freePort())",
        ])
        let folder = DataFolder(found: path)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let database = DatabasePool(url: Database.address(configuration, folder), logger: logger)
        return Doctor(configuration: configuration, folder: folder, database: database)
    }
}
