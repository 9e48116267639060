import Foundation

/// A problem document of an authority (RFC 8555 §6.7), as lego prints it.
struct ACMEProblem {
    /// Such as `unauthorized`.
    let type: String
    /// The authority's own words.
    let detail: String

    /// - Parameter words: such as `acme: error: 403 :: urn:ietf:params:acme:error:unauthorized :: DETAIL`.
    /// - Returns: nil for something else.
    init?(_ words: String) {
        guard let match = words.firstMatch(of: #/urn:ietf:params:acme:error:(\w+) :: (.*)/#) else { return nil }
        type = String(match.1)
        detail = String(match.2).replacing(#/, url: *$/#, with: "").replacing(#/\.$/#, with: "")
    }

    /// When to try again, where the authority says that: `retry after 2026-01-31 12:00:00 UTC`.
    var retryAt: Date? {
        guard let match = detail.firstMatch(of: #/retry after (\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/#) else {
            return nil
        }
        return try? Date("\(match.1)T\(match.2)Z", strategy: .iso8601)
    }

    /// What went wrong and what to do.
    func advice(for host: String) -> String {
        let home = "point \(host)'s DNS at this machine and open port 80"
        switch type {
        case "unauthorized", "incorrectResponse":
            guard !host.hasPrefix("*.") else {
                return "the CA did not find the DNS record that it asked for (\(detail)); check MARTLET_DNS_PROVIDER"
            }
            return "the CA got \(answer) from \(address(of: host)); \(home)"
        case "connection", "tls": return "the CA could not reach \(address(of: host)) (\(shortDetail)); \(home)"
        case "dns": return "the CA finds no address for it (\(detail)); \(home)"
        case "caa": return "the domain's CAA record does not allow this CA (\(detail)); change that record"
        case "rateLimited": return "the CA was asked too often (\(detail)); it is asked again later"
        case "rejectedIdentifier": return "the CA gives no certificate for this name (\(detail)); use another name"
        case "invalidContact", "unsupportedContact": return "the CA refuses MARTLET_ACME_EMAIL (\(detail)); set another"
        default: return "the CA refuses: \(detail) (\(type))"
        }
    }

    /// The status that the authority was answered with, or its words where they hold none.
    private var answer: String {
        detail.firstMatch(of: #/(?:returned|:) ([1-5]\d\d)\b/#).map { String($0.1) }
            ?? "a wrong answer (\(shortDetail))"
    }

    /// Where the authority looked, without the random name at its end.
    private func address(of host: String) -> String {
        let found = detail.firstMatch(of: #/(https?:\/\/[^\s"]+?\/\.well-known\/acme-challenge\/)/#).map {
            String($0.1)
        }
        return "\(found ?? "http://\(host)/.well-known/acme-challenge/")…"
    }

    /// The last words of a long detail, which say why.
    private var shortDetail: String {
        guard let match = detail.firstMatch(of: #/"https?:\/\/[^"]+": (.*)$/#) else { return detail }
        return String(match.1).replacing(#/ "https?:\/\/[^"]+"/#, with: "")
    }
}
