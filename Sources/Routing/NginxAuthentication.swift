import Platform

/// Who may see an app: visitors with passwords, or whom a URL lets in.
struct NginxAuthentication {
    let app: NginxApp
    let folder: NginxFolder

    /// The names of visitors and the hashes of their passwords; nil when nobody needs one.
    var file: ServedFile? {
        guard !app.visitors.isEmpty, app.obstacle == nil else { return nil }
        let text = app.visitors.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)\n" }.joined()
        return ServedFile("\(folder.visitors)/\(app.name)-\(NginxText.hash(text))", for: .workers(folder)) { text }
    }

    /// What stands in each location of the app.
    ///
    /// - Parameter security: header directives of the server, which those here would put out of force.
    func lines(_ security: [String]) -> [String] {
        let password = file.map { ["auth_basic \"\(app.name)\";", "auth_basic_user_file \"\($0.path)\";"] } ?? []
        guard let mode = forwardMode else { return password }
        let sets = NginxHeaders.identity.map {
            "auth_request_set \(Self.variable($0)) $upstream_http_\($0.lowercased().replacing("-", with: "_"));"
        }
        // Whose judge is an app that we route ourselves would ask without end.
        return password + [
            "if ($http_x_martlet_authentication) { return 508; }", "auth_request \(judge);",
            "auth_request_set $login $upstream_http_location;",
            "auth_request_set $judge_cookie $upstream_http_set_cookie;",
        ] + sets + ["add_header Set-Cookie $judge_cookie always;"] + security
            + (mode == .hard ? ["error_page 401 = @login;", "error_page 500 = @unidentified;"] : [])
            + ["error_page 502 @refused;", "error_page 504 @silent;"]
    }

    /// What processes are told of who a visitor is; clients cannot say so themselves, also while nobody is asked: the app
    /// was written to believe it.
    var headers: [NginxHeaders.Header] {
        guard app.settings.forwardAuthentication != nil else { return [] }
        return NginxHeaders.identity.map { ($0, forwardMode == nil ? "" : Self.variable($0)) }
    }

    var upstream: [String] {
        guard let url = app.forwardURL, forwardMode != nil else { return [] }
        let servers = app.authenticationAddresses.map { "server \($0):\(url.port) max_fails=0;" }
        return NginxText.block("upstream judge-\(app.name)", servers)
    }

    /// The locations that the app needs in each server where it is.
    var locations: [String] {
        guard let mode = forwardMode, let url = app.forwardURL else { return [] }
        return NginxText.block("location = \(judge)", ["internal;"] + question(url) + answer(mode))
    }

    /// The locations that all apps of a server share.
    static let shared =
        NginxText.block("location @login", ["if ($login) { return 302 $login; }", "return 401;"])
        + NginxText.block("location @unidentified", ["return 503 \"\(NginxApp.unidentifiable)\\n\";"])
        + NginxText.block("location @strange", ["return 401;"]) + NginxText.block("location @anybody", ["return 204;"])

    var isForwarded: Bool { forwardMode != nil }

    /// nil when nobody is asked: none is set, or none is reachable, which only matters where anybody may.
    private var forwardMode: RoutingSettings.ForwardAuthentication.Mode? {
        guard app.forwardURL != nil, !app.authenticationAddresses.isEmpty, app.obstacle == nil else { return nil }
        return app.settings.forwardAuthentication?.mode
    }

    private var judge: String { "/.martlet/\(app.name)/judge" }

    /// The names that Authelia, Authentik, oauth2-proxy and Traefik's or nginx's users expect.
    private func question(_ url: ProxyURL) -> [String] {
        let headers: [NginxHeaders.Header] =
            [
                ("Host", url.host + (url.port == (url.isSecure ? 443 : 80) ? "" : ":\(url.port)")),
                ("Content-Length", ""),
                ("X-Original-Method", "$request_method"), ("X-Original-URI", "$request_uri"),
                ("X-Original-URL", "$scheme://$http_host$request_uri"), ("X-Forwarded-Method", "$request_method"),
                ("X-Forwarded-Proto", "$scheme"), ("X-Forwarded-Host", "$http_host"),
                ("X-Forwarded-Uri", "$request_uri"), ("X-Forwarded-For", "$proxy_add_x_forwarded_for"),
                ("X-Real-IP", "$remote_addr"), ("X-Martlet-Authentication", "1"),
            ] + NginxHeaders.identity.map { ($0, "") }
        let target = url.target.hasPrefix("/") ? url.target : "/" + url.target
        return [
            "proxy_pass \"\(url.isSecure ? "https" : "http")://judge-\(app.name)\(target)\";",
            "proxy_pass_request_body off;", "proxy_read_timeout 10s;",
        ] + NginxHeaders.lines("proxy_set_header", headers)
            + (url.isSecure ? ["proxy_ssl_name \(url.host);"] : [])
    }

    /// `auth_request` itself knows 2xx, 401 and 403 only.
    private func answer(_ mode: RoutingSettings.ForwardAuthentication.Mode) -> [String] {
        switch mode {
        case .off: []
        case .hard: ["proxy_intercept_errors on;", "error_page 301 302 303 307 308 = @strange;"]
        case .soft:
            [
                "proxy_intercept_errors on;",
                "error_page 300 301 302 303 304 307 308 400 401 402 403 404 405 406 407 408 409 410 411 412 413 414 "
                    + "415 416 417 418 421 422 424 425 426 428 429 431 451 500 501 502 503 504 505 508 511 = @anybody;",
            ]
        }
    }

    private static func variable(_ header: String) -> String {
        "$judge_\(header.lowercased().replacing("-", with: "_"))"
    }
}
