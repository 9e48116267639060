import Crypto
import Foundation
import Platform

/// An app's build-scoped config variables, as a build gets them: as secrets, so that no layer, no history and no
/// argument of a program holds them.
struct BuildVariables: Sendable {
    /// The secret with the certificates that this machine trusts.
    static let authoritiesID = "ca"
    /// The secret with all variables together.
    static let allID = "env"

    private let values: [String: String]

    /// - Throws: `BuildError` when a name is none that a shell takes.
    init(_ values: [String: String]) throws(BuildError) {
        for name in values.keys.sorted() where !ShellWord.isName(name) {
            throw BuildError(
                "config variable '\(name)' cannot be given to a build", hint: "name it with letters, digits and _ only")
        }
        self.values = values
    }

    /// The names, in order.
    var names: [String] { values.keys.sorted() }

    /// The lines of a file that a shell reads with `. FILE`; each variable is exported.
    var script: String { names.map { "export \($0)=\(ShellWord.quoted(values[$0] ?? ""))\n" }.joined() }

    /// Each variable by its name, all of them as `env`, and the certificates as `ca`.
    ///
    /// - Parameter authorities: the path of the certificates; nil when there are none.
    func secrets(authorities: String?) throws(BuildError) -> [BuildSecret] {
        var secrets = [try BuildSecret(id: Self.allID, .text(script))]
        if let authorities { secrets.append(try BuildSecret(id: Self.authoritiesID, .file(authorities))) }
        for name in names where name != Self.allID && name != Self.authoritiesID {
            secrets.append(try BuildSecret(id: name, .text(values[name] ?? "")))
        }
        return secrets
    }

    /// Differs when a variable differs, and says nothing about it to those who do not have `key`.
    func digest(_ key: SymmetricKey) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(script.utf8), using: key).prefix(12).hexadecimal
    }
}
