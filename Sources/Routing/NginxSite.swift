/// What nginx is told so that it serves the files of a static site itself.
///
/// Each version of a site has a folder of its own and is switched to with a new configuration, as processes are: nginx
/// takes that without losing a request, and every request sees one version only.
struct NginxSite {
    /// Files with these endings are parts of pages: for one that is missing, no page is an answer.
    private static let parts =
        "js|mjs|css|map|json|wasm|png|jpe?g|gif|webp|avif|svg|ico|woff2?|ttf|otf|mp[34]|webm|txt|xml|webmanifest"

    private static let forEver = "\"public, max-age=31536000, immutable\""

    let site: Route.Site

    /// Settings of all sites, within `http`. How long browsers keep a file:
    /// - a page: never without asking; the answer is short while it is the same;
    /// - a file whose name holds a hash of its content (`app.3f2a9c1d.js`, `index-B4xK92fa.css`): for ever;
    /// - others: a minute.
    ///
    /// A hash holds a digit and a letter, so that no word and no date is taken for one; the short ones of eight letters
    /// hold a capital.
    static let settings =
        NginxText.block("types", MediaTypes.lines) + [
            "charset_types \(MediaTypes.textual.filter { $0 != "text/html" }.joined(separator: " "));",
            "gzip_types \(MediaTypes.compressible.joined(separator: " "));",
        ] + NginxText.block("map $uri $site_cache", ages)

    private static let ages = [
        #"default "public, max-age=60";"#, #""~\.x?html?$" "no-cache";"#,
        #""~[._-](?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}(?:\.[A-Za-z0-9]+)+$" "# + forEver + ";",
        #""~[.-](?=[\w-]{0,7}[0-9])(?=[\w-]{0,7}[A-Z])[\w-]{8}(?:\.[A-Za-z0-9]+)+$" "# + forEver + ";",
    ]

    /// The directives of the server that serves the site.
    var lines: [String] { server.split(separator: "\n").map { String($0.dropFirst(8)) } }

    private var server: String {
        """
                root "\(site.root)";
                disable_symlinks on from=$document_root;
                index index.html;
                default_type application/octet-stream;
                charset utf-8;
                sendfile on;
                tcp_nopush on;
                gzip on;
                gzip_comp_level 5;
                gzip_min_length 1024;
                gzip_vary on;
                gzip_proxied any;
                add_header Cache-Control $site_cache;
                add_header X-Content-Type-Options nosniff always;
                if ($request_method !~ "^(?:GET|HEAD)$") { return 405; }
                error_page 403 404 =404 /404.html;
                error_page 405 @method;
        \(pages)        location = /404.html { try_files $uri @missing; }
                location ~ "/\\.(?!well-known(?:/|$))" { return 404; }
                location @missing { default_type text/plain; return 404 "no such page\\n"; }
                location @method {
                    default_type text/plain;
                    add_header Allow "GET, HEAD" always;
                    return 405 "only GET and HEAD are possible here\\n";
                }

        """
    }

    private var pages: String {
        if !site.isSinglePage { return "        location / { try_files $uri $uri.html $uri/ =404; }\n" }
        return """
                    location / { try_files $uri $uri.html $uri/index.html /index.html; }
                    location = /index.html { try_files $uri =404; }
                    location ~* "\\.(?:\(Self.parts))$" { try_files $uri =404; }

            """
    }
}
