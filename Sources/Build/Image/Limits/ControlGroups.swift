import Foundation
import Glibc

/// The kernel's control groups (cgroups(7)), of version 1 or 2, as files.
struct ControlGroups: Sendable {
    enum Version: Sendable { case one, two }

    /// A file of a group and what is written to it.
    struct Setting: Sendable, Equatable {
        let controller: String
        let file: String
        let value: String
        /// What lifts the limit; nil for one that says nothing by itself.
        let unlimited: String?
        /// Whether kernels may lack the file.
        var isOptional = false
    }

    /// Where they are mounted, such as `/sys/fs/cgroup`.
    let root: String
    let version: Version

    /// Nil when none are mounted there with what limits need.
    init?(root: String) {
        self.root = root
        if access("\(root)/memory/memory.limit_in_bytes", F_OK) == 0 {
            version = .one
        } else if access("\(root)/cgroup.controllers", F_OK) == 0 {
            version = .two
        } else {
            return nil
        }
    }

    /// The folder of a group, given by its path such as `docker/buildkit`, for a controller such as `memory`.
    func folder(_ group: String, _ controller: String) -> String {
        version == .one ? "\(root)/\(controller)/\(group)" : "\(root)/\(group)"
    }

    /// The names of the groups below one.
    func children(of group: String) -> [String] {
        let folder = folder(group, "memory")
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes a group where it is missing, with its limits in force for what is below it.
    func make(_ group: String) {
        for controller in ["memory", "cpu", "pids"] {
            var path = ""
            for part in group.split(separator: "/") {
                if version == .two { enableControllers(below: path) }
                path += path.isEmpty ? "\(part)" : "/\(part)"
                mkdir(folder(path, controller), 0o755)
            }
        }
        if version == .two { enableControllers(below: group) }
    }

    private func enableControllers(below group: String) {
        for controller in ["+memory", "+cpu", "+pids"] {
            _ = Self.write(controller, to: "\(folder(group, ""))/cgroup.subtree_control")
        }
    }

    /// What is written to a group to hold it to `limits`, in the order in which a limit can be lowered.
    func settings(_ limits: BuildLimits, times: Int = 1) -> [Setting] {
        let memory = "\(limits.memoryBytes * times)"
        let quota = Int(limits.cpus * 100_000) * times
        let pids = Setting(controller: "pids", file: "pids.max", value: "\(limits.processes * times)", unlimited: "max")
        switch version {
        case .one:
            return [
                Setting(controller: "memory", file: "memory.limit_in_bytes", value: memory, unlimited: "-1"),
                // Memory and swap together; kernels without accounting of swap lack it.
                Setting(
                    controller: "memory", file: "memory.memsw.limit_in_bytes", value: memory, unlimited: "-1",
                    isOptional: true),
                Setting(controller: "cpu", file: "cpu.cfs_period_us", value: "100000", unlimited: nil),
                Setting(controller: "cpu", file: "cpu.cfs_quota_us", value: "\(quota)", unlimited: "-1"), pids,
            ]
        case .two:
            return [
                Setting(controller: "memory", file: "memory.max", value: memory, unlimited: "max"),
                Setting(controller: "memory", file: "memory.swap.max", value: "0", unlimited: "max", isOptional: true),
                Setting(controller: "cpu", file: "cpu.max", value: "\(quota) 100000", unlimited: "max 100000"), pids,
            ]
        }
    }

    /// Whether `settings` hold for a group.
    func areInForce(_ settings: [Setting], on group: String) -> Bool {
        settings.allSatisfy {
            let found = Self.read("\(folder(group, $0.controller))/\($0.file)")
            return found == $0.value || ($0.isOptional && found == nil)
        }
    }

    /// Takes the limits of `settings` from a group, last one first, as limits must be raised.
    func lift(_ settings: [Setting], from group: String) {
        for setting in settings.reversed() {
            guard let value = setting.unlimited else { continue }
            _ = Self.write(value, to: "\(folder(group, setting.controller))/\(setting.file)")
        }
    }

    /// Writes a setting.
    ///
    /// - Returns: 0, or the error code.
    func apply(_ setting: Setting, to group: String) -> CInt {
        Self.write(setting.value, to: "\(folder(group, setting.controller))/\(setting.file)")
    }

    /// How often the kernel killed a process of the group because its memory ran out.
    func kills(_ group: String) -> Int {
        let file = version == .one ? "memory.oom_control" : "memory.events"
        return Self.count("oom_kill", in: "\(folder(group, "memory"))/\(file)")
    }

    /// How often the group could not start a process because it had too many.
    func refusedProcesses(_ group: String) -> Int {
        Self.count("max", in: "\(folder(group, "pids"))/pids.events")
    }

    /// Ends the group's processes at once.
    func kill(_ group: String) {
        let processes = Self.read("\(folder(group, "memory"))/cgroup.procs") ?? ""
        for line in processes.split(separator: "\n") {
            if let process = pid_t(line), process > 1 { Glibc.kill(process, SIGKILL) }
        }
    }

    /// The number after `name` in a file of `NAME NUMBER` lines; 0 when it is not there.
    private static func count(_ name: String, in path: String) -> Int {
        for line in (read(path) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == name { return Int(words[1]) ?? 0 }
        }
        return 0
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func write(_ text: String, to path: String) -> CInt {
        let descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        return Glibc.write(descriptor, bytes, bytes.count) == bytes.count ? 0 : errno
    }
}
