/// The crypt(3) hashes that nginx may check. It does so anew for each request, and answers nobody else meanwhile: a hash
/// that takes long would stop every app.
enum PasswordHash {
    /// For messages.
    static let acceptable =
        "$apr1$, $1$, $5$ or $6$ (up to 10000 rounds), $2y$ (up to cost 08); make one with 'openssl passwd -6'"

    static func isAcceptable(_ hash: String) -> Bool {
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        guard hash.utf8.count <= 200, parts.count >= 4, parts[0].isEmpty, hash.utf8.allSatisfy(isPlain) else {
            return false
        }
        switch parts[1] {
        case "apr1", "1": return parts.count == 4
        case "5", "6":
            return parts.count == 4 && !parts[2].hasPrefix("rounds=") || parts.count == 5 && isQuick(parts[2])
        case "2a", "2b", "2y": return parts.count == 4 && ["04", "05", "06", "07", "08"].contains(parts[2])
        default: return false
        }
    }

    private static func isQuick(_ rounds: Substring) -> Bool {
        rounds.hasPrefix("rounds=") && RouteSyntax.number(rounds.dropFirst("rounds=".count), upTo: 10_000) != nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        RouteSyntax.isAlphanumeric(byte) || "./$=".utf8.contains(byte)
    }
}
