import FoundationEssentials

/// What lets nginx lead ports on without HTTP.
enum StreamModule: Sendable {
    case loadable(path: String)
    /// nginx.org's packages hold it.
    case builtIn
    case missing

    static let reason = "nginx's stream module is not installed; run 'apt-get install libnginx-mod-stream'"

    /// - Parameter options: what nginx was built with, as `nginx -V` says.
    init(options: String) {
        let places = [
            "/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules",
            "/usr/local/nginx/modules", "/etc/nginx/modules",
        ]
        let file = places.map { "\($0)/ngx_stream_module.so" }.first { FileManager.default.fileExists(atPath: $0) }
        let words = options.split(whereSeparator: \.isWhitespace)
        self = words.contains("--with-stream") ? .builtIn : file.map { .loadable(path: $0) } ?? .missing
    }
}
