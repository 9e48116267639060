import Subprocess
import SystemPackage

/// Keeps what runs in containers away from the services of this machine itself, its SSH, its databases, its proxy, and
/// from those that a cloud offers to the machine.
///
/// Two chains, to which packets come that arrive on a bridge of ours: `MARTLET-HOST` for those to any address of this
/// machine, `MARTLET-LINK` for those to addresses of the link. What goes elsewhere is not their business: other machines
/// may be reached, and networks of other apps may not, which Docker's own rules see to (DOCKER-ISOLATION-STAGE-1); nor
/// are other rules (iptables(8)).
package struct HostFirewall: Sendable {
    private let interfaces: [String]
    private let allowedPorts: [Int]
    private let isEnabled: Bool
    private let prefix: [String]

    /// - Parameters:
    ///   - interfaces: the bridges, by name; one that ends in `+` stands for all that begin so. BuildKit's steps are
    ///     on `docker0`, apps on bridges of their own, `mart` and the beginning of their ID.
    ///   - allowedPorts: the TCP ports of this machine that they may reach all the same: those of the proxy, since an
    ///     app may call another one by its public name, as everybody may.
    ///   - isEnabled: otherwise `ensure` takes the rules away.
    package init(interfaces: [String] = ["docker0", "mart+"], allowedPorts: [Int] = [], isEnabled: Bool = true) {
        self.init(interfaces: interfaces, allowedPorts: allowedPorts, isEnabled: isEnabled, prefix: [])
    }

    /// - Parameter prefix: what goes before each command, such as `ip netns exec NAME`.
    init(interfaces: [String], allowedPorts: [Int] = [], isEnabled: Bool, prefix: [String]) {
        self.interfaces = interfaces
        self.allowedPorts = allowedPorts
        self.isEnabled = isEnabled
        self.prefix = prefix
    }

    /// Puts the rules in force; does nothing where they are. To be called now and then, since other programs may take
    /// rules away.
    ///
    /// - Throws: `RoutingError`, such as when only root could.
    package func ensure() async throws(RoutingError) {
        guard isEnabled else { return try await remove() }
        for chain in chains {
            try await run("\(chain.family.rawValue)-restore", ["-w", "5", "--noflush"], input: chain.text)
            for interface in interfaces where try await !succeeds(chain, ["-C"] + chain.jump(interface)) {
                try await run(chain, ["-I"] + chain.jump(interface))
            }
        }
    }

    /// Takes the rules away; does nothing where there are none.
    ///
    /// - Throws: `RoutingError`, such as when only root could.
    package func remove() async throws(RoutingError) {
        for chain in chains {
            guard try await succeeds(chain, ["-n", "-L", chain.name]) else { continue }
            for interface in interfaces {
                while try await succeeds(chain, ["-D"] + chain.jump(interface)) {}
            }
            try await run(chain, ["-F", chain.name])
            try await run(chain, ["-X", chain.name])
        }
    }

    private var chains: [FirewallChain] {
        FirewallChain.Family.allCases.flatMap { [.host($0, allowedPorts: allowedPorts), .link($0)] }
    }

    private func run(_ chain: FirewallChain, _ arguments: [String]) async throws(RoutingError) {
        try await run(chain.family.rawValue, ["-w", "5", "-t", chain.table] + arguments)
    }

    private func run(_ program: String, _ arguments: [String], input: String = "") async throws(RoutingError) {
        let (isSuccess, words) = try await outcome(program, arguments, input)
        guard isSuccess else { throw Self.failure(words) }
    }

    private func succeeds(_ chain: FirewallChain, _ arguments: [String]) async throws(RoutingError) -> Bool {
        let (isSuccess, words) = try await outcome(
            chain.family.rawValue, ["-w", "5", "-t", chain.table] + arguments, "")
        // What is not there is an answer; that one may not even ask is none.
        if !isSuccess, words.contains("ermission denied") || words.contains("must be root") {
            throw Self.failure(words)
        }
        return isSuccess
    }

    private func outcome(_ program: String, _ arguments: [String], _ input: String) async throws(RoutingError) -> (
        isSuccess: Bool, words: String
    ) {
        let words = prefix + [program] + arguments
        do {
            let result = try await Subprocess.run(
                .path("/usr/bin/env"), arguments: Arguments(words),
                environment: .custom(["PATH": "/usr/sbin:/sbin:/usr/local/sbin:/usr/bin:/bin:/usr/local/bin"]),
                input: .string(input), output: .discarded, error: .string(limit: 65_536))
            return (result.terminationStatus.isSuccess, result.standardError)
        } catch {
            throw Self.failure("\(error)")
        }
    }

    private static func failure(_ words: String) -> RoutingError {
        let line = words.split(whereSeparator: \.isNewline).first.map(String.init) ?? "it said nothing"
        return RoutingError(
            operation: "keep containers from this machine's services",
            reason: "\(line); run as root with iptables installed, or set MARTLET_FIREWALL=off")
    }
}
