/// The media types of files, by the ending of their names (IANA's registry).
///
/// Our own list, so that a site is served alike on every machine: Debian's `mime.types` knows neither `mjs` nor
/// `webmanifest`.
enum MediaTypes {
    private static let endings = [
        "text/html": "html htm", "text/css": "css", "text/javascript": "js mjs", "text/plain": "txt text log",
        "text/markdown": "md", "text/csv": "csv", "text/calendar": "ics", "text/vtt": "vtt", "text/xml": "xml xsl",
        "application/json": "json map", "application/ld+json": "jsonld", "application/geo+json": "geojson",
        "application/manifest+json": "webmanifest", "application/rss+xml": "rss", "application/atom+xml": "atom",
        "application/xhtml+xml": "xhtml", "application/wasm": "wasm", "application/pdf": "pdf",
        "application/zip": "zip", "application/gzip": "gz tgz", "application/zstd": "zst", "application/x-xz": "xz",
        "application/x-tar": "tar", "application/x-7z-compressed": "7z", "application/epub+zip": "epub",
        "application/vnd.ms-fontobject": "eot", "font/woff": "woff", "font/woff2": "woff2", "font/ttf": "ttf",
        "font/otf": "otf", "font/collection": "ttc", "image/svg+xml": "svg", "image/png": "png",
        "image/jpeg": "jpg jpeg", "image/gif": "gif", "image/webp": "webp", "image/avif": "avif",
        "image/bmp": "bmp", "image/tiff": "tif tiff", "image/vnd.microsoft.icon": "ico", "image/jxl": "jxl",
        "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/ogg": "ogg oga opus", "audio/wav": "wav", "audio/flac": "flac",
        "audio/aac": "aac", "video/mp4": "mp4 m4v", "video/webm": "webm", "video/ogg": "ogv",
        "video/quicktime": "mov", "video/x-msvideo": "avi", "video/mp2t": "ts", "model/gltf+json": "gltf",
        "model/gltf-binary": "glb", "application/x-apple-diskimage": "dmg",
        "application/vnd.debian.binary-package": "deb", "application/yaml": "yaml yml", "application/toml": "toml",
        "application/vnd.apple.mpegurl": "m3u8", "application/dash+xml": "mpd",
    ]

    /// Those that are text, and get `charset=utf-8`.
    static let textual = endings.keys.filter {
        $0.hasPrefix("text/") || $0.hasSuffix("+xml") || $0.hasSuffix("json") || $0.hasSuffix("/yaml")
            || $0.hasSuffix("/toml")
    }.sorted()

    /// Those that are smaller when compressed; HTML always is.
    static let compressible =
        (textual.filter { $0 != "text/html" } + [
            "application/wasm", "application/vnd.ms-fontobject", "font/ttf", "font/otf", "image/bmp",
            "image/vnd.microsoft.icon",
        ]).sorted()

    /// The lines of nginx's `types`.
    static let lines = endings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value);" }
}
