import ArgumentParser
import Platform

/// For whom variables are set, and when that holds.
struct ConfigFlags: ParsableArguments {
    @OptionGroup var scopes: ScopeFlags
    @OptionGroup var deployment: DeploymentFlags

    /// nil to leave that of a variable that is there already.
    var scope: ConfigScope? { scopes.scope }
}
