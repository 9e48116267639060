import Foundation

/// What a build made, and how it is to be run.
package struct BuildProduct: Sendable, Equatable, Codable {
    /// How it was made: `dockerfile`, `command` or `buildpack`.
    package var method: String
    /// The image's content digest, `sha256:` and 64 hexadecimal digits.
    package var image: String
    /// The files to serve instead of running the image; nil for an app that runs.
    package var site: Site?
    /// The TCP port on which the web process listens.
    package var port: Int
    /// The path of the web process's HTTP health check; nil for a TCP check.
    package var healthPath: String?
    /// Empty when the image's own entrypoint and command are the web process.
    package var processes: [ProcessDeclaration]
    /// How the app's database is brought in line with it; nil when it says nothing of that.
    package var migration: MigrationPlan?
    /// The config variables that it knows; nil for none.
    package var variables: [VariableDeclaration]?
    /// How it wants its requests treated; nil when it says nothing of that.
    package var routing: RoutingSettings?

    /// Files that are served as they are.
    package struct Site: Sendable, Equatable, Codable {
        /// The folder's path below the folder of all sites: `<app ID>/<build number>`.
        package var folder: String
        /// Whether a path without a file is answered with `index.html`.
        package var isSinglePage: Bool

        package init(folder: String, isSinglePage: Bool) {
            self.folder = folder
            self.isSinglePage = isSinglePage
        }
    }

    package init(
        method: String, image: String, site: Site? = nil, port: Int = 5000, healthPath: String? = nil,
        processes: [ProcessDeclaration] = []
    ) {
        self.method = method
        self.image = image
        self.site = site
        self.port = port
        self.healthPath = healthPath
        self.processes = processes
    }
}

extension BuildProduct {
    /// What `json` holds, in the form in which the database keeps it.
    ///
    /// - Throws: `DecodingError` when it is something else.
    init(json: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) }

    /// The form in which the database keeps it.
    var json: String {
        get throws { try String(decoding: JSONEncoder().encode(self), as: UTF8.self) }
    }
}
