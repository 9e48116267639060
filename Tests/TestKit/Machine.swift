import Foundation
import Glibc

/// A machine within the machine: a network namespace with a Docker engine of its own, which a test may kill.
package final class Machine: Sendable {
    private let scratch: Scratch
    private let name = "mt\(UInt32.random(in: .min ... .max))"
    private let engine = Engine()

    private actor Engine {
        var process: RunningCommand?
        func set(_ process: RunningCommand) { self.process = process }
    }

    /// Runs `body` with a machine that has the image `martlet/busybox`, and removes all of it afterwards.
    package static func with(_ body: (Machine) async throws -> Void) async throws {
        let machine = try Machine()
        do {
            try await machine.make()
            try await body(machine)
        } catch {
            await machine.remove()
            throw error
        }
        await machine.remove()
    }

    private init() throws { scratch = try Scratch() }

    /// What goes before a command that is to run on it.
    package var prefix: [String] { ["nsenter", "--net=/run/netns/\(name)"] }

    package var dockerSocket: String { "\(scratch.path)/docker.sock" }

    /// Starts the engine, as a boot of the machine would, and waits until it answers.
    package func startDocker() async throws {
        // They make another one wait in vain for what was killed.
        for file in ["docker.pid", "exec/containerd/containerd.pid"] { unlink("\(scratch.path)/\(file)") }
        let log = "\(scratch.path)/docker.log"
        // What it starts lives on, and would hold a pipe open.
        let process = try Command(
            prefix + [
                "sh", "-c", "exec dockerd \"$@\" >> '\(log)' 2>&1", "dockerd", "--data-root", "\(scratch.path)/data",
                "--exec-root", "\(scratch.path)/exec", "--host", "unix://\(dockerSocket)", "--pidfile",
                "\(scratch.path)/docker.pid", "--bip", "10.79.7.1/24",
            ], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        ).start()
        await engine.set(process)
        let words = { (try? String(contentsOfFile: log, encoding: .utf8))?.suffix(2000) ?? "" }
        try await eventually(within: .seconds(60), "Docker answers; it said:\n\(words())") {
            let answer = try await Command([
                "curl", "--silent", "--max-time", "1", "--unix-socket", dockerSocket, "http://docker/_ping",
            ]).run()
            return answer.output == "OK"
        }
    }

    /// Ends the engine at once. Its containers go on.
    package func killDocker() async throws {
        await engine.process?.signal(SIGKILL)
        _ = try await engine.process?.result()
    }

    private func make() async throws {
        for words in [["ip", "netns", "add", name], ["ip", "-n", name, "link", "set", "lo", "up"]] {
            let result = try await Command(words).run()
            guard result.status == 0 else { throw Unmet("\(words.joined(separator: " ")): \(result)") }
        }
        try await startDocker()
        let script = URL(filePath: TestServer.apps).appending(path: "../../etc/base-image").standardized.path
        let image = try await Command([script], environment: ["DOCKER_HOST": "unix://\(dockerSocket)"]).run()
        guard image.status == 0 else { throw Unmet("base-image: \(image)") }
    }

    private func remove() async {
        await engine.process?.signal(SIGTERM)
        _ = try? await engine.process?.result()
        for id in processes() { kill(id, SIGKILL) }
        // What an engine that was killed had mounted.
        let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8))?.split(separator: "\n") ?? []
        for mount in mounts.reversed() where mount.contains(" \(scratch.path)/") {
            _ = try? await Command(["umount", "--lazy", String(mount.split(separator: " ")[1])]).run()
        }
        _ = try? await Command(["ip", "netns", "del", name]).run()
        scratch.remove()
    }

    /// What is left of the engine's own processes, such as those that hold containers.
    package func processes() -> [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) } ?? []
        return all.filter { id in
            let words = try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8)
            return words?.contains("\(scratch.path)/exec") == true
        }
    }
}
