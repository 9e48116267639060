import Foundation
import Glibc

/// A process of a container, as the machine numbers it. What is asked of it fails quietly where this program may not
/// look, or does not run on Docker's machine.
struct HostProcess: Sendable {
    let id: Int32
    /// The ID of its container.
    let container: String

    /// Where programs in its network listen by TCP; empty when that cannot be seen.
    func listeners() -> [Listener] {
        guard isOurs else { return [] }
        return ["tcp", "tcp6"].flatMap { Listener.parse(read("net/\($0)") ?? "") }
    }

    /// Ends it and the programs that it started.
    func killGroup() {
        // Whatever runs in a container leads a session, hence a group, of its own.
        if isOurs { kill(-id, SIGKILL) }
    }

    /// The number may be another machine's, or another process's by now.
    private var isOurs: Bool { read("cgroup")?.contains(container) == true }

    private func read(_ name: String) -> String? { try? String(contentsOfFile: "/proc/\(id)/\(name)", encoding: .utf8) }
}
