import Foundation
package import GitWire
package import Platform

/// What is being built, and for whom.
package struct BuildSource: Sendable {
    package let app: App
    /// The build's number within the app.
    package let number: Int
    package let commit: ObjectID
    /// The bare repository's folder.
    package let repository: String
    /// Whether cached steps are run again.
    package var noCache: Bool
    /// The app's build-scoped config variables: secrets, for the build's programs alone.
    package let variables: [String: String]
    /// The names of the app's config variables, whatever their scope.
    package let variableNames: Set<String>
    /// What its caches are called with BuildKit.
    var cache: UUID

    package init(
        app: App, number: Int, commit: ObjectID, repository: String, noCache: Bool, variables: [String: String] = [:],
        variableNames: Set<String> = []
    ) {
        self.app = app
        self.number = number
        self.commit = commit
        self.repository = repository
        self.noCache = noCache
        self.variables = variables
        self.variableNames = variableNames
        cache = app.id
    }

    /// What the image is named: `martlet/<app ID>:build-<number>`.
    package var imageName: String { "martlet/\(app.id.text):build-\(number)" }

    /// Refuses a build that no release could come of.
    ///
    /// - Throws: `BuildError` that names the variables that are required and not set, and how to set them.
    func requireVariables(_ declarations: [VariableDeclaration]) throws(BuildError) {
        let missing = VariableDeclaration.missing(from: declarations, names: variableNames)
        guard !missing.isEmpty else { return }
        let refusal = VariableDeclaration.refusal(of: missing, app: app.name)
        throw BuildError(refusal.text, hint: refusal.hint)
    }
}
