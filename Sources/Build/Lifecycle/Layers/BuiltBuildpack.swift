/// What a buildpack left behind.
struct BuiltBuildpack: Equatable {
    let buildpack: Buildpack
    /// Its layers that have a type, by name.
    var layers: [String: LayerContent] = [:]
    var launch = LaunchDeclaration()
    /// Nil when it left no `store.toml`.
    var store: [String: TOMLItem]?
    /// What it was asked for and left to others.
    var unmet: Set<String> = []

    /// The names of its layers that the app's image has, in order.
    var launchLayers: [String] { names(where: \.isForLaunch) }
    /// The names of its layers that the buildpacks after it see, in order.
    var buildLayers: [String] { names(where: \.isForBuild) }

    private func names(where condition: (LayerContent) -> Bool) -> [String] {
        layers.filter { condition($0.value) }.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
