import Platform

/// Routing settings as `KEY=VALUE` words.
enum RoutingWords {
    /// What each key takes.
    static let keys = [
        "body-size": "a size, such as 20M, 1 TiB at most; 0 for no limit",
        "timeout": "seconds, such as 60, or minutes, as 5m, a day at most",
        "protocol": "http or grpc", "https-redirect": "on or off",
        "hsts": "how long browsers are to insist on TLS, such as 1y, 2y at most, or off",
    ]

    /// Changes settings as the words say; `default` takes back what was set.
    ///
    /// - Throws: `Refusal` for another word, or a key that comes twice.
    static func apply(_ words: [String], to settings: inout RoutingSettings) throws(Refusal) {
        var done: Set<String> = []
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let takes = keys[parts[0]], done.insert(parts[0]).inserted else {
                throw Refusal(
                    "'\(String(word.prefix(60)).escaped)' is none of "
                        + keys.keys.sorted().map { "\($0)=VALUE" }.joined(separator: ", ") + ", each once",
                    exitStatus: 2)
            }
            guard set(parts[0], parts[1] == "default" ? nil : parts[1], &settings) else {
                throw Refusal(
                    "'\(String(parts[1].prefix(60)).escaped)' is nothing for \(parts[0]): it takes \(takes), or 'default'",
                    exitStatus: 2)
            }
        }
    }

    /// Sets one value, or takes it back; says whether it could.
    private static func set(_ key: String, _ text: String?, _ settings: inout RoutingSettings) -> Bool {
        switch key {
        case "body-size":
            settings.maxBodyBytes = text.flatMap { ByteCount($0)?.bytes }.within(RoutingSettings.maxBodyBytes)
        case "timeout":
            settings.readTimeoutSeconds = text.flatMap(seconds).within(RoutingSettings.readTimeoutSeconds)
        case "protocol": settings.upstreamProtocol = text.flatMap(RoutingSettings.UpstreamProtocol.init)
        case "https-redirect": settings.redirectsToHTTPS = text.flatMap { ["on": true, "off": false][$0] }
        case "hsts":
            settings.hstsSeconds = text == "off" ? 0 : text.flatMap(seconds).within(RoutingSettings.hstsSeconds)
        default: return false
        }
        return text == nil || all(of: settings)[key] != nil
    }

    /// `90`, `90s`, `5m`, `2h`, `30d`, `1y` in seconds; nil for anything else.
    private static func seconds(_ text: String) -> Int? {
        let units = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "y": 31_536_000]
        let unit = text.last.flatMap { units[String($0)] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard digits.utf8.count <= 9, digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits)
        else {
            return nil
        }
        return number * (unit ?? 1)
    }

    /// The values that are set, by key, as `routing set` takes them.
    static func all(of settings: RoutingSettings) -> [String: String] {
        var words: [String: String] = [:]
        words["body-size"] = settings.maxBodyBytes.map { ByteCount($0).description }
        words["timeout"] = settings.readTimeoutSeconds.map { "\($0)" }
        words["protocol"] = settings.upstreamProtocol?.rawValue
        words["https-redirect"] = settings.redirectsToHTTPS.map { $0 ? "on" : "off" }
        words["hsts"] = settings.hstsSeconds.map { $0 == 0 ? "off" : "\($0)" }
        return words
    }
}

extension Int? {
    /// It, unless it is outside of the range.
    fileprivate func within(_ range: ClosedRange<Int>) -> Int? { flatMap { range.contains($0) ? $0 : nil } }
}
