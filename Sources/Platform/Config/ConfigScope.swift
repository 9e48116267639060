/// Who sees a config variable.
package enum ConfigScope: String, Sendable, CaseIterable {
    /// The app's processes.
    case run
    /// The programs of its builds.
    case build
    case both

    /// What variables are wanted for.
    package enum Use: String, Sendable {
        case run, build
    }
}
