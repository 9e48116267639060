/// What changes when one product takes the place of another: what `releases diff` and `git push -o plan` show.
package struct DeploymentDifference: Sendable, Equatable {
    /// One change, on one line: harmless to a terminal as far as control characters go.
    package let lines: [String]

    /// - Parameters:
    ///   - old: nil for nothing: then the lines say all that `new` consists of.
    ///   - new: what takes its place. One that is not built yet has an empty image, of which nothing is said.
    package init(from old: BuildProduct?, to new: BuildProduct) {
        let parts = DeploymentPart.all(of: new)
        guard let old else {
            lines = parts.map { "\($0.name): \($0.words)" }
            return
        }
        let former = DeploymentPart.all(of: old)
        lines =
            parts.flatMap { part in
                former.first { $0.name == part.name }.map { Self.changes(from: $0, to: part) }
                    ?? ["\(part.name): new: \(part.words)"]
            }
            + former.filter { part in
                !parts.contains { $0.name == part.name } && !(part.name == "image" && new.image.isEmpty)
            }.map { "\($0.name): gone" }
    }

    /// The lines alone; empty when nothing that matters differs.
    package static func lines(from old: BuildProduct?, to new: BuildProduct) -> [String] {
        DeploymentDifference(from: old, to: new).lines
    }

    /// What is said of one part otherwise than before, in the order in which it is said.
    private static func changes(from old: DeploymentPart, to new: DeploymentPart) -> [String] {
        let gone = old.facts.filter { new[$0.aspect] == nil }
        return (new.facts + gone).compactMap { fact in
            let (before, after) = (old[fact.aspect], new[fact.aspect])
            guard before != after else { return nil }
            let subject = fact.aspect.isEmpty ? new.name : "\(new.name): \(fact.aspect)"
            let gap = fact.aspect.isEmpty ? ":" : ""
            return "\(subject)\(gap) \(before ?? "default") -> \(after ?? "default")"
        }
    }
}
