/// How nginx speaks TLS: as Mozilla's intermediate recommendation (version 5.7) has it, without tickets, whose keys
/// would live too long.
///
/// The certificate of a host is looked up for each handshake, not built into the host's server: for each server with
/// one nginx takes more than a millisecond to start, which for 300 apps would be most of a second. Keys stay in memory,
/// as ever; workers read no file.
struct NginxTLS {
    private static let ciphers = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ]
    /// nginx reads no word of more than 4096 bytes.
    private static let pieceLength = 3000

    let folder: NginxFolder
    let listening: NginxListening
    /// Those of hosts, sorted by them.
    let certificates: [(host: String, text: CertificateFiles.Text)]

    init(
        _ apps: [NginxApp], _ files: CertificateFiles, _ listening: NginxListening, _ folder: NginxFolder
    ) {
        var found: [String: CertificateFiles.Text] = [:]
        let endpoints = listening.tlsPort == nil ? [] : apps.flatMap(\.route.endpoints)
        for endpoint in endpoints where found[endpoint.host] == nil {
            found[endpoint.host] = endpoint.certificate.flatMap(files.text)
        }
        self.folder = folder
        self.listening = listening
        certificates = found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Within `http`; none without certificates.
    var lines: [String] {
        guard let file else { return [] }
        return [
            "ssl_protocols TLSv1.2 TLSv1.3;", "ssl_ciphers \(Self.ciphers.joined(separator: ":"));",
            "ssl_prefer_server_ciphers off;", "ssl_session_cache shared:martlet:10m;", "ssl_session_timeout 1d;",
            "ssl_session_tickets off;", "include \"\(file.path)\";",
        ] + NginxText.block("server", server)
    }

    /// The one that shakes hands for all others, and refuses for hosts that have no certificate.
    private var server: [String] {
        [
            "listen \(listening.secure) default_server;", "ssl_reject_handshake on;",
            "ssl_certificate \(value("chain"));", "ssl_certificate_key \(value("key"));",
            "return 404 \"no app here\\n\";",
        ]
    }

    /// The certificates and their keys.
    var file: ServedFile? {
        guard !certificates.isEmpty else { return nil }
        let names = certificates.map { "\($0.host) \($0.text.identity)\n" }.joined()
        return ServedFile("\(folder.certificates)/\(NginxText.hash(names)).conf", for: .us) { maps }
    }

    private var maps: String {
        var numbers: [String: Int] = [:]
        var distinct: [CertificateFiles.Text] = []
        for (_, text) in certificates where numbers[text.identity] == nil {
            numbers[text.identity] = distinct.count
            distinct.append(text)
        }
        let hosts = certificates.map { "\($0.host) \(numbers[$0.text.identity] ?? 0);" }
        let lines =
            NginxText.block("map $ssl_server_name $tls_certificate", ["hostnames;", "default \"\";"] + hosts)
            + pieces("chain", distinct.map(\.chain)) + pieces("key", distinct.map(\.key))
        return lines.joined(separator: "\n") + "\n"
    }

    private func pieces(_ name: String, _ texts: [String]) -> [String] {
        let cut = texts.map { Self.pieces("data:" + $0) }
        return (0..<count(name)).flatMap { index in
            let values = cut.enumerated().filter { index < $1.count }.map { "\($0) \"\($1[index])\";" }
            return NginxText.block("map $tls_certificate $tls_\(name)_\(index)", ["default \"\";"] + values)
        }
    }

    private func value(_ name: String) -> String { (0..<count(name)).map { "$tls_\(name)_\($0)" }.joined() }

    /// How many pieces the longest has.
    private func count(_ name: String) -> Int {
        let lengths = certificates.map { (name == "key" ? $0.text.key : $0.text.chain).utf8.count + 5 }
        return ((lengths.max() ?? 1) + Self.pieceLength - 1) / Self.pieceLength
    }

    private static func pieces(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: pieceLength).map {
            String(decoding: bytes[$0..<min($0 + pieceLength, bytes.count)], as: UTF8.self)
        }
    }
}
