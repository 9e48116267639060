import Foundation
import Routing

/// The programs and libraries that come from the distribution.
enum PackageChecks {
    static let all = [
        DoctorCheck("libssh") { try await library("libssh-4", atLeast: "0.10.6-0+deb12u3") },
        DoctorCheck("libgit2") { try await library("libgit2-[0-9]*", atLeast: "1.5.1+ds-1+deb12u2") },
        DoctorCheck("nginx") { try await nginx() },
        DoctorCheck("mmdebstrap") { mmdebstrap() },
    ]

    /// - Parameters:
    ///   - pattern: the package's name, with wildcards.
    ///   - fixed: the first version in Debian 12 without known holes. Other distributions count otherwise.
    static func library(_ pattern: String, atLeast fixed: String) async throws -> Finding {
        guard let query = Program("dpkg-query") else {
            return .ok("not from a Debian package; keep it up to date yourself")
        }
        let words = ["-W", "-f", "${Package}\\t${Version}\\t${db:Status-Status}\\n", pattern]
        let lines = try await query.run(words).output.split(separator: "\n").map { $0.split(separator: "\t") }
        guard let fields = lines.first(where: { $0.count == 3 && $0[2] == "installed" }) else {
            return .warning(
                "no package '\(pattern)' is installed", "install it from the distribution, to get its fixes")
        }
        let (package, version) = (String(fields[0]), String(fields[1]))
        guard isDebian12(release()), let dpkg = Program("dpkg"),
            try await !dpkg.run(["--compare-versions", version, "ge", fixed]).isSuccess
        else { return .ok("\(package) \(version)") }
        return .problem(
            "\(package) \(version) has known holes, fixed in \(fixed)",
            "apt-get update && apt-get install \(package), then start martlet anew")
    }

    /// Whether `/etc/os-release` (`os-release(5)`) says so.
    static func isDebian12(_ release: String) -> Bool {
        let lines = release.split(separator: "\n").map { $0.replacing("\"", with: "") }
        return lines.contains("ID=debian") && lines.contains("VERSION_ID=12")
    }

    private static func release() -> String {
        (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)) ?? ""
    }

    private static func nginx() async throws -> Finding {
        let path: String
        do {
            path = try NginxProxy.program()
        } catch {
            return .problem("not installed", "apt-get install nginx-light")
        }
        // It says `nginx version: nginx/1.22.1`.
        let version = try await Program(path: path).run(["-v"]).errors.split(separator: "/").last
        return .ok("\(path) \(version ?? "of unknown version")")
    }

    private static func mmdebstrap() -> Finding {
        guard let program = Program("mmdebstrap") else {
            return .warning("not installed: the stack image cannot be made", "apt-get install mmdebstrap")
        }
        return .ok(program.path)
    }
}
