import Foundation
import Subprocess
import SystemPackage

/// The program `lego`, which gets certificates from an authority.
struct Lego: Sendable {
    let settings: ACMESettings
    /// The folder of its own: its account at the authority, and for a moment what it got. Nobody else may read it.
    let folder: String
    /// What nginx serves `/.well-known/acme-challenge/` from.
    let webroot: String

    private static let timeLimit = Duration.seconds(600)

    /// A new certificate with a new key.
    ///
    /// - Parameter host: a wildcard is proven by DNS, any other by HTTP.
    /// - Returns: the chain and its key, PEM.
    /// - Throws: `ACMEFailure`.
    func obtain(_ host: String) async throws(ACMEFailure) -> String {
        guard let program = Self.program else {
            throw ACMEFailure(
                "cannot get certificates: lego is not installed; run 'apt-get install lego'", isOurs: true)
        }
        try makeFolders()
        let environment = try environment(for: host)
        let words = ["--domains", host] + common + (host.hasPrefix("*.") ? try dnsWords() : httpWords) + ["run"]
        let (isSuccess, output) = try await run(program, words, environment)
        guard isSuccess else { throw ACMEFailure(output: output, host: host, directory: settings.directory) }
        return try take(host)
    }

    /// Somebody who installed one that knows more DNS providers wants that one.
    static var program: String? {
        ["/usr/local/bin/lego", "/usr/bin/lego"].first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private var common: [String] {
        [
            "--path", folder, "--server", settings.directory, "--email", settings.email, "--accept-tos", "--key-type",
            "ec256",
        ]
    }

    private var httpWords: [String] { ["--http", "--http.webroot", webroot] }

    private func dnsWords() throws(ACMEFailure) -> [String] {
        guard let dns = settings.dns else {
            throw ACMEFailure("cannot get wildcards: no DNS provider is set; set MARTLET_DNS_PROVIDER", isOurs: true)
        }
        return ["--dns", dns.provider] + dns.resolvers.flatMap { ["--dns.resolvers", $0] }
            + (dns.waitsForPropagation ? [] : ["--dns.disable-cp"])
    }

    /// None of our own environment: it may hold secrets, and lego needs none of it.
    private func environment(for host: String) throws(ACMEFailure) -> [String: String] {
        var values = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder]
        if let file = settings.rootsFile {
            guard FileManager.default.isReadableFile(atPath: file) else {
                throw ACMEFailure("cannot read MARTLET_ACME_CA_FILE '\(file)'", isOurs: true)
            }
            values["LEGO_CA_CERTIFICATES"] = file
        }
        if host.hasPrefix("*."), let file = settings.dns?.credentialsFile {
            values.merge(try DNSCredentials(file: file).values) { ours, _ in ours }
        }
        return values
    }

    private func makeFolders() throws(ACMEFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for path in [webroot, "\(webroot)/.well-known", "\(webroot)/.well-known/acme-challenge"]
            where !FileManager.default.fileExists(atPath: path) {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: path)
            }
        } catch {
            throw ACMEFailure("cannot get certificates: \(error)", isOurs: true)
        }
    }

    private func run(
        _ program: String, _ words: [String], _ environment: [String: String]
    ) async throws(ACMEFailure) -> (isSuccess: Bool, output: String) {
        let variables = Dictionary(
            uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
        // nginx's workers read what it puts into the webroot, whatever the daemon's own mask is.
        let arguments = ["-c", #"umask 022; exec "$0" "$@""#, program] + words
        do {
            return try await withThrowingTaskGroup { group in
                group.addTask {
                    let result = try await Subprocess.run(
                        .path("/bin/sh"), arguments: Arguments(arguments), environment: .custom(variables),
                        workingDirectory: "/", output: .string(limit: 1 << 20), error: .combinedWithOutput)
                    return (result.terminationStatus.isSuccess, result.standardOutput)
                }
                group.addTask {
                    try await Task.sleep(for: Self.timeLimit)
                    throw ACMEFailure(
                        "cannot get certificates: lego was not done within \(Self.timeLimit)", isOurs: true)
                }
                defer { group.cancelAll() }
                guard let first = try await group.next() else { throw CancellationError() }
                return first
            }
        } catch let failure as ACMEFailure {
            throw failure
        } catch {
            throw ACMEFailure("cannot run '\(program)': \(error)", isOurs: true)
        }
    }

    /// Reads what lego left, and removes it: it is kept in the database.
    private func take(_ host: String) throws(ACMEFailure) -> String {
        let name = "\(folder)/certificates/\(host.replacing("*", with: "_"))"
        defer {
            for end in ["crt", "key", "issuer.crt", "json"] {
                try? FileManager.default.removeItem(atPath: "\(name).\(end)")
            }
        }
        guard let chain = try? String(contentsOfFile: "\(name).crt", encoding: .utf8),
            let key = try? String(contentsOfFile: "\(name).key", encoding: .utf8)
        else { throw ACMEFailure("cannot get certificates: lego left none at '\(name).crt'", isOurs: true) }
        return chain + key
    }
}
