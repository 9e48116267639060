import Platform

extension BuildPlan {
    /// How it is built, such as `from its Dockerfile, folder 'services/api'`.
    package var words: String {
        let place = context.isEmpty ? "" : ", folder '\(context.escaped)'"
        return switch method {
        case .dockerfile(let dockerfile): "from its \(dockerfile.file.escaped)\(place)"
        case .command: "with commands\(place)"
        case .buildpack(let buildpack):
            "with \(buildpack.builder.map { "the builder \($0.escaped)" } ?? "buildpacks")\(place)"
        }
    }
}
