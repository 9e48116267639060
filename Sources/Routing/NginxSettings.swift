import FoundationEssentials

/// What holds for all hosts.
enum NginxSettings {
    /// Within `http`.
    static func lines(_ folder: NginxFolder) -> [String] { base(folder) + proxying + judging + NginxSite.settings }

    private static func base(_ folder: NginxFolder) -> [String] {
        [
            "default_type text/plain;", "server_tokens off;", "absolute_redirect off;",
            "server_names_hash_max_size 16384;",
            "server_names_hash_bucket_size 512;", "map_hash_max_size 16384;", "map_hash_bucket_size 512;",
            "variables_hash_max_size 4096;",
            "log_format martlet '$remote_addr [$time_iso8601] $host \"$request\" '",
            "    '$status $body_bytes_sent $request_time $upstream_addr';",
            "access_log \"\(folder.accessLog)\" martlet;", "client_body_temp_path \"\(folder.temporary)/body\";",
            "proxy_temp_path \"\(folder.temporary)/proxy\";", "fastcgi_temp_path \"\(folder.temporary)/fastcgi\";",
            "uwsgi_temp_path \"\(folder.temporary)/uwsgi\";", "scgi_temp_path \"\(folder.temporary)/scgi\";",
        ]
    }

    private static let proxying =
        ["map $http_upgrade $connection_upgrade { default upgrade; '' close; }", "proxy_http_version 1.1;"]
        + NginxHeaders.proxied() + [
            "proxy_redirect off;", "proxy_connect_timeout 5s;", "proxy_next_upstream error timeout;",
            "proxy_next_upstream_tries 3;", "proxy_next_upstream_timeout 10s;",
        ]

    /// For those who judge visitors over TLS: once for all, since reading what is trusted takes long.
    private static let judging =
        trusted.map {
            [
                "proxy_ssl_server_name on;", "proxy_ssl_verify on;", "proxy_ssl_verify_depth 5;",
                "proxy_ssl_trusted_certificate \"\($0)\";",
            ]
        } ?? []

    /// The machine's certificate authorities; nil where there is no such file.
    static let trusted = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ].first { FileManager.default.isReadableFile(atPath: $0) }
}
