import Git
import GitWire
import Platform

/// The references of an app's repository as a run needs them.
struct RunReferences: Sendable {
    let repository: String

    /// Keeps a build's commit reachable while no visible reference names it.
    ///
    /// - Throws: `RunFailure` when it is gone: a retry may ask for one that no reference has named for long.
    func keep(_ commit: ObjectID, as build: Platform.Build) async throws {
        guard try await Repository.withRepository(at: repository, { try $0.kind(of: commit) }) == .commit else {
            throw RunFailure(
                .failed, "no such commit", "commit \(commit.short) is no longer in the repository; push it again")
        }
        try await set(Self.hidden("builds/\(build.number)"), to: commit)
    }

    /// Lets go of a build's commit.
    func forget(_ build: Platform.Build) async throws {
        try await set(Self.hidden("builds/\(build.number)"), to: .zero)
    }

    /// Lets go of the commits of all builds. Nothing may run yet.
    func forgetBuilds() async throws {
        let names = try await Repository.withRepository(at: repository) { repository in
            try repository.references().map(\.name).filter { $0.text.utf8.starts(with: "refs/martlet/builds/".utf8) }
        }
        for name in names { try await set(name, to: .zero) }
    }

    /// The updates as they are to be applied now; those that were applied already stay as they are.
    ///
    /// While a push waited, the push before it may have moved a branch. Where the new commit builds on that, nothing is lost
    /// by going on from there; otherwise the push is as stale as any other.
    ///
    /// - Throws: `RunFailure` when one is stale.
    func current(_ updates: [ReferenceUpdate]) async throws -> [ReferenceUpdate] {
        try await Repository.withRepository(at: repository) { repository in
            try updates.map { update in
                let now = try repository.target(of: update.name) ?? .zero
                guard now != update.old else { return update }
                if now == update.new { return ReferenceUpdate(name: update.name, old: now, new: now) }
                guard !now.isZero, !update.new.isZero, try repository.isAncestor(now, of: update.new) else {
                    throw RunFailure(
                        .failed, "incorrect old value provided",
                        "'\(update.name)' was moved meanwhile, to \(now.isZero ? "nothing" : now.short); fetch, merge and push again"
                    )
                }
                return ReferenceUpdate(name: update.name, old: now, new: update.new)
            }
        }
    }

    /// What moves a branch to a commit, from whatever it is now.
    func update(of branch: ReferenceName, to commit: ObjectID) async throws -> ReferenceUpdate {
        let now = try await Repository.withRepository(at: repository) { try $0.target(of: branch) }
        return ReferenceUpdate(name: branch, old: now ?? .zero, new: commit)
    }

    /// Moves the references that become visible with a release, all or none, and keeps its commit for later.
    ///
    /// - Throws: `RunFailure` when one of them cannot move.
    func apply(_ updates: [ReferenceUpdate], for release: Release) async throws {
        guard let commit = ObjectID(release.commit) else { return }
        try await set(Self.hidden("releases/v\(release.number)"), to: commit)
        try await apply(updates, on: ReferenceName.branch(release.branch))
    }

    /// Moves references, all or none, and has HEAD name `branch` if it is one.
    ///
    /// - Throws: `RunFailure` when one of them cannot move.
    func apply(_ updates: [ReferenceUpdate], on branch: ReferenceName? = nil) async throws {
        let results = try await Repository.withRepository(at: repository) { repository in
            // HEAD first: it may name a branch that is not there yet, but a branch that moved cannot be taken back.
            if let branch { try repository.setHead(to: branch) }
            return ReferenceTransaction.apply(updates, atomic: true, at: repository.path)
        }
        for (update, result) in zip(updates, results) {
            if case .failed(let reason) = result {
                throw RunFailure(.failed, reason, "cannot move '\(update.name)': \(reason); fetch and push again")
            }
        }
    }

    /// Sets a hidden reference, which nobody else does, or removes it.
    private func set(_ name: ReferenceName, to commit: ObjectID) async throws {
        let result = try await Repository.withRepository(at: repository) { repository in
            let now = try repository.target(of: name) ?? .zero
            let update = ReferenceUpdate(name: name, old: now, new: commit)
            return now == commit ? .ok : ReferenceTransaction.apply([update], atomic: false, at: repository.path)[0]
        }
        if case .failed(let reason) = result { throw GitError(operation: "keep '\(name)'", reason: reason) }
    }

    private static func hidden(_ path: String) -> ReferenceName {
        guard let name = ReferenceName("refs/martlet/\(path)") else {
            preconditionFailure("a number makes a valid name")
        }
        return name
    }
}
