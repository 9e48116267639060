/// What a buildpack says of itself: its `buildpack.toml` (Buildpack API 0.12, "buildpack.toml").
package struct BuildpackDescriptor: Sendable, Equatable {
    /// The longest ID or version, in bytes: both become names of folders.
    private static let longestName = 128

    package let api: BuildpackAPI
    package let id: String
    package let version: String
    /// Nil when it has none.
    package let homepage: String?
    /// Whether what the app is configured with stays out of its environment, and is found in files only.
    package let clearsEnvironment: Bool
    /// The groups that a composite buildpack stands for; empty for one that detects and builds.
    package let order: [[BuildpackReference]]
    /// Where it runs; empty when it does not say.
    package let targets: [BuildpackTarget]
    /// The stacks that it runs on, by ID; `*` is any, and so is an empty list.
    package let stacks: [String]

    /// - Parameter place: where the text is from, for messages.
    /// - Throws: `BuildError` when it is malformed, or asks for an API that is not spoken here.
    init(_ text: String, place: String) throws {
        let document = try TOMLDocument(text, name: "'\(place)'")
        guard let buildpack = try document.table("buildpack") else {
            throw BuildError("'\(place)' has no '[buildpack]'")
        }
        id = try buildpack.required("id")
        version = try buildpack.required("version")
        guard Self.isName(id, extra: "/"), Self.isName(version, extra: "+"), !["config", "app", "sbom"].contains(id)
        else { throw BuildError("'\(place)': '\(id)@\(version)' is no buildpack ID and version") }
        api = try Self.api(document, name: "\(id)@\(version)")
        homepage = try buildpack.string("homepage")
        clearsEnvironment = try buildpack.boolean("clear-env")
        order = try BuildpackReference.order(document)
        targets = try document.tables("targets").map(BuildpackTarget.init)
        stacks = try document.tables("stacks").map { try $0.required("id") }
    }

    private static func api(_ document: TOMLDocument, name: String) throws -> BuildpackAPI {
        let text = try document.string("api") ?? "0.1"  // what none means, by the specification
        guard let api = BuildpackAPI(text), BuildpackAPI.supported.contains(api) else {
            let range = BuildpackAPI.supported
            throw BuildError(
                "buildpack '\(name)' asks for Buildpack API \(text); this server speaks \(range.lowerBound) to "
                    + "\(range.upperBound)", hint: "use another version of that buildpack")
        }
        return api
    }

    /// Letters, digits, `.`, `-`, `_` and `extra`, and no segment `.` or `..`.
    private static func isName(_ text: String, extra: Character) -> Bool {
        let segments = text.split(separator: "/", omittingEmptySubsequences: false)
        return text.utf8.count <= longestName && segments.allSatisfy { !["", ".", ".."].contains($0) }
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0) || $0 == extra) }
    }
}

/// A system that a buildpack runs on; nil stands for any (Buildpack API 0.10, "Targets").
package struct BuildpackTarget: Sendable, Equatable {
    package struct Distribution: Sendable, Equatable {
        package let name: String
        /// Nil for any.
        package let version: String?
    }

    package let system: String?
    package let architecture: String?
    /// Empty for any.
    package let distributions: [Distribution]

    init(_ document: TOMLDocument) throws {
        system = try document.string("os")
        architecture = try document.string("arch")
        // `distributions` before Buildpack API 0.12.
        distributions = try (document.tables("distros") + document.tables("distributions")).map {
            Distribution(name: try $0.required("name"), version: try $0.string("version"))
        }
    }
}
