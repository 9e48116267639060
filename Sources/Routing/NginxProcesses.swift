import FoundationEssentials
import Glibc

/// The processes of the nginx in a folder, told from any other nginx on the machine.
struct NginxProcesses: Sendable {
    let folder: NginxFolder

    /// The one that leads and was started with our configuration; nil when none runs.
    var master: pid_t? {
        guard let text = Self.contents("\(folder.pidFile)"),
            let pid = pid_t(text.prefix(while: \.isNumber)),
            let title = Self.title(pid), title.hasPrefix("nginx: master process"), title.contains(folder.configuration)
        else { return nil }
        return pid
    }

    /// Those of `master` that take requests.
    func workers(of master: pid_t) -> [pid_t] { Self.all.filter { Self.parent($0) == master && takesRequests($0) } }

    /// Whether a worker takes requests: one that has been replaced says so in its title, a dead one has none.
    func takesRequests(_ worker: pid_t) -> Bool {
        guard let title = Self.title(worker) else { return false }
        return title.hasPrefix("nginx: worker process") && !title.contains("shutting down")
    }

    /// Those of `master` that have been replaced and finish what they hold, oldest first.
    func retired(of master: pid_t) -> [pid_t] {
        Self.all.filter { Self.parent($0) == master && Self.title($0)?.contains("shutting down") == true }
            .sorted { Self.start($0) < Self.start($1) }
    }

    /// Workers that hold our log open, whoever leads them: what is left of a master that was killed.
    func strays() -> [pid_t] {
        Self.all.filter { pid in
            guard let title = Self.title(pid), title.hasPrefix("nginx: ") else { return false }
            let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
            return descriptors.contains { Self.target("/proc/\(pid)/fd/\($0)")?.hasPrefix(folder.errorLog) == true }
        }
    }

    private static var all: [pid_t] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
    }

    /// What `ps` shows; nil for a process that is gone, or dead and not yet waited for.
    private static func title(_ pid: pid_t) -> String? {
        guard let text = contents("/proc/\(pid)/cmdline"), !text.isEmpty else { return nil }
        return String(text.map { $0 == "\0" ? " " : $0 })
    }

    private static func parent(_ pid: pid_t) -> pid_t? { field(4, pid).flatMap { pid_t($0) } }

    /// In clock ticks since the machine was started; 0 for one that is gone.
    private static func start(_ pid: pid_t) -> UInt64 { field(22, pid).flatMap { UInt64($0) } ?? 0 }

    /// A field of `proc(5)`'s stat by its number there, counted from behind the name, which may hold anything.
    private static func field(_ number: Int, _ pid: pid_t) -> Substring? {
        guard let text = contents("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > number - 3 ? fields[number - 3] : nil
    }

    private static func target(_ link: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: link)
    }

    private static func contents(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
