/// What changes when one product takes the place of another: what `releases diff` and `git push -o plan` show.
package struct DeploymentDifference: Sendable, Equatable {
    /// One thing that changes.
    package struct Change: Sendable, Equatable {
        /// Such as `port`, `web` or `variable LEVEL`.
        package let part: String
        /// What of it, such as `quantity`; empty for the part itself.
        package let aspect: String
        /// nil where it is not there, or not said.
        package let before: String?
        package let after: String?
        /// Whether the part as a whole comes or goes.
        let isWhole: Bool

        /// On one line, harmless to a terminal as far as control characters go.
        package var line: String {
            if isWhole { return "\(part): \(after.map { "new: \($0)" } ?? "gone")" }
            let subject = aspect.isEmpty ? "\(part):" : "\(part): \(aspect)"
            return "\(subject) \(before ?? "default") -> \(after ?? "default")"
        }
    }

    package let changes: [Change]

    /// - Parameters:
    ///   - old: what is replaced.
    ///   - new: what takes its place. One that is not built yet has an empty image, of which nothing is said.
    package init(from old: BuildProduct, to new: BuildProduct) {
        let (former, parts) = (DeploymentPart.all(of: old), DeploymentPart.all(of: new))
        changes =
            parts.flatMap { part in
                former.first { $0.name == part.name }.map { Self.changes(from: $0, to: part) }
                    ?? [Change(part: part.name, aspect: "", before: nil, after: part.words, isWhole: true)]
            }
            + former.filter { part in
                !parts.contains { $0.name == part.name } && !(part.name == "image" && new.image.isEmpty)
            }.map { Change(part: $0.name, aspect: "", before: $0.words, after: nil, isWhole: true) }
    }

    /// A line for each change, none when nothing that matters differs; without an old one, all that the new one consists
    /// of.
    package static func lines(from old: BuildProduct?, to new: BuildProduct) -> [String] {
        guard let old else { return DeploymentPart.all(of: new).map { "\($0.name): \($0.words)" } }
        return DeploymentDifference(from: old, to: new).changes.map(\.line)
    }

    /// What is said of one part otherwise than before, in the order in which it is said.
    private static func changes(from old: DeploymentPart, to new: DeploymentPart) -> [Change] {
        let gone = old.facts.filter { new[$0.aspect] == nil }
        return (new.facts + gone).compactMap { fact in
            let (before, after) = (old[fact.aspect], new[fact.aspect])
            guard before != after else { return nil }
            return Change(part: new.name, aspect: fact.aspect, before: before, after: after, isWhole: false)
        }
    }
}
