/// A chain of rules of ours, and where packets come to it.
struct FirewallChain: Sendable {
    enum Family: String, CaseIterable, Sendable {
        case four = "iptables"
        case six = "ip6tables"
    }

    let family: Family
    let table: String
    let name: String
    /// The built-in chain from which packets come to it.
    let origin: String
    /// Which of the packets there that came by a bridge of ours do; empty for all.
    let match: [String]
    /// Without `-A` and the chain's name.
    let rules: [String]

    /// What ends a rule of the origin that leads here, for packets that came by an interface.
    func jump(_ interface: String) -> [String] { [origin, "-i", interface] + match + ["-j", name] }

    /// Replaces the chain that is there in one go (iptables-restore(8), `--noflush`).
    var text: String {
        (["*\(table)", ":\(name) - [0:0]"] + rules.map { "-A \(name) \($0)" } + ["COMMIT"]).joined(separator: "\n")
            + "\n"
    }

    /// For what is meant for this machine itself: answers, DNS and some TCP ports pass, all else is refused at once.
    static func host(_ family: Family, allowedPorts: [Int]) -> FirewallChain {
        let answers = ["-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN"]
        let open = allowedPorts.map { "-p tcp --dport \($0) -j RETURN" }
        // Without it neighbours do not find each other.
        let neighbours = family == .six ? ["-p ipv6-icmp -j RETURN"] : []
        return FirewallChain(
            family: family, table: "filter", name: "MARTLET-HOST", origin: "INPUT", match: [],
            rules: answers + names + open + neighbours + ["-p tcp -j REJECT --reject-with tcp-reset", "-j REJECT"])
    }

    /// For what is meant for addresses of the link, where clouds tell whoever asks on a machine its credentials: DNS
    /// passes, all else is lost. Not in the table `filter`: Docker puts its own rules before others there.
    static func link(_ family: Family) -> FirewallChain {
        FirewallChain(
            family: family, table: "raw", name: "MARTLET-LINK", origin: "PREROUTING",
            match: ["-d", family == .four ? "169.254.0.0/16" : "fd00:ec2::/32"], rules: names + ["-j DROP"])
    }

    private static let names = ["-p udp --dport 53 -j RETURN", "-p tcp --dport 53 -j RETURN"]
}
