import Platform

/// What visitors see while an app is worked on: 503 with a page, the app's own or ours.
///
/// Health checks are no matter of the proxy: they ask the processes themselves.
struct NginxMaintenance {
    let app: NginxApp
    let folder: NginxFolder

    var file: ServedFile? {
        guard app.isInMaintenance, app.obstacle == nil else { return nil }
        let page = app.settings.maintenancePage ?? Self.page
        return ServedFile("\(folder.pages)/\(app.name)-\(NginxText.hash(page)).html", for: .workers(folder)) { page }
    }

    /// What stands in each location of the app.
    var lines: [String] { ["error_page 503 \(uri);", "return 503;"] }

    /// The location that the app needs in each server where it is.
    ///
    /// - Parameter security: header directives of the server, which those here would put out of force.
    func location(_ security: [String]) -> [String] {
        guard let file else { return [] }
        return NginxText.block(
            "location = \(uri)",
            [
                "internal;", "alias \"\(file.path)\";", "types { }", "default_type text/html;", "charset utf-8;",
                "etag off;", "if_modified_since off;",
                "add_header Retry-After 60 always;", "add_header Cache-Control no-store always;",
            ] + security)
    }

    private var uri: String { "/.martlet/\(app.name)/maintenance" }

    private static let page = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>Back soon</title>
        <style>
        :root { color-scheme: light dark; font: 1.1rem/1.6 system-ui, sans-serif }
        body { min-height: 100vh; margin: 0; display: grid; place-content: center; padding: 2rem; text-align: center }
        h1 { font-size: 1.8rem; margin: 0 }
        p { margin: .5rem 0 0; opacity: .75 }
        </style>
        <h1>Back soon</h1>
        <p>This site is being worked on. Please try again in a few minutes.</p>
        </html>

        """
}
