import Foundation
import Glibc

/// The machine itself.
enum MachineChecks {
    static let all = [
        DoctorCheck("limits of builds") { limits(root: "/sys/fs/cgroup", isRoot: geteuid() == 0) },
        DoctorCheck("clock") { try await clock() },
    ]

    /// Whether control groups can be made under `root`, version 1 or 2 (`cgroups(7)`).
    static func limits(root: String, isRoot: Bool) -> Finding {
        guard isRoot else {
            return .warning("not root: a build cannot be kept within memory, CPU and processes", "run martlet as root")
        }
        let needed = ["cpu", "memory", "pids"]
        if let text = try? String(contentsOfFile: "\(root)/cgroup.controllers", encoding: .utf8) {
            let missing = Set(needed).subtracting(text.split(whereSeparator: \.isWhitespace).map(String.init)).sorted()
            guard missing.isEmpty else { return unlimited("without \(missing.joined(separator: ", "))") }
            return access(root, W_OK) == 0 ? .ok("cgroup v2") : unlimited("read-only")
        }
        let missing = needed.filter { access("\(root)/\($0)", W_OK) != 0 }
        return missing.isEmpty ? .ok("cgroup v1") : unlimited("without \(missing.joined(separator: ", "))")
    }

    private static func unlimited(_ why: String) -> Finding {
        .problem(
            "control groups are \(why): a build cannot be kept within memory, CPU and processes",
            "mount /sys/fs/cgroup for writing, with the controllers cpu, memory and pids")
    }

    private static func clock() async throws -> Finding {
        let now = Date()
        // Before this program was written: certificates would seem not to be valid yet.
        guard now.timeIntervalSince1970 > 1_735_689_600 else {
            return .problem("it says \(now.ISO8601Format())", "set the clock: 'timedatectl set-ntp true'")
        }
        guard let program = Program("timedatectl"),
            case let answer = try await program.run(["show", "--property=NTPSynchronized", "--value"]), answer.isSuccess
        else { return .ok("\(now.ISO8601Format()); nothing here tells whether it is synchronized") }
        return answer.output == "yes"
            ? .ok("\(now.ISO8601Format()), synchronized")
            : .warning("\(now.ISO8601Format()), not synchronized", "'timedatectl set-ntp true', or another NTP client")
    }
}
