import Docker

/// How the program of a container ended.
enum ContainerEnd {
    /// Such as `exited with 1`.
    ///
    /// - Parameter moment: such as `while it started`; nil for none.
    static func words(_ state: ContainerState, _ moment: String? = nil) -> String {
        let moment = moment.map { " \($0)" } ?? ""
        if state.oomKilled { return "ran out of memory\(moment)\(limit(state).map { " (\($0))" } ?? "")" }
        let meaning =
            switch state.exitCode {
            case 126: " (its command may not be executed)"
            case 127: " (no such command)"
            // Docker does not notice each end of memory, and this is how that looks then.
            case 137: " (killed, as for want of memory\(limit(state).map { "; \($0)" } ?? ""))"
            case 139: " (segmentation fault)"
            default: ""
            }
        return "exited with \(state.exitCode)\(meaning)\(moment)"
    }

    private static func limit(_ state: ContainerState) -> String? {
        state.memoryBytes.map { "it may use \($0 >> 20) MiB; 'limits set' changes that" }
    }
}
