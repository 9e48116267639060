/// The two images that buildpacks and commands work with, by the names that Docker knows them by.
package struct Stack: Sendable, Equatable {
    /// What apps are built on.
    package let build: String
    /// What they run on.
    package let run: String
    /// The version of the recipe; nil for images that somebody configured.
    package let version: String?

    package init(build: String, run: String, version: String? = nil) {
        self.build = build
        self.run = run
        self.version = version
    }

    /// What the recipe makes.
    package static let own = Stack(build: "martlet/stack:build", run: "martlet/stack:run")
}
