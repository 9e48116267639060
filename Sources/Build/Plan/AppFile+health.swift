import Platform

extension AppFile {
    private static let example = "{\"web\": [{\"type\": \"startup\", \"path\": \"/up\"}]}"

    /// Reads `healthchecks`: lists of checks by type of process.
    mutating func readChecks(_ value: Any) throws(BuildError) {
        guard let types = value as? [String: Any] else {
            throw error("'healthchecks' takes lists by process, as in '\(Self.example)'")
        }
        for (type, list) in types.sorted(by: { $0.key < $1.key }) {
            guard let entries = list as? [[String: Any]] else {
                throw error("'healthchecks.\(Setting.shown(type))' takes a list of checks, as in '\(Self.example)'")
            }
            health[type] = try block(entries, of: type)
        }
    }

    private mutating func block(_ entries: [[String: Any]], of type: String) throws(BuildError) -> HealthBlock {
        var probes: [String: HealthProbe] = [:]
        var plainPath: String?
        for entry in entries {
            let use = (entry["type"] as? String) ?? "startup"
            guard HealthBlock.uses.contains(use) else {
                let uses = HealthBlock.uses.joined(separator: ", ")
                throw error("'\(Setting.shown(use))' is no type of check; there are \(uses)")
            }
            guard probes[use] == nil else {
                remarks.append("\(file): '\(type)' has more than one \(use) check; the first is used".escaped)
                continue
            }
            let check = AppFileCheck(entry, place: "\(file): healthchecks.\(type)".escaped)
            probes[use] = try check.probe()
            remarks += check.remarks
            if use == "startup", check.isPlainPath { plainPath = entry["path"] as? String }
        }
        let startup = plainPath == nil ? probes["startup"] : nil
        let checks = HealthChecks(startup: startup, readiness: probes["readiness"], liveness: probes["liveness"])
        return HealthBlock(
            path: plainPath ?? probes["startup"]?.path ?? probes["readiness"]?.path,
            checks: checks == HealthChecks() ? nil : checks)
    }
}

extension HealthProbe {
    /// The path that is asked for; nil for another kind of question.
    fileprivate var path: String? {
        guard case .http(let http) = kind else { return nil }
        return http.path
    }
}
