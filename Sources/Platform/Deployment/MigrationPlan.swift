/// How the database of an app is brought to the form that its code expects.
package struct MigrationPlan: Sendable, Hashable, Codable {
    /// Of both commands, instead of the image's; nil for that.
    package var entrypoint: [String]?
    /// A command that exits with 0 when nothing is to be done, and with anything else when something is; its output is
    /// shown. nil when that cannot be told: then something is to be done with each new commit.
    package var status: [String]?
    /// The command that does it.
    package var up: [String]
    /// Whether the old code goes on working with the new form. Where not, the app is closed meanwhile.
    package var isCompatible: Bool
    /// For how long each command may run, in seconds.
    package var timeout: Double

    package init(
        entrypoint: [String]? = nil, status: [String]?, up: [String], isCompatible: Bool, timeout: Double = 3600
    ) {
        self.entrypoint = entrypoint
        self.status = status
        self.up = up
        self.isCompatible = isCompatible
        self.timeout = timeout
    }
}
