import Docker

/// How the program of a container ended.
enum ContainerEnd {
    /// Such as `exited with 1`.
    static func words(_ state: ContainerState) -> String {
        if state.oomKilled { return "ran out of memory\(limit(state))" }
        let meaning =
            switch state.exitCode {
            case 126: " (its command may not be executed)"
            case 127: " (no such command)"
            // Docker does not notice each end of memory, and this is how that looks then.
            case 137: " (killed, as for want of memory\(limit(state)))"
            case 139: " (segmentation fault)"
            default: ""
            }
        return "exited with \(state.exitCode)\(meaning)"
    }

    private static func limit(_ state: ContainerState) -> String {
        state.memoryBytes.map { ": it may use \($0 >> 20) MiB" } ?? ""
    }
}
