import Glibc

/// What hooks are told in environment variables. Of the daemon's own environment they see nothing.
package struct HookEnvironment: Sendable, Equatable {
    /// The app's name: `MARTLET_APP`.
    package var app: String?
    /// Who pushed or deployed: `MARTLET_USER`.
    package var user: String?
    /// The fingerprint of the key that signed: `MARTLET_KEY`.
    package var key: String?
    /// The address the pusher came from: `MARTLET_SOURCE`.
    package var source: String?
    /// The address at which people reach the app: `MARTLET_URL`.
    package var url: String?
    /// The build's number: `MARTLET_BUILD`.
    package var build: Int?
    /// The release's number; `MARTLET_RELEASE` is `v12`.
    package var release: Int?
    /// The commit that is deployed, 40 hexadecimal digits: `MARTLET_COMMIT`.
    package var commit: String?
    /// The branch that is deployed, such as `main`: `MARTLET_BRANCH`.
    package var branch: String?
    /// What the pusher said of the release: `MARTLET_MESSAGE`.
    package var message: String?
    /// The values of `git push -o`; nil when the client can send none. `GIT_PUSH_OPTION_COUNT` and `_0`, `_1` …
    package var pushOptions: [String]?
    /// The folder that keeps the pushed objects apart; nil once they are part of the repository.
    package var quarantine: String?

    package init() {}

    /// `NAME=VALUE` for each variable of a hook that runs in `repository`, an absolute path.
    func variables(for kind: HookKind, hooks: String, repository: String) -> [String] {
        var variables = [
            ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), ("LANG", "C.UTF-8"),
            ("HOME", Self.home), ("GIT_DIR", "."), ("MARTLET_HOOK", kind.rawValue), ("MARTLET_HOOKS", hooks),
        ]
        let told: [(String, String?)] = [
            ("APP", app), ("USER", user), ("KEY", key), ("SOURCE", source), ("URL", url),
            ("BUILD", build.map { "\($0)" }), ("RELEASE", release.map { "v\($0)" }), ("COMMIT", commit),
            ("BRANCH", branch), ("MESSAGE", message),
        ]
        for case (let name, let value?) in told { variables.append(("MARTLET_\(name)", value)) }
        if let pushOptions {
            variables.append(("GIT_PUSH_OPTION_COUNT", "\(pushOptions.count)"))
            for (index, option) in pushOptions.enumerated() { variables.append(("GIT_PUSH_OPTION_\(index)", option)) }
        }
        if let quarantine {
            variables += [
                ("GIT_QUARANTINE_PATH", quarantine), ("GIT_OBJECT_DIRECTORY", quarantine),
                ("GIT_ALTERNATE_OBJECT_DIRECTORIES", Self.listed("\(repository)/objects")),
            ]
        }
        return variables.map { "\($0)=\($1)" }
    }

    /// A path as an element of a list that `:` separates, in git's quoting where it needs one.
    private static func listed(_ path: String) -> String {
        guard path.contains(":") || path.hasPrefix("\"") else { return path }
        let quoted = path.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "\"\(String(quoted))\""
    }

    /// The home folder of the daemon's user, whatever the daemon's own environment says.
    private static let home: String = {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var text = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(getuid(), &entry, &text, text.count, &found) == 0, let found, let home = found.pointee.pw_dir
        else { return "/" }
        return String(cString: home)
    }()
}
