extension HealthProbe {
    /// What is asked, and what else is said of it, such as `GET /up, status 200, within 2 min`.
    package var words: String {
        var words = [kind.words]
        if case .http(let http) = kind { words += http.conditions }
        if let port { words.append("port \(port)") }
        if let interval { words.append("every \(Amount.seconds(interval))") }
        words.append("timeout \(Amount.seconds(timeout))")
        if let attempts { words.append("attempts \(attempts)") }
        if let deadline { words.append("within \(Amount.seconds(deadline))") }
        return words.joined(separator: ", ")
    }
}

extension HealthProbe.Kind {
    fileprivate var words: String {
        switch self {
        case .http(let http): "GET \(http.path.escaped)"
        case .tcp: "TCP"
        case .command(let command): "command '\(ShellCommand.text(of: command))'"
        case .uptime(let seconds): "uptime of \(Amount.seconds(seconds))"
        }
    }
}

extension HealthProbe.HTTP {
    /// What makes an answer a good one.
    fileprivate var conditions: [String] {
        var words: [String] = []
        if !statuses.isEmpty {
            let ranges = statuses.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            words.append("status \(ranges.joined(separator: " or "))")
        }
        words += headers.sorted { $0.key < $1.key }.map { "header '\("\($0.key): \($0.value)".escaped)'" }
        if let content { words.append("content '\(content.escaped)'") }
        return words
    }
}
