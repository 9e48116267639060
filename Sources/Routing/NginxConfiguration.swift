/// What nginx is told: every setting, and every route.
///
/// Connections to processes are not kept: one that a process closes just as it is used again would lose a request.
struct NginxConfiguration {
    let folder: NginxFolder
    /// `127.0.0.1`, `0.0.0.0`, `::` …
    let address: String
    let port: Int
    /// How long requests may go on in a worker that has been replaced.
    let drainSeconds: Int
    /// Checked before.
    let routes: [Route]

    /// Tells this configuration from any other: a hash of its text (FNV-1a, 64 bits).
    var mark: String {
        let hash = text(mark: "").utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }

    /// The configuration file, with the mark by which the running nginx is asked whether it is in force.
    var text: String { text(mark: mark) }

    private func text(mark: String) -> String {
        global + "\nhttp {\n" + defaults + NginxSite.defaults + control(mark) + fallback
            + routes.map(server).joined() + "}\n"
    }

    private var global: String {
        """
        # Written by Martlet; changes are lost.
        \(folder.user.map { "user \($0);" } ?? "# workers run as the user who started nginx")
        pid "\(folder.pidFile)";
        error_log "\(folder.errorLog)" warn;
        worker_processes 2;
        worker_rlimit_nofile 8192;
        worker_shutdown_timeout \(max(1, drainSeconds))s;
        events { worker_connections 4096; }

        """
    }

    private var defaults: String {
        """
            default_type text/plain;
            server_tokens off;
            server_names_hash_max_size 16384;
            server_names_hash_bucket_size 512;
            log_format martlet '$remote_addr [$time_iso8601] $host "$request" '
                '$status $body_bytes_sent $request_time $upstream_addr';
            access_log "\(folder.accessLog)" martlet;
            client_body_temp_path "\(folder.temporary)/body";
            proxy_temp_path "\(folder.temporary)/proxy";
            fastcgi_temp_path "\(folder.temporary)/fastcgi";
            uwsgi_temp_path "\(folder.temporary)/uwsgi";
            scgi_temp_path "\(folder.temporary)/scgi";
            map $http_upgrade $connection_upgrade { default upgrade; '' close; }
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Forwarded-Port $server_port;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_redirect off;
            proxy_connect_timeout 5s;
            proxy_next_upstream error timeout;
            proxy_next_upstream_tries 3;
            proxy_next_upstream_timeout 10s;

        """
    }

    private func control(_ mark: String) -> String {
        """
            server {
                listen "unix:\(folder.controlSocket)";
                access_log off;
                return 200 "\(mark)";
            }

        """
    }

    private var fallback: String {
        """
            server {
                listen \(listen) default_server;
                return 404 "no app here\\n";
            }

        """
    }

    private func server(_ route: Route) -> String {
        if let site = route.site { return server(route, site) }
        return """
            \(upstream(route))    server {
                    listen \(listen);
                    server_name \(route.hosts.joined(separator: " "));
                    client_max_body_size \(route.maxBodyBytes);
                    proxy_read_timeout \(route.readTimeoutSeconds)s;
                    proxy_send_timeout \(route.readTimeoutSeconds)s;
                    location / {
                        \(route.upstreams.isEmpty ? Self.notRunning : "proxy_pass http://app-\(route.app);")
                    }
                    error_page 502 @refused;
                    error_page 504 @silent;
                    location @refused { return 502 "app is not answering\\n"; }
                    location @silent { return 504 "app did not answer in time\\n"; }
                }

            """
    }

    private func server(_ route: Route, _ site: Route.Site) -> String {
        """
            server {
                listen \(listen);
                server_name \(route.hosts.joined(separator: " "));
        \(NginxSite(site: site).server)    }

        """
    }

    private static let notRunning = #"add_header Retry-After 5 always; return 503 "app is not running\n";"#

    private func upstream(_ route: Route) -> String {
        if route.upstreams.isEmpty { return "" }
        let servers = route.upstreams.map { "server \($0) max_fails=1 fail_timeout=2s;" }
        return "    upstream app-\(route.app) { \(servers.joined(separator: " ")) }\n"
    }

    private var listen: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
