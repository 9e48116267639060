import Foundation
import Glibc
import Synchronization
import Threads

/// Holds BuildKit's steps to limits, which BuildKit itself takes none of: by the control groups that the steps run in.
///
/// All steps are below one group, which is held to what all builds together may use, and each step has a group of its
/// own, which is held to what one build may use as soon as it appears. Nothing is limited while no build runs.
package final class BuildKitLimits: Sendable {
    /// The part of a build in the limits: they are in force as long as a build has one.
    package final class Lease: Sendable {
        private let owner: BuildKitLimits
        private let isEnded = Atomic(false)

        fileprivate init(_ owner: BuildKitLimits) { self.owner = owner }

        /// Says that the build has ended.
        package func end() {
            if !isEnded.exchange(true, ordering: .relaxed) { owner.state.withLock { $0.leases -= 1 } }
        }

        /// What the step that failed wanted in excess; nil when it kept within its limits.
        func excess(of failure: StepFailure) -> LimitExcess? { owner.excess(of: failure) }
    }

    private struct State {
        var leases = 0
        var isWatching = false
        /// What ran since the first of the builds that run now, and what it wanted in excess.
        var programs: [String: LimitExcess.Resource?] = [:]
    }

    private let limits: BuildLimits
    private let slots: Int
    private let root: String
    private let dockerRoot: String
    private let isOurs: @Sendable (String?) -> Bool
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limits: what one build may use.
    ///   - slots: how many builds may run at once on this machine.
    ///   - dockerRoot: the folder of the Docker daemon's data.
    package convenience init(limits: BuildLimits, slots: Int, dockerRoot: String) {
        self.init(limits: limits, slots: slots, dockerRoot: dockerRoot, root: "/sys/fs/cgroup") { _ in true }
    }

    /// - Parameter isOurs: whether a step with that program is limited.
    init(
        limits: BuildLimits, slots: Int, dockerRoot: String, root: String,
        isOurs: @escaping @Sendable (String?) -> Bool
    ) {
        self.limits = limits
        self.slots = max(1, slots)
        self.root = root
        self.dockerRoot = dockerRoot
        self.isOurs = isOurs
    }

    /// Puts the limits in force for a build that begins. One line of the log says so when that cannot be done.
    package func begin(log: any BuildOutput) async -> Lease? {
        let reason = state.withLock { state -> String? in
            if !state.isWatching {
                guard let groups = ControlGroups(root: root) else { return "no control groups in '\(root)'" }
                if let reason = startWatching(groups) { return reason }
                state.isWatching = true
                state.programs = [:]
            }
            state.leases += 1
            return nil
        }
        guard let reason else { return Lease(self) }
        await log.detail("limits of memory, processors and processes are not enforced: \(reason)")
        return nil
    }

    private func excess(of failure: StepFailure) -> LimitExcess? {
        guard let program = failure.program else { return nil }
        let found = state.withLock { $0.programs[program] }
        guard let seen = found else { return nil }
        // A step that is killed may be gone before it is looked at again; nothing else kills one.
        guard let resource = seen ?? (failure.exitCode == 137 ? .memory : nil) else { return nil }
        return LimitExcess(resource: resource, limits: limits)
    }

    /// - Returns: why it cannot be; nil when it is done.
    private func startWatching(_ groups: ControlGroups) -> String? {
        let parents = Self.parents(groups)
        for parent in parents {
            // Limits of memory cannot pass each other: one that was left behind would be in the way of a higher one.
            groups.lift(groups.settings(limits), from: parent)
            for setting in groups.settings(limits, times: slots) {
                let code = groups.apply(setting, to: parent)
                guard code == 0 || code == EBUSY || setting.isOptional else {
                    return
                        "'\(groups.folder(parent, setting.controller))': \(String(cString: strerror(code)).lowercased())"
                }
            }
        }
        startThread { [self] in watch(groups, parents) }
        return nil
    }

    /// The groups in which BuildKit makes those of its steps: `docker/buildkit`, or what it is where the daemon is told
    /// to use another group or systemd's.
    private static func parents(_ groups: ControlGroups) -> [String] {
        let tops = groups.children(of: "")
        let found = tops.flatMap { top in
            groups.children(of: top).flatMap { below in
                below == "buildkit"
                    ? ["\(top)/buildkit"]
                    : groups.children(of: "\(top)/\(below)").filter { $0 == "buildkit" }.map { "\(top)/\(below)/\($0)" }
            }
        }
        guard found.isEmpty else { return found }
        groups.make("docker/buildkit")
        return ["docker/buildkit"]
    }

    /// Watches until no build runs, then undoes what was set on the groups that stay.
    private func watch(_ groups: ControlGroups, _ parents: [String]) {
        // Before a step that starts programs as fast as it can, where that is allowed.
        setpriority(CInt(PRIO_PROCESS.rawValue), 0, -10)
        defer { setpriority(CInt(PRIO_PROCESS.rawValue), 0, 0) }
        let notices = inotify_init1(CInt(IN_CLOEXEC) | CInt(IN_NONBLOCK))
        defer { close(notices) }
        for parent in parents { inotify_add_watch(notices, groups.folder(parent, "memory"), UInt32(IN_CREATE)) }
        var steps = StepGroups(
            groups, parents: parents, limits: limits, dockerRoot: dockerRoot, isOurs: isOurs)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !stopIfIdle(groups, parents) {
            steps.look(note)
            var descriptor = pollfd(fd: notices, events: Int16(POLLIN), revents: 0)
            if poll(&descriptor, 1, steps.patience) > 0 { _ = read(notices, &buffer, buffer.count) }
        }
    }

    private func note(_ program: String, _ resource: LimitExcess.Resource?) {
        state.withLock { $0.programs[program] = .some(resource ?? $0.programs[program] ?? nil) }
    }

    private func stopIfIdle(_ groups: ControlGroups, _ parents: [String]) -> Bool {
        state.withLock { state in
            guard state.leases == 0 else { return false }
            // Other processes may hold builds to limits here too: their steps stay held to them, one by one.
            for parent in parents where groups.areInForce(groups.settings(limits, times: slots), on: parent) {
                groups.lift(groups.settings(limits), from: parent)
            }
            state.isWatching = false
            return true
        }
    }
}
