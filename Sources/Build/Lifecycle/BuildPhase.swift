import Foundation

/// Lets the buildpacks of a group build, one after the other (Buildpack API, "Phase #3: Build").
struct BuildPhase {
    /// Files beside the layers that are not about one.
    private static let reserved: Set<String> = ["launch", "build", "store"]

    let container: any LifecycleContainer
    /// What is `/layers` in the container.
    let layers: UntrustedFolder
    /// A folder of ours, which is `/cnb/plans` in the container.
    let plans: String
    /// Bytes that the container has.
    let memory: Int
    let log: any BuildOutput

    /// Runs all of them; `layers` holds a folder for each.
    ///
    /// - Throws: `BuildError` that names the buildpack that failed.
    func build(_ group: [PlannedBuildpack], environment: BuildEnvironment) async throws -> [BuiltBuildpack] {
        var environment = environment
        var wanted = group.flatMap(\.plan.requires)
        var built: [BuiltBuildpack] = []
        for planned in group {
            let provided = Set(planned.plan.provides)
            try await run(planned.buildpack, wanted.filter { provided.contains($0.name) }, environment)
            let result = try collect(planned.buildpack)
            wanted.removeAll { provided.contains($0.name) && !result.unmet.contains($0.name) }
            environment.apply(try changes(of: result))
            if result.launch.hasSlices {
                await log.detail("the slices of \(planned.buildpack) are ignored: the app is one layer here")
            }
            built.append(result)
        }
        return built
    }

    private func changes(of result: BuiltBuildpack) throws -> LayerChanges {
        let id = result.buildpack.escapedID
        let environment = LayerEnvironment(layers: layers, phase: .build)
        let effects = try result.buildLayers.map { ($0, try environment.effect(of: $0, id)) }
        return LayerEnvironment.changes(of: id, Dictionary(effects, uniquingKeysWith: { $1 }), phase: .build)
    }

    private func run(
        _ buildpack: Buildpack, _ entries: [ContributedPlan.Requirement], _ environment: BuildEnvironment
    ) async throws {
        let file = "\(buildpack.escapedID).toml"
        try Self.plan(entries).write(toFile: "\(plans)/\(file)", atomically: false, encoding: .utf8)
        let own = "/layers/\(buildpack.escapedID)"
        let code = try await container.run(
            ["\(buildpack.containerFolder)/bin/build", own, "/platform", "/cnb/plans/\(file)"],
            environment: environment.variables(
                for: buildpack, ["CNB_LAYERS_DIR": own, "CNB_BP_PLAN_PATH": "/cnb/plans/\(file)"]),
            directory: "/workspace"
        ) { [log] in await log.printed($0) }
        guard code == 0 else { throw failure(of: buildpack, code) }
    }

    /// The buildpack's own plan (Buildpack API, "Buildpack Plan").
    static func plan(_ entries: [ContributedPlan.Requirement]) -> String {
        entries.map { entry in
            let metadata = entry.metadata.isEmpty ? "" : "[entries.metadata]\n\(TOMLItem.lines(entry.metadata))"
            return "[[entries]]\n\(TOMLItem.lines(["name": .string(entry.name)]))\(metadata)"
        }.joined()
    }

    private func failure(of buildpack: Buildpack, _ code: Int) -> BuildError {
        let hint =
            switch code {
            case 126, 127: "its 'bin/build', or a program that it starts, is missing or not executable"
            case 137: "it was killed, most likely since it used up the \(memory >> 20) MiB of memory that a build has"
            default: "its last lines say why"
            }
        return BuildError("buildpack '\(buildpack)' failed: 'bin/build' exited with \(code)", hint: hint)
    }

    /// Reads what it left, and hides layers without a type from the buildpacks that follow.
    func collect(_ buildpack: Buildpack) throws -> BuiltBuildpack {
        var built = BuiltBuildpack(buildpack: buildpack)
        let entries = try layers.entries(buildpack.escapedID)
        for entry in entries where entry.kind == .file && entry.name.hasSuffix(".toml") {
            let name = String(entry.name.dropLast(5))
            guard !Self.reserved.contains(name), let text = try text(entry.name, of: buildpack) else { continue }
            let content = try LayerContent(text, name: Self.name(entry.name, buildpack))
            if !content.isIgnored { built.layers[name] = content }
        }
        for entry in entries where entry.kind == .folder && built.layers[entry.name] == nil {
            try layers.rename(entry.name, to: "\(entry.name).ignore", in: buildpack.escapedID)
        }
        try collectDeclarations(&built)
        return built
    }

    private func collectDeclarations(_ built: inout BuiltBuildpack) throws {
        let buildpack = built.buildpack
        if let text = try text("launch.toml", of: buildpack) {
            built.launch = try LaunchDeclaration(text, name: Self.name("launch.toml", buildpack), by: buildpack)
        }
        if let text = try text("build.toml", of: buildpack) {
            let document = try TOMLDocument(text, name: Self.name("build.toml", buildpack))
            built.unmet = Set(try document.tables("unmet").map { try $0.required("name") })
        }
        if let text = try text("store.toml", of: buildpack) {
            let document = try TOMLDocument(text, name: Self.name("store.toml", buildpack))
            built.store = try document.table("metadata")?.items
        }
    }

    private func text(_ file: String, of buildpack: Buildpack) throws -> String? {
        do {
            return try layers.text("\(buildpack.escapedID)/\(file)")
        } catch {
            throw BuildError("buildpack '\(buildpack)': \(error.description)", hint: error.hint)
        }
    }

    private static func name(_ file: String, _ buildpack: Buildpack) -> String {
        "buildpack '\(buildpack)': '\(file)'"
    }
}
