/// The buildpacks at hand.
package struct BuildpackCatalog: Sendable {
    /// How many groups an order may come to: composite buildpacks multiply.
    private static let mostGroups = 1_000
    /// How deep composite buildpacks may be nested.
    private static let deepest = 16

    /// By ID; the newest version is first.
    private var buildpacks: [String: [Buildpack]] = [:]
    /// Why others are not here.
    private var rejections: [BuildError] = []

    package init() {}

    /// Every ID that is there, in order.
    package var ids: [String] { buildpacks.keys.sorted() }

    /// Adds a buildpack; one of the same ID and version is replaced.
    package mutating func add(_ buildpack: Buildpack) {
        var versions = buildpacks[buildpack.id] ?? []
        versions.removeAll { $0.descriptor.version == buildpack.descriptor.version }
        versions.append(buildpack)
        versions.sort { Self.order($0.descriptor.version) > Self.order($1.descriptor.version) }
        buildpacks[buildpack.id] = versions
    }

    /// Remembers why a buildpack could not be added, for whoever asks for it.
    mutating func reject(_ error: BuildError) { rejections.append(error) }

    /// The buildpack that is meant; nil when it is not there.
    package func find(_ reference: BuildpackReference) -> Buildpack? {
        buildpacks[reference.id]?.first { reference.version == nil || $0.descriptor.version == reference.version }
    }

    /// What `order` comes to when each composite buildpack is replaced by its groups, depth first, from left to right
    /// (Buildpack API, "Order Resolution"). A buildpack that is in a group twice stays at its first place.
    ///
    /// - Throws: `BuildError` when a buildpack is not there, or the order is too large or contains itself.
    package func groups(_ order: [[BuildpackReference]]) throws -> [[DetectCandidate]] {
        try expand(order, depth: 0).map { group in
            var seen: Set<String> = []
            return group.filter { seen.insert($0.buildpack.id).inserted }
        }
    }

    private func expand(_ order: [[BuildpackReference]], depth: Int) throws -> [[DetectCandidate]] {
        guard depth < Self.deepest else { throw BuildError("a composite buildpack contains itself") }
        var groups: [[DetectCandidate]] = []
        for group in order {
            var alternatives: [[DetectCandidate]] = [[]]
            for reference in group {
                let parts = try expand(reference, depth: depth)
                guard alternatives.count * parts.count + groups.count <= Self.mostGroups else {
                    throw BuildError("the order of buildpacks comes to more than \(Self.mostGroups) groups")
                }
                alternatives = alternatives.flatMap { head in parts.map { head + $0 } }
            }
            groups += alternatives
        }
        return groups
    }

    private func expand(_ reference: BuildpackReference, depth: Int) throws -> [[DetectCandidate]] {
        guard let buildpack = find(reference) else { throw missing(reference) }
        if buildpack.descriptor.order.isEmpty {
            return [[DetectCandidate(buildpack: buildpack, isOptional: reference.isOptional)]]
        }
        return try expand(buildpack.descriptor.order, depth: depth + 1) + (reference.isOptional ? [[]] : [])
    }

    /// The error for a buildpack that is not there.
    func missing(_ reference: BuildpackReference) -> BuildError {
        if let error = rejections.first(where: { $0.description.contains("'\(reference.id)@") }) { return error }
        let versions = (buildpacks[reference.id] ?? []).map(\.descriptor.version)
        let there = versions.isEmpty ? "there are: \(ids.joined(separator: ", "))" : "it is there as \(versions)"
        return BuildError("no buildpack '\(reference)'", hint: there)
    }

    /// Numbers compare as numbers: 1.10.0 is newer than 1.9.0.
    private static func order(_ version: String) -> VersionOrder {
        VersionOrder(parts: version.split(whereSeparator: { ".-+".contains($0) }).map { Int($0) ?? -1 }, text: version)
    }

    private struct VersionOrder: Comparable {
        let parts: [Int]
        let text: String

        static func < (left: VersionOrder, right: VersionOrder) -> Bool {
            left.parts == right.parts
                ? left.text < right.text : left.parts.lexicographicallyPrecedes(right.parts)
        }
    }
}
