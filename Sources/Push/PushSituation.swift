package import Platform

/// How an app stands when somebody asks what a push would change.
package struct PushSituation: Sendable {
    /// What serves.
    package struct Live: Sendable {
        package let number: Int
        package let branch: String
        /// 40 hexadecimal digits.
        package let commit: String
        package let product: BuildProduct

        package init(number: Int, branch: String, commit: String, product: BuildProduct) {
            self.number = number
            self.branch = branch
            self.commit = commit
            self.product = product
        }
    }

    /// Nil when nothing serves.
    package var live: Live?
    /// YAML of the app's own build settings; nil for none.
    package var settings: String?
    /// The names of its config variables that processes see.
    package var variableNames: Set<String>
    package var formation: [FormationEntry]
    package var volumes: [Volume]
    /// The number of the build of the same commit and configuration whose product is still there; nil for none.
    package var earlierBuild: Int?
    /// How its config differs from that of what serves: `new`, `changed` or `unset`, by name.
    package var staged: [String: String]

    package init(
        live: Live? = nil, settings: String? = nil, variableNames: Set<String> = [],
        formation: [FormationEntry] = [], volumes: [Volume] = [], earlierBuild: Int? = nil,
        staged: [String: String] = [:]
    ) {
        self.live = live
        self.settings = settings
        self.variableNames = variableNames
        self.formation = formation
        self.volumes = volumes
        self.earlierBuild = earlierBuild
        self.staged = staged
    }
}
