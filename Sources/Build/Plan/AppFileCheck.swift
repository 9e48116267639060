import Platform

/// One entry of `healthchecks` in `app.json`, in Dokku's form.
struct AppFileCheck {
    private static let kinds = ["path", "command", "uptime", "listening"]
    /// What may be there and changes nothing.
    private static let silent = ["type", "name"]
    private static let known =
        kinds + silent + ["port", "attempts", "timeout", "wait", "content", "httpHeaders"]
    /// Dokku's time between two questions, for checks that say how many there are.
    private static let usualWait = 5.0
    private let entry: [String: Any]
    private let place: String

    /// - Parameter place: what complaints begin with.
    init(_ entry: [String: Any], place: String) {
        self.entry = entry
        self.place = place
    }

    /// What of it means nothing here.
    var remarks: [String] {
        entry.keys.filter { !Self.known.contains($0) }.sorted().map { "\(place): '\(Setting.shown($0))' is not used" }
    }

    /// Whether a path is all that it says.
    var isPlainPath: Bool { entry["path"] is String && entry.keys.allSatisfy { (Self.silent + ["path"]).contains($0) } }

    func probe() throws(BuildError) -> HealthProbe {
        var probe = HealthProbe(try kind())
        probe.port = try number("port", 1...65_535).map(Int.init)
        probe.attempts = try number("attempts", 1...1000).map(Int.init)
        probe.timeout = try number("timeout", 0.1...600) ?? probe.timeout
        probe.interval = try number("wait", 0.1...3600) ?? (probe.attempts == nil ? nil : Self.usualWait)
        return probe
    }

    private func kind() throws(BuildError) -> HealthProbe.Kind {
        let given = Self.kinds.filter { entry[$0] != nil && !isFalse(entry[$0]) }
        guard given.count < 2 else {
            let keys = given.map { "'\($0)'" }.joined(separator: " and ")
            throw error("\(keys) are given; a check has one of \(Self.kinds.joined(separator: ", "))")
        }
        switch given.first {
        case "command":
            guard let command = entry["command"] as? [String], !command.isEmpty else {
                throw error("'command' takes a list of words, as in '[\"./check\"]'")
            }
            return .command(command)
        case "uptime": return .uptime(seconds: try number("uptime", 1...3600) ?? 0)
        case "listening": return .tcp
        default: return .http(try http())
        }
    }

    private func http() throws(BuildError) -> HealthProbe.HTTP {
        let path = entry["path"].map { $0 as? String ?? "" } ?? "/"
        guard PlanValue.isURLPath(path) else {
            throw error("the path of a health check is as in '/up', not '\(Setting.shown(path))'")
        }
        var http = HealthProbe.HTTP(path: path)
        if let content = entry["content"] {
            guard let text = content as? String, !text.isEmpty else { throw error("'content' takes a text") }
            http.content = text
        }
        guard let headers = entry["httpHeaders"] else { return http }
        guard let headers = headers as? [[String: Any]] else { throw headerError }
        for header in headers {
            guard let name = header["name"] as? String, let value = header["value"] as? String,
                ProbeBlock.isHeader(name, value)
            else { throw headerError }
            http.headers[name] = value
        }
        return http
    }

    private var headerError: BuildError {
        error("'httpHeaders' takes names and values, as in '[{\"name\": \"Accept\", \"value\": \"text/html\"}]'")
    }

    private func number(_ key: String, _ range: ClosedRange<Double>) throws(BuildError) -> Double? {
        guard let value = entry[key] else { return nil }
        guard let number = JSONScalar.number(value), range.contains(number) else {
            let bounds = "\(Amount.number(range.lowerBound)) to \(Amount.number(range.upperBound))"
            throw error("'\(key)' takes a number from \(bounds)")
        }
        return number
    }

    private func isFalse(_ value: Any?) -> Bool { value.flatMap(JSONScalar.flag) == false }

    private func error(_ text: String) -> BuildError { BuildError("\(place): \(text)") }
}
