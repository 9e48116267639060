import Platform

/// What differs between two releases of an app.
struct ReleaseDifference {
    /// One thing that differs. Of a config variable neither value is there.
    struct Change: Encodable, Equatable {
        /// Such as `image`, `config DATABASE_URL` or `process worker`.
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
            change("image", old.product.image, new.product.image),
            change("site", old.product.site?.folder, new.product.site?.folder),
            change("port", "\(old.product.port)", "\(new.product.port)"),
            change("health check", old.product.healthPath, new.product.healthPath),
            change("migration", old.product.migration?.up.text, new.product.migration?.up.text),
        ].compactMap(\.self)
        changes += config
        changes += processes
        changes += Self.changes(
            RoutingWords.all(of: old.product.routing ?? .init()), RoutingWords.all(of: new.product.routing ?? .init()),
            "routing")
        return changes
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

    private var processes: [Change] {
        let byType = { (product: BuildProduct) in
            Dictionary(product.processes.map { ($0.type, $0) }) { first, _ in first }
        }
        let (old, new) = (byType(old.product), byType(new.product))
        return Set(old.keys).union(new.keys).sorted().compactMap { type in
            change("process \(type)", old[type]?.words, new[type]?.words, differs: old[type] != new[type])
        }
    }

    private static func changes(_ old: [String: String], _ new: [String: String], _ kind: String) -> [Change] {
        Set(old.keys).union(new.keys).sorted().compactMap { name in
            guard old[name] != new[name] else { return nil }
            return Change(
                what: "\(kind) \(name)", change: word(old[name], new[name]), from: old[name], to: new[name])
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

extension ProcessDeclaration {
    /// All that is declared of it, in a line.
    fileprivate var words: String {
        let parts: [String?] = [
            entrypoint.map { "entrypoint \($0.text)" }, command.map(\.text), quantity.map { "quantity \($0)" },
            memoryBytes.map { "memory \(ByteCount($0))" }, cpus.map { "cpus \($0)" }, strategy?.rawValue,
            drainSeconds.map { "drain \($0) s" }, stopSeconds.map { "stop \($0) s" }, timeout.map { "timeout \($0) s" },
            checks.map { "checks \($0.words)" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}

extension HealthChecks {
    fileprivate var words: String {
        let probes = [("startup", startup), ("readiness", readiness), ("liveness", liveness)]
        return probes.compactMap { name, probe in probe.map { "\(name) \($0.words)" } }.joined(separator: " ")
    }
}

extension HealthProbe {
    fileprivate var words: String {
        switch kind {
        case .http(let http): "GET \(http.path)"
        case .tcp: "tcp"
        case .command(let words): words.text
        case .uptime(let seconds): "uptime \(seconds) s"
        }
    }
}

extension [String] {
    fileprivate var text: String { joined(separator: " ") }
}
