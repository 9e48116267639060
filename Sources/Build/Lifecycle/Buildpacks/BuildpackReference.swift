/// A buildpack as an order names it.
package struct BuildpackReference: Sendable, Equatable, CustomStringConvertible {
    package let id: String
    /// Nil for the newest that is there.
    package let version: String?
    /// Whether the group passes without it.
    package let isOptional: Bool

    package init(id: String, version: String? = nil, isOptional: Bool = false) {
        self.id = id
        self.version = version
        self.isOptional = isOptional
    }

    /// `ID` or `ID@VERSION`.
    package init(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        self.init(id: parts.first ?? "", version: parts.count == 2 ? parts[1] : nil)
    }

    package var description: String { version.map { "\(id)@\($0)" } ?? id }

    /// The groups of `[[order]]`, each with its `[[order.group]]` (distribution specification, "order.toml").
    static func order(_ document: TOMLDocument) throws -> [[BuildpackReference]] {
        try document.tables("order").map { order in
            try order.tables("group").map {
                BuildpackReference(
                    id: try $0.required("id"), version: try $0.string("version").flatMap { $0.isEmpty ? nil : $0 },
                    isOptional: try $0.boolean("optional"))
            }
        }
    }
}
