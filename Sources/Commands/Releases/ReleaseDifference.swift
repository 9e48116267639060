import Platform

/// What differs between two releases of an app.
struct ReleaseDifference {
    /// One thing that differs. Of a config variable neither value is there.
    struct Change: Encodable, Equatable {
        /// Such as `image`, `config DATABASE_URL` or `worker quantity`.
        let what: String
        /// `added`, `removed` or `changed`.
        let change: String
        let from: String?
        let to: String?
    }

    private let old: Release
    private let new: Release
    private let oldConfig: [String: String]
    private let newConfig: [String: String]

    init(from old: Release, config oldConfig: [String: String], to new: Release, config newConfig: [String: String]) {
        self.old = old
        self.new = new
        self.oldConfig = oldConfig
        self.newConfig = newConfig
    }

    /// All that differs.
    ///
    /// - Parameter distance: how many commits are in the newer one only, and in the older one only; nil when unknown.
    func changes(distance: (ahead: Int, behind: Int)?) -> [Change] {
        var changes = [
            commit(distance), change("branch", old.branch, new.branch),
            change("site", old.product.site?.folder, new.product.site?.folder),
        ].compactMap(\.self)
        changes += DeploymentDifference(from: old.product, to: new.product).changes.map { change in
            Change(
                what: change.part + (change.aspect.isEmpty ? "" : " \(change.aspect)"),
                change: Self.word(change.before, change.after), from: change.before, to: change.after)
        }
        return changes + config
    }

    private func commit(_ distance: (ahead: Int, behind: Int)?) -> Change? {
        let counts = distance.map { [($0.ahead, "new"), ($0.behind, "gone")] } ?? []
        let text = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return change(
            "commit", String(old.commit.prefix(7)), String(new.commit.prefix(7)) + (text.isEmpty ? "" : " (\(text))"),
            differs: old.commit != new.commit)
    }

    private var config: [Change] {
        Set(oldConfig.keys).union(newConfig.keys).sorted().compactMap { name in
            guard oldConfig[name] != newConfig[name] else { return nil }
            return Change(
                what: "config \(name)", change: Self.word(oldConfig[name], newConfig[name]), from: nil, to: nil)
        }
    }

    private func change(_ what: String, _ old: String?, _ new: String?, differs: Bool? = nil) -> Change? {
        guard differs ?? (old != new) else { return nil }
        return Change(what: what, change: Self.word(old, new), from: old, to: new)
    }

    private static func word(_ old: String?, _ new: String?) -> String {
        old == nil ? "added" : new == nil ? "removed" : "changed"
    }
}
