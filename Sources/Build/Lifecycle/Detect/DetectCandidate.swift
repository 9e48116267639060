/// A buildpack in a group that is tried.
package struct DetectCandidate: Sendable, Equatable {
    package let buildpack: Buildpack
    /// Whether the group passes without it.
    package let isOptional: Bool

    package init(buildpack: Buildpack, isOptional: Bool = false) {
        self.buildpack = buildpack
        self.isOptional = isOptional
    }
}
