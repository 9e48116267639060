/// A kind of process that an app consists of, and how it is started from its image.
package struct ProcessDeclaration: Sendable, Equatable, Codable {
    /// A DNS label, such as `web`, the one to which requests go.
    package let type: String
    /// Instead of the image's entrypoint; nil for that.
    package let entrypoint: [String]?
    /// Instead of the image's command; nil for that.
    package let command: [String]?

    package init(type: String, entrypoint: [String]? = nil, command: [String]? = nil) {
        self.type = type
        self.entrypoint = entrypoint
        self.command = command
    }

    /// One that a shell starts: a line of a `Procfile`, given to the image's entrypoint if it has one.
    package init(type: String, shell command: String) {
        self.init(type: type, command: ["/bin/sh", "-c", command])
    }
}
