import Glibc
import Threads

/// The addresses of the hosts that judge visitors. nginx would not start with a name that has none, and would ask only
/// once; we ask with each change, and keep what was known while there is no answer.
struct AuthenticationHosts: Sendable {
    private static let freshness = Duration.seconds(60)
    private static let patience = Duration.seconds(2)

    private var known: [String: (addresses: [String], time: ContinuousClock.Instant)] = [:]

    /// The IPv4 addresses of each of `hosts`; none for one that has none, or whose name nobody knows in time.
    mutating func addresses(of hosts: Set<String>) async -> [String: [String]] {
        let now = ContinuousClock.now
        let asked = hosts.filter { known[$0].map { now - $0.time > Self.freshness || $0.addresses.isEmpty } ?? true }
        for (host, addresses) in await Self.ask(asked) {
            known[host] = (addresses.isEmpty ? known[host]?.addresses ?? [] : addresses, now)
        }
        return hosts.reduce(into: [:]) { $0[$1] = known[$1]?.addresses ?? [] }
    }

    /// Asks at the same time, since those that do not answer make us wait.
    private static func ask(_ hosts: Set<String>) async -> [String: [String]] {
        await withTaskGroup { group in
            for host in hosts { group.addTask { (host, await ask(host)) } }
            var found: [String: [String]] = [:]
            for await (host, addresses) in group { found[host] = addresses }
            return found
        }
    }

    private static func ask(_ host: String) async -> [String] {
        if RouteSyntax.isIPv4(host) { return [host] }
        let (answers, answer) = AsyncStream.makeStream(of: [String].self, bufferingPolicy: .bufferingOldest(1))
        // getaddrinfo(3) cannot be cut short: its thread is left to itself.
        startThread {
            answer.yield(lookUp(host))
            answer.finish()
        }
        let limit = Task {
            try? await Task.sleep(for: patience)
            answer.finish()
        }
        defer { limit.cancel() }
        for await addresses in answers { return addresses }
        return []
    }

    private static func lookUp(_ host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: Set<String> = []
        var next = list
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(text.count)
            if getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, length, nil, 0, NI_NUMERICHOST) == 0 {
                addresses.insert(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            }
            next = entry.ai_next
        }
        return addresses.sorted()
    }
}
