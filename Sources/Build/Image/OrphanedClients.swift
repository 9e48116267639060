package import Foundation
import Glibc
import Platform

/// Docker clients whose server or worker died in the middle of a build: they would build on, for nobody.
package enum OrphanedClients {
    /// Ends those of an installation, and with them what BuildKit runs for them. Clients whose parent runs the same
    /// program as this process are left alone: they belong to another worker.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package static func end(installation: UUID) -> Int {
        let label = "martlet.installation=\(installation.text)"
        let found = processes().filter { isClient($0, label) && !isOurs(parent(of: $0)) }
        for process in found { kill(process, SIGKILL) }
        return found.count
    }

    private static func processes() -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { $0 > 1 && $0 != getpid() }
    }

    /// Whether a process is a docker client that was told to label an image so.
    private static func isClient(_ process: pid_t, _ label: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return false }
        let words = data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard let program = words.first, program == "docker" || program.hasSuffix("/docker") else { return false }
        return zip(words, words.dropFirst()).contains { $0 == "--label" && $1 == label }
    }

    /// The fourth field of `/proc/PID/stat` (proc(5)); the second one may hold anything, in parentheses.
    private static func parent(of process: pid_t) -> pid_t? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[end...].split(separator: " ")
        return fields.count > 2 ? pid_t(fields[2]) : nil
    }

    private static func isOurs(_ process: pid_t?) -> Bool {
        guard let process, let program = program(of: "\(process)") else { return false }
        return program == self.program(of: "self")
    }

    /// The path of a process's program, also when another one is there now.
    private static func program(of process: String) -> String? {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")
        let deleted = " (deleted)"
        return path.map { $0.hasSuffix(deleted) ? String($0.dropLast(deleted.count)) : $0 }
    }
}
