import Glibc

/// The control groups of BuildKit's steps that run now: holds each to its limits and notices what hits them.
struct StepGroups {
    private struct Group {
        var pending: [ControlGroups.Setting]
        let program: String?
    }

    private let groups: ControlGroups
    private let parents: [String]
    private let limits: BuildLimits
    private let dockerRoot: String
    private let isOurs: @Sendable (String?) -> Bool
    private var running: [String: Group] = [:]
    private var foreign: Set<String> = []

    init(
        _ groups: ControlGroups, parents: [String], limits: BuildLimits, dockerRoot: String,
        isOurs: @escaping @Sendable (String?) -> Bool
    ) {
        self.groups = groups
        self.parents = parents
        self.limits = limits
        self.dockerRoot = dockerRoot
        self.isOurs = isOurs
    }

    /// Milliseconds until the next look: soon while a step is not limited yet, or may hit its limits.
    var patience: CInt {
        if running.values.contains(where: { !$0.pending.isEmpty }) { return 2 }
        return running.isEmpty ? 250 : 5
    }

    /// Limits the steps that are new, and looks at all.
    ///
    /// - Parameter note: is told of each step that runs, and of what it wanted in excess.
    mutating func look(_ note: (_ program: String, LimitExcess.Resource?) -> Void) {
        let found = Set(parents.flatMap { parent in groups.children(of: parent).map { "\(parent)/\($0)" } })
        running = running.filter { found.contains($0.key) }
        foreign.formIntersection(found)
        for path in found where running[path] == nil && !foreign.contains(path) { add(path) }
        for (path, group) in running {
            limit(path, group, note)
            guard let program = group.program else { continue }
            note(program, excess(of: path))
        }
    }

    private mutating func add(_ path: String) {
        let name = String(path.split(separator: "/").last ?? "")
        let program = StepProgram.text(of: name, dockerRoot: dockerRoot)
        if isOurs(program) {
            running[path] = Group(pending: groups.settings(limits), program: program)
        } else {
            foreign.insert(path)
        }
    }

    /// A controller's folder may come later than the others', and memory that is in use already cannot be taken back.
    private mutating func limit(_ path: String, _ group: Group, _ note: (String, LimitExcess.Resource?) -> Void) {
        guard !group.pending.isEmpty else { return }
        running[path]?.pending = group.pending.filter { setting in
            let code = groups.apply(setting, to: path)
            if code == EBUSY, setting.controller == "memory" {
                groups.kill(path)
                if let program = group.program { note(program, .memory) }
            }
            return code != 0 && !setting.isOptional
        }
    }

    private func excess(of path: String) -> LimitExcess.Resource? {
        if groups.kills(path) > 0 { return .memory }
        return groups.refusedProcesses(path) > 0 ? .processes : nil
    }
}
