import Foundation
import Platform

/// Why an authority gave no certificate.
struct ACMEFailure: Error, Equatable {
    /// Why, and what to do: one line without a full stop.
    let reason: String
    /// Whether it lies in this machine's settings or its network, and not in the host: asking again costs nobody anything.
    let isOurs: Bool
    /// When the authority would be asked again at the earliest; nil when it did not say.
    let retryAt: Date?
    /// Whether the authority was asked too often, whatever the host.
    let isRateLimit: Bool

    init(_ reason: String, isOurs: Bool = false, retryAt: Date? = nil, isRateLimit: Bool = false) {
        self.reason = reason
        self.isOurs = isOurs
        self.retryAt = retryAt
        self.isRateLimit = isRateLimit
    }

    /// What lego's output says about a host for which it got nothing.
    init(output: String, host: String, directory: String) {
        let words = Self.words(of: output)
        let prefix = "could not get a certificate for '\(host)': "
        if let problem = ACMEProblem(words) {
            self.init(
                prefix + problem.advice(for: host), retryAt: problem.retryAt, isRateLimit: problem.type == "rateLimited"
            )
        } else if words.contains("unrecognized DNS provider") {
            self.init(
                prefix
                    + "this machine's lego has no \(words.dropFirst("un".count)); set another MARTLET_DNS_PROVIDER, or "
                    + "install a lego that has it to /usr/local/bin", isOurs: true)
        } else if words.contains("unknown authority") || words.contains("x509:") {
            self.init(
                prefix + "the CA '\(directory)' is not trusted (\(words)); name its root in MARTLET_ACME_CA_FILE",
                isOurs: true)
        } else if words.hasPrefix("get directory at") {
            self.init(
                prefix + "the CA '\(directory)' cannot be reached (\(words)); check the network and "
                    + "MARTLET_ACME_DIRECTORY", isOurs: true)
        } else if host.hasPrefix("*.") {
            self.init(prefix + "\(words); check MARTLET_DNS_PROVIDER and its credentials", isOurs: true)
        } else {
            self.init(prefix + words)
        }
    }

    /// The last thing that lego said, without the time and without where in lego that was.
    private static func words(of output: String) -> String {
        let lines = output.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        let last = lines.last { !$0.isEmpty } ?? "lego said nothing"
        let untimed = last.trimmingPrefix(#/\d{4}/\d\d/\d\d \d\d:\d\d:\d\d /#)
        let bare = untimed.trimmingPrefix(#/(\[[^\]]*\] )+/#).trimmingPrefix(#/Could not create client: /#)
        let text = String(bare).escaped
        return text.count > 400 ? text.prefix(400) + "…" : text
    }
}
