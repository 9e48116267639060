/// What a buildpack says of one of its layers: `<layer>.toml` (Buildpack API, "Layer Content Metadata").
package struct LayerContent: Sendable, Equatable, Codable {
    /// Whether the app's image has it.
    package var isForLaunch = false
    /// Whether the buildpacks that follow see it.
    package var isForBuild = false
    /// Whether it is kept for the next build.
    package var isCached = false
    /// What the buildpack noted, for its next run.
    package var metadata: [String: TOMLItem] = [:]

    package init(launch: Bool = false, build: Bool = false, cache: Bool = false, metadata: [String: TOMLItem] = [:]) {
        isForLaunch = launch
        isForBuild = build
        isCached = cache
        self.metadata = metadata
    }

    /// - Throws: `BuildError` when it is malformed.
    init(_ text: String, name: String) throws {
        let document = try TOMLDocument(text, name: name)
        metadata = try document.table("metadata")?.items ?? [:]
        guard let types = try document.table("types") else { return }
        isForLaunch = try types.boolean("launch")
        isForBuild = try types.boolean("build")
        isCached = try types.boolean("cache")
    }

    /// A layer without a type is for its buildpack alone, and for this build only.
    package var isIgnored: Bool { !isForLaunch && !isForBuild && !isCached }

    /// What the next run finds: never the types.
    var restored: String { metadata.isEmpty ? "" : "[metadata]\n\(TOMLItem.lines(metadata))" }
}
