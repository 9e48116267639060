import CLibGit2

/// Writes a pack and its index into a folder, through libgit2: resolves deltas and hashes every object, with
/// collision detection.
///
/// It knows neither where a pack ends nor what is reasonable: `PackScanner` goes before it.
final class PackIndexer {
    private let handle: OpaquePointer
    private let budget: Unmanaged<WorkBudget>
    private var progress = git_indexer_progress()

    /// Starts a pack in `folder`. Bases of deltas that are not in the pack are taken from `bases`.
    init(folder: String, bases: ObjectDatabase, budget: WorkBudget) throws(GitError) {
        self.budget = Unmanaged.passRetained(budget)
        var options = git_indexer_options()
        var raw: OpaquePointer?
        var code = git_indexer_options_init(&options, UInt32(GIT_INDEXER_OPTIONS_VERSION))
        options.progress_cb = { _, payload in
            Unmanaged<WorkBudget>.fromOpaque(payload!).takeUnretainedValue().exhaustion == nil ? 0 : -1
        }
        options.progress_cb_payload = self.budget.toOpaque()
        if code == 0 { code = git_indexer_new(&raw, folder, 0o444, bases.handle, &options) }
        guard let raw else {
            self.budget.release()
            try check(code, "write pack")
            throw GitError(operation: "write pack", reason: "libgit2 error \(code)", code: code)
        }
        handle = raw
    }

    deinit {
        git_indexer_free(handle)
        budget.release()
    }

    /// Adds the next bytes of the pack; each call costs a remapping, so not too few at a time.
    func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        try checkUnlessExhausted(git_indexer_append(handle, bytes.baseAddress, bytes.count, &progress))
    }

    /// Ends the pack and writes its index; returns the name both have, without "pack-" and extension.
    func commit() throws(GitError) -> String {
        try checkUnlessExhausted(git_indexer_commit(handle, &progress))
        return String(cString: git_indexer_name(handle))
    }

    private func checkUnlessExhausted(_ code: Int32) throws(GitError) {
        if code < 0 { try budget.takeUnretainedValue().check("index pack") }
        try check(code, "index pack")
    }
}
