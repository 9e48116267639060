import Glibc
import Platform

/// What nginx is told: every setting, and every route.
///
/// Connections to processes are not kept: one that a process closes just as it is used again would lose a request.
struct NginxConfiguration: Sendable {
    let folder: NginxFolder
    /// The configuration file, with the mark by which the running nginx is asked whether it is in force.
    let text: String
    /// Tells this configuration from any other.
    let mark: String
    /// The same for configurations that differ in the addresses and weights of processes only.
    let shape: String
    /// What `text` names, and must be there before nginx reads it.
    let files: [ServedFile]

    /// - Parameters:
    ///   - apps: checked before, without collisions.
    ///   - certificates: read before.
    init(
        _ folder: NginxFolder, _ listening: NginxListening, _ apps: [NginxApp], _ streams: NginxStreams,
        _ certificates: CertificateFiles
    ) {
        let tls = NginxTLS(apps, certificates, listening, folder)
        let hosts = NginxHost.all(apps, tls: tls.file != nil)
        let global = Self.global(folder) + streams.lines
        let services =
            NginxSettings.lines(folder) + tls.lines + Self.fallback(listening, folder)
            + Self.shared(apps, hosts, folder) + Self.servers(apps, hosts, listening, folder)
        let head = (["# Written by Martlet; changes are lost."] + streams.loading + global).joined(separator: "\n")
        let body = services.map { "    " + $0 }.joined(separator: "\n")
        mark = NginxText.hash(head, body)
        let lasting = services.lazy.filter { !$0.hasPrefix(NginxUpstream.linePrefix) }
        shape = NginxText.hash(head, lasting.joined(separator: "\n"))
        let control = NginxText.block("server", Self.control(folder, mark)).map { "    " + $0 }.joined(separator: "\n")
        text = "\(head)\nhttp {\n\(control)\n\(body)\n}\n"
        self.folder = folder
        files =
            apps.flatMap {
                [NginxAuthentication(app: $0, folder: folder).file, NginxMaintenance(app: $0, folder: folder).file]
            }.compactMap(\.self) + [tls.file].compactMap(\.self)
    }

    /// Connections of an app that drains end with its processes. Those of all others have nothing to do with the change
    /// that replaced their worker, and may last a day.
    private static func global(_ folder: NginxFolder) -> [String] {
        [
            folder.user.map { "user \($0);" } ?? "# workers run as the user who started nginx",
            "pid \"\(folder.pidFile)\";", "error_log \"\(folder.errorLog)\" warn;", "worker_processes 2;",
            "worker_rlimit_nofile 8192;", "worker_shutdown_timeout 24h;",
            "events { worker_connections 4096; }",
        ]
    }

    private static func control(_ folder: NginxFolder, _ mark: String) -> [String] {
        ["listen \"unix:\(folder.controlSocket)\";", "access_log off;", "return 200 \"\(mark)\";"]
    }

    private static func fallback(_ listening: NginxListening, _ folder: NginxFolder) -> [String] {
        NginxText.block(
            "server",
            ["listen \(listening.plain) default_server;"] + NginxServer.challenges(folder)
                + ["location / { return 404 \"no app here\\n\"; }"])
    }

    /// What the servers of hosts refer to.
    private static func shared(_ apps: [NginxApp], _ hosts: [NginxHost], _ folder: NginxFolder) -> [String] {
        NginxPrefixes(hosts).lines
            + apps.enumerated().flatMap { index, app in
                let isInner = NginxServer.needsInnerSite(index, apps, hosts)
                return ["# \(app.name)"] + NginxUpstream.lines(app, isInner ? folder.siteSocket : nil)
                    + NginxAuthentication(app: app, folder: folder).upstream + (isInner ? site(app, folder) : [])
            }
    }

    private static func site(_ app: NginxApp, _ folder: NginxFolder) -> [String] {
        guard let site = app.route.site else { return [] }
        let head = ["listen \"unix:\(folder.siteSocket)\";", "server_name site-\(app.name);", "access_log off;"]
        return NginxText.block("server", head + NginxSite(site: site).lines)
    }

    private static func servers(
        _ apps: [NginxApp], _ hosts: [NginxHost], _ listening: NginxListening, _ folder: NginxFolder
    ) -> [String] {
        let prefixes = NginxPrefixes(hosts)
        func server(_ host: NginxHost, isSecure: Bool) -> [String] {
            NginxServer(
                host: host, apps: apps, folder: folder, listening: listening, prefixes: prefixes, isSecure: isSecure
            ).lines
        }
        let secured = hosts.filter { $0.isSecuredOnly(apps) }
        return hosts.filter { !$0.isSecuredOnly(apps) }.flatMap { server($0, isSecure: false) }
            + NginxServer.securing(secured.flatMap(\.names), listening, folder)
            + hosts.filter(\.hasTLS).flatMap { server($0, isSecure: true) }
    }

    /// Writes it, and what it names, where nginx may judge it.
    func writeCandidate() throws(RoutingError) {
        unlink(folder.candidate)
        try write(to: folder.candidate)
    }

    /// Writes it, and what it names, to a file that is not there yet.
    func write(to path: String) throws(RoutingError) {
        for file in files { try file.write() }
        try ServedFile(path, for: .us) { text }.write()
    }
}
