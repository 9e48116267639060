import Subprocess
import SystemPackage

/// Keeps what runs in containers away from the services of this machine itself: its SSH, its databases, its proxy.
///
/// One chain of the filter table, `MARTLET-HOST`, to which packets come that arrive on a bridge of ours and are for
/// an address of this machine, any of them. Answers, DNS and the proxy's ports pass, everything else is refused at
/// once. What goes elsewhere is not its business: other machines may be reached, and networks of other apps may not,
/// which Docker's own rules see to (DOCKER-ISOLATION-STAGE-1); nor are other rules (iptables(8)).
package struct HostFirewall: Sendable {
    private static let chain = "MARTLET-HOST"

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
        for family in Family.allCases {
            try await run("\(family.rawValue)-restore", ["-w", "5", "--noflush"], input: rules(family))
            for interface in interfaces where try await !succeeds(family, ["-C"] + Self.jump(interface)) {
                try await run(family.rawValue, ["-w", "5", "-I"] + Self.jump(interface))
            }
        }
    }

    /// Takes the rules away; does nothing where there are none.
    ///
    /// - Throws: `RoutingError`, such as when only root could.
    package func remove() async throws(RoutingError) {
        for family in Family.allCases {
            guard try await succeeds(family, ["-n", "-L", Self.chain]) else { continue }
            for interface in interfaces {
                while try await succeeds(family, ["-D"] + Self.jump(interface)) {}
            }
            try await run(family.rawValue, ["-w", "5", "-F", Self.chain])
            try await run(family.rawValue, ["-w", "5", "-X", Self.chain])
        }
    }

    private enum Family: String, CaseIterable {
        case four = "iptables"
        case six = "ip6tables"
    }

    private static func jump(_ interface: String) -> [String] { ["INPUT", "-i", interface, "-j", chain] }

    /// The chain, which replaces the one that is there in one go.
    private func rules(_ family: Family) -> String {
        let chain = Self.chain
        var rules = [
            "*filter", ":\(chain) - [0:0]", "-A \(chain) -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
            "-A \(chain) -p udp --dport 53 -j RETURN", "-A \(chain) -p tcp --dport 53 -j RETURN",
        ]
        rules += allowedPorts.map { "-A \(chain) -p tcp --dport \($0) -j RETURN" }
        // Without it neighbours do not find each other.
        if family == .six { rules.append("-A \(chain) -p ipv6-icmp -j RETURN") }
        rules += ["-A \(chain) -p tcp -j REJECT --reject-with tcp-reset", "-A \(chain) -j REJECT", "COMMIT"]
        return rules.joined(separator: "\n") + "\n"
    }

    private func run(_ program: String, _ arguments: [String], input: String = "") async throws(RoutingError) {
        let (isSuccess, words) = try await outcome(program, arguments, input)
        guard isSuccess else { throw Self.failure(words) }
    }

    private func succeeds(_ family: Family, _ arguments: [String]) async throws(RoutingError) -> Bool {
        let (isSuccess, words) = try await outcome(family.rawValue, ["-w", "5"] + arguments, "")
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
