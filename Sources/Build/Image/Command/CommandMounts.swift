import Foundation
import Platform

/// What is mounted while a command runs, and no layer keeps: the app's caches, its config variables, certificates.
struct CommandMounts {
    /// Where the config variables are, as a script for the shell.
    static let variables = "/run/secrets/env"
    private static let cache = "/run/martlet-cache"
    private static let authorities = "/etc/ssl/certs/ca-certificates.crt"
    private static let pathBytes = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/+@".utf8)

    private let app: UUID
    private let user: ImageUser
    private let caches: [String]
    private let hasAuthorities: Bool

    /// - Throws: `BuildError` when a cache's path is none.
    init(app: UUID, user: ImageUser, caches: [String], hasAuthorities: Bool) throws(BuildError) {
        for path in caches {
            let isPlain = path.hasPrefix("/") && path.utf8.count > 1 && path.utf8.allSatisfy(Self.pathBytes.contains)
            guard isPlain, !path.split(separator: "/").contains("..") else {
                throw BuildError(
                    "'\(path)' cannot be a cache",
                    hint: "write absolute paths of letters, digits and _.-+@, such as /app/.cache")
            }
        }
        self.app = app
        self.user = user
        self.caches = caches
        self.hasAuthorities = hasAuthorities
    }

    /// Tells the usual package programs to keep in the cache what they fetch, and whom to trust.
    var exports: String {
        let folders = [
            ("PIP_CACHE_DIR", "pip"), ("UV_CACHE_DIR", "uv"), ("POETRY_CACHE_DIR", "poetry"),
            ("npm_config_cache", "npm"),
            ("YARN_CACHE_FOLDER", "yarn"), ("npm_config_store_dir", "pnpm"), ("GOCACHE", "go/build"),
            ("GOMODCACHE", "go/modules"), ("CARGO_HOME", "cargo"), ("COMPOSER_CACHE_DIR", "composer"),
            ("BUNDLE_USER_CACHE", "bundle"), ("GEM_SPEC_CACHE", "gem/specs"),
        ]
        // Not all of them look where the certificates are mounted.
        let trust = [
            "SSL_CERT_FILE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "NODE_EXTRA_CA_CERTS", "PIP_CERT",
            "REQUESTS_CA_BUNDLE",
        ]
        let words =
            folders.map { "\($0)=\(Self.cache)/\($1)" }
            + (hasAuthorities ? trust.map { "\($0)=\(Self.authorities)" } : [])
        return "export \(words.joined(separator: " ")); "
    }

    /// The options of `RUN` for a command that `user` runs.
    func options(as user: ImageUser, installs: Bool) -> String {
        var mounts = [
            "type=secret,id=env,target=\(Self.variables),required=true,uid=\(user.uid),gid=\(user.gid),mode=0400",
            cache(Self.cache, as: user),
        ]
        mounts += caches.map { cache($0, as: user) }
        if installs {
            // Two that install at once would break each other's lists.
            mounts += ["/var/cache/apt", "/var/lib/apt", "/var/cache/apk"].map {
                cache($0, as: user) + ",sharing=locked"
            }
        }
        if hasAuthorities { mounts.append("type=secret,id=ca,target=\(Self.authorities),mode=0444") }
        return mounts.map { "--mount=\($0)" }.joined(separator: " ")
    }

    /// A cache of the app's own. Its owner is set when it is made, hence one per user.
    private func cache(_ path: String, as user: ImageUser) -> String {
        "type=cache,id=martlet-\(app.text)-\(user.uid)\(path.replacingOccurrences(of: "/", with: "-")),target=\(path)"
            + ",uid=\(user.uid),gid=\(user.gid),mode=0755"
    }
}
