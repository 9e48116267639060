/// What BuildKit is to build.
package struct ImageRecipe: Sendable {
    /// The folder whose files the Dockerfile may copy.
    package var context: String
    /// The path of the Dockerfile, in the context or elsewhere. `<path>.dockerignore` goes before the context's own
    /// `.dockerignore` (Dockerfile reference).
    package var dockerfile: String
    /// The image's name, `NAME:TAG`.
    package var tag: String
    /// The stage that is built; nil for the last one.
    package var target: String?
    package var labels: [String: String] = [:]
    package var secrets: [BuildSecret] = []
    /// Whether cached steps are run again.
    package var noCache = false
    /// How the steps are shown; nil for those that are not.
    var title: @Sendable (StepTitle) -> StepTitle? = { $0 }
    /// Whether the repository's own `.dockerignore` has a say.
    var honoursIgnoreFile = true

    package init(context: String, dockerfile: String, tag: String) {
        self.context = context
        self.dockerfile = dockerfile
        self.tag = tag
    }
}
