/// Which changes of a repository concern an app: what `build.watch` says.
///
/// The patterns are those of `.gitignore`, the last one that matches a path decides. The folder that is built stands
/// before them: all in it counts unless a pattern with `!` takes it away. `martlet.yaml` counts always. When there are
/// only patterns with `!`, everything else counts.
package struct WatchRules: Sendable, Equatable {
    private let patterns: [PathPattern]
    private let context: String
    private let countsOthers: Bool

    /// - Parameters:
    ///   - patterns: as `BuildPlan.watch` has them; with none, every change counts.
    ///   - context: the folder that is built, as `BuildPlan.context` has it.
    package init(_ patterns: [String], context: String) {
        self.patterns = patterns.compactMap { PathPattern($0) }
        self.context = context
        countsOthers = self.patterns.allSatisfy(\.isNegated)
    }

    /// The first of `paths`, which are relative to the repository's top, that concerns the app; nil when none does.
    package func firstRelevant(_ paths: [String]) -> String? { paths.first(where: isRelevant) }

    /// Whether a change of the file at `path` concerns the app.
    package func isRelevant(_ path: String) -> Bool {
        if path == BuildPlan.settingsFile || path == SourceFolder.join(context, BuildPlan.settingsFile) { return true }
        if let last = patterns.last(where: { $0.matches(path) }) { return !last.isNegated }
        return countsOthers || !context.isEmpty && path.hasPrefix("\(context)/")
    }
}
