/// That a step wanted more than it may have.
struct LimitExcess: Sendable, Equatable {
    enum Resource: Sendable { case memory, processes }

    let resource: Resource
    let limits: BuildLimits

    var description: String {
        switch resource {
        case .memory: "it used more memory than its \(limits.memoryBytes >> 20) MiB"
        case .processes: "it wanted more processes than its \(limits.processes)"
        }
    }

    var hint: String {
        switch resource {
        case .memory: "do less at once, such as 'make -j1', or ask an admin for more memory"
        case .processes: "start fewer at once: a program that starts itself again and again never ends"
        }
    }
}
