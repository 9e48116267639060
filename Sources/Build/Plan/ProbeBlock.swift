import Platform

/// One probe of `health`: exactly one question, and how it is asked.
struct ProbeBlock {
    static let kinds = ["path", "tcp", "command", "uptime"]
    static let keys = kinds + ["port", "status", "headers", "content", "interval", "timeout", "attempts", "deadline"]
    private static let example = "{path: /up, timeout: 5s}"
    private let setting: Setting
    private let fields: [String: Setting]

    init(_ setting: Setting) throws(BuildError) {
        self.setting = setting
        fields = try setting.fields(Self.keys, example: "\(setting.key): \(Self.example)")
        for (key, value) in fields where value.isNull {
            throw value.error("'\(key)' has no value; give it one or leave it out")
        }
    }

    func probe() throws(BuildError) -> HealthProbe {
        var probe = HealthProbe(try kind())
        probe.port = try port()
        probe.interval = try fields["interval"]?.seconds(0.1...3600, example: "interval: 5s")
        probe.timeout = try fields["timeout"]?.seconds(0.1...600, example: "timeout: 5s") ?? probe.timeout
        probe.attempts = try fields["attempts"]?.number(1...1000, example: "attempts: 3")
        probe.deadline = try fields["deadline"]?.seconds(1...86_400, example: "deadline: 2m")
        return probe
    }

    private func kind() throws(BuildError) -> HealthProbe.Kind {
        let given = Self.kinds.filter { fields[$0] != nil }
        let choice = "one of \(Self.kinds.joined(separator: ", "))"
        guard let name = given.first, let value = fields[name] else {
            throw setting.error("'\(setting.key)' asks nothing; add \(choice), as in '\(Self.example)'")
        }
        guard given.count == 1 else {
            throw setting.error(
                "'\(setting.key)' has \(given.map { "'\($0)'" }.joined(separator: " and ")); a check has \(choice)")
        }
        try refuse(name == "path" ? [] : ["status", "headers", "content"], besides: name)
        try refuse(name == "path" || name == "tcp" ? [] : ["port"], besides: name)
        switch name {
        case "path": return .http(try http(value))
        case "tcp": return .tcp
        case "command": return .command(try Self.command(value))
        default: return .uptime(seconds: try value.seconds(1...3600, example: "uptime: 10s"))
        }
    }

    private func refuse(_ keys: [String], besides kind: String) throws(BuildError) {
        guard let key = keys.first(where: { fields[$0] != nil }), let value = fields[key] else { return }
        throw value.error("'\(key)' means nothing to a check by '\(kind)'; leave it out")
    }

    private func http(_ path: Setting) throws(BuildError) -> HealthProbe.HTTP {
        let text = try path.string(example: "path: /up")
        guard PlanValue.isURLPath(text) else { throw path.misfit("a path", "path: /up") }
        var http = HealthProbe.HTTP(path: text)
        for entry in try fields["status"]?.list(example: "status: 200-299") ?? [] {
            http.statuses.append(try Self.statuses(entry))
        }
        for (name, value) in try fields["headers"]?.entries(example: "headers: {Accept: text/html}") ?? [] {
            http.headers[name] = try Self.header(name, value)
        }
        http.content = try fields["content"]?.string(example: "content: ready")
        return http
    }

    private static func header(_ name: String, _ value: Setting) throws(BuildError) -> String {
        let text = try value.value(example: "\(name): text/html")
        guard isHeader(name, text) else {
            throw value.misfit("a header's value, on one line", "headers: {Accept: text/html}")
        }
        return text
    }

    /// Whether both can be sent (RFC 9110 §5.1, §5.5): a name of token characters, a value without control characters.
    static func isHeader(_ name: String, _ value: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 100 && value.utf8.count <= 4000
            && name.utf8.allSatisfy { UInt8.isWord($0) || "!#$%&'*+-.^`|~".utf8.contains($0) }
            && value.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
    }

    private static func statuses(_ setting: Setting) throws(BuildError) -> ClosedRange<Int> {
        let text = try setting.string(example: "status: 200-299")
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard (1...2).contains(bounds.count), let low = bounds.first, let high = bounds.last,
            (100...599).contains(low), (100...599).contains(high), low <= high
        else { throw setting.misfit("statuses from 100 to 599", "status: 200-299") }
        return low...high
    }

    /// A text is a shell's, a list is taken word by word.
    private static func command(_ setting: Setting) throws(BuildError) -> [String] {
        let example = "command: ./check"
        let words = try setting.list(example: example)
        if !setting.isList { return ShellCommand.arguments(try setting.string(example: example)) }
        var command: [String] = []
        for word in words { command.append(try word.string(example: "command: [./check, --quick]")) }
        guard !command.isEmpty else { throw setting.misfit("a command", example) }
        return command
    }

    private func port() throws(BuildError) -> Int? {
        let port = try fields["port"]?.number(1...65_535, example: "port: 8000")
        guard let tcp = fields["tcp"] else { return port }
        if tcp.isTrue { return port }
        let own = try tcp.number(1...65_535, example: "tcp: true' or 'tcp: 8000")
        guard port == nil else { throw tcp.error("'tcp' and 'port' both name a port; keep one") }
        return own
    }
}
