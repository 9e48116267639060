/// What a buildpack that detected provides and requires (Buildpack API, "Build Plan").
package struct ContributedPlan: Sendable, Equatable {
    /// Alternatives beyond which a plan is refused.
    private static let mostAlternatives = 100

    /// Something that is wanted.
    package struct Requirement: Sendable, Equatable {
        package let name: String
        package let metadata: [String: TOMLItem]

        package init(name: String, metadata: [String: TOMLItem] = [:]) {
            self.name = name
            self.metadata = metadata
        }
    }

    /// One of the plans among which the buildpack leaves the choice.
    package struct Alternative: Sendable, Equatable {
        package let provides: [String]
        package let requires: [Requirement]

        package init(provides: [String] = [], requires: [Requirement] = []) {
            self.provides = provides
            self.requires = requires
        }

        init(_ document: TOMLDocument) throws {
            provides = try document.tables("provides").map { try $0.required("name") }
            requires = try document.tables("requires").map {
                Requirement(name: try $0.required("name"), metadata: try $0.table("metadata")?.items ?? [:])
            }
        }
    }

    /// The one at the top comes first, those of `[[or]]` follow.
    package let alternatives: [Alternative]

    /// Neither provides nor requires anything.
    package static let empty = ContributedPlan([Alternative()])

    package init(_ alternatives: [Alternative]) { self.alternatives = alternatives }

    /// - Throws: `BuildError` when it is malformed.
    init(_ text: String, name: String) throws {
        let document = try TOMLDocument(text, name: name)
        let others = try document.tables("or")
        guard others.count < Self.mostAlternatives else {
            throw BuildError("\(name) has more than \(Self.mostAlternatives) alternatives")
        }
        alternatives = try [Alternative(document)] + others.map(Alternative.init)
    }
}
