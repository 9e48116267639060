/// The environment in which buildpacks detect and build (Buildpack API, "Environment").
struct BuildEnvironment: Sendable {
    /// What the build image and the layers of earlier buildpacks set.
    var values: [String: String]
    /// What the app is configured with; also in files of the platform folder.
    let configured: [String: String]
    let system: BuildSystem

    /// What `buildpack` gets; `own` is what names its folders.
    func variables(for buildpack: Buildpack, _ own: [String: String]) -> [String: String] {
        var variables = values
        if !buildpack.descriptor.clearsEnvironment {
            for (name, value) in configured where !name.hasPrefix("CNB_") {
                let isPath = LayerEnvironment.pathVariables.contains(name)
                let change = EnvironmentChange(name, isPath ? .prepend : .override, value, delimiter: ":")
                change.apply(to: &variables)
            }
        }
        variables.merge(system.environment) { $1 }
        variables["CNB_BUILDPACK_DIR"] = buildpack.containerFolder
        variables["CNB_PLATFORM_DIR"] = "/platform"
        if buildpack.descriptor.api >= BuildpackAPI(0, 12) { variables["CNB_EXEC_ENV"] = "production" }
        return variables.merging(own) { $1 }
    }

    mutating func apply(_ changes: LayerChanges) {
        for step in changes.steps where step.process == nil { step.change.apply(to: &values) }
    }
}
