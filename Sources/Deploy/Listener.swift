/// A TCP port on which a program in a container takes connections.
struct Listener: Sendable, Hashable {
    let port: Int
    /// Whether it takes those only that come from within the container.
    let isLoopback: Bool

    /// Those in the text of `/proc/PID/net/tcp` or `tcp6` (proc_pid_net(5)), without Docker's own.
    static func parse(_ table: String) -> [Listener] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[3] == "0A" else { return nil }
            let parts = fields[1].split(separator: ":")
            // Docker's DNS is at 127.0.0.11 in each container.
            guard parts.count == 2, parts[0] != "0B00007F", let port = Int(parts[1], radix: 16) else { return nil }
            return Listener(port: port, isLoopback: isLoopback(parts[0]))
        }
    }

    /// What listens instead of what is missing, such as `, only on 127.0.0.1:5000`; empty when nothing does.
    static func found(_ listeners: [Listener], insteadOf port: Int) -> String {
        if listeners.contains(Listener(port: port, isLoopback: true)) { return ", only on 127.0.0.1:\(port)" }
        let ports = Set(listeners.map(\.port)).sorted().prefix(3).map(String.init)
        if ports.isEmpty { return "" }
        return ", only on port \(ports.joined(separator: " and "))"
    }

    /// Whether an address in hexadecimal, each 32 bits in the machine's own order, is 127.0.0.0/8 or `::1`.
    private static func isLoopback(_ address: Substring) -> Bool {
        let isMappedOrOld = address.count == 8 || address.hasPrefix("0000000000000000FFFF0000")
        return isMappedOrOld ? address.hasSuffix("7F") : address == "00000000000000000000000001000000"
    }
}
