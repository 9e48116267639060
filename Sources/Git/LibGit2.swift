import CLibGit2

/// The one-time start of libgit2 and its process-wide options.
enum LibGit2 {
    /// Starts libgit2 unless it runs already.
    static func start() throws(GitError) {
        if let failure = startFailure { throw failure }
    }

    private static let startFailure: GitError? = {
        do throws(GitError) {
            try check(git_libgit2_init(), "start libgit2")
            try setOptions()
            return nil
        } catch {
            return error
        }
    }()

    private static func setOptions() throws(GitError) {
        // Nobody's personal or system configuration may change what a server does.
        for level in [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
            GIT_CONFIG_LEVEL_GLOBAL,
        ] {
            try check(martlet_git_set_search_path(level.rawValue, ""), "set libgit2's search path")
        }
        try set(GIT_OPT_ENABLE_FSYNC_GITDIR, true)
        try set(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, true)
        // Objects are hashed, with collision detection, when they are received; hashing them again at each
        // read doubles the time of a connectivity check.
        try set(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, false)
        try set(GIT_OPT_SET_MWINDOW_FILE_LIMIT, 256)
        try check(martlet_git_set_cache_size(64 << 20), "set libgit2's cache size")
    }

    private static func set(_ option: git_libgit2_opt_t, _ enabled: Bool) throws(GitError) {
        try check(martlet_git_set_flag(Int32(option.rawValue), enabled ? 1 : 0), "set libgit2's options")
    }

    private static func set(_ option: git_libgit2_opt_t, _ size: Int) throws(GitError) {
        try check(martlet_git_set_size(Int32(option.rawValue), size), "set libgit2's options")
    }
}

/// Throws libgit2's own words when `code`, the result of a libgit2 call made just before on this thread,
/// reports a failure.
func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(GitError) {
    guard code < 0 else { return }
    let reason = git_error_last().map { String(cString: $0.pointee.message) } ?? "libgit2 error \(code)"
    throw GitError(operation: operation(), reason: reason, code: code)
}
