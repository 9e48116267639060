import ArgumentParser
import Platform

/// `--run`, `--build` or `--both`.
struct ScopeFlags: ParsableArguments {
    @Flag(
        exclusivity: .exclusive,
        help:
            "Who sees it: the running app (as by default), its builds, or both; without one a variable keeps what it has."
    )
    var scope: ConfigScope?
}

extension ConfigScope: EnumerableFlag {}
