extension Build {
    /// What it is called: `build 7`, or `run 7` where nothing is built.
    package var name: String { "\(kind == .build ? "build" : "run") \(number)" }

    /// What it does, such as `rollback to v3` or `commit 1a2b3c4`.
    package var what: String {
        intent?.summary ?? (kind == .deploy ? intent?.action.rawValue : nil) ?? "commit \(commit.prefix(7))"
    }
}
