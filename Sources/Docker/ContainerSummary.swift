/// A container in a list.
package struct ContainerSummary: Sendable, Equatable {
    package let id: String
    package let name: String
    /// What it was made of, as it was named then.
    package let image: String
    package let labels: [String: String]
    /// `created`, `running`, `restarting`, `exited`, `dead`, `paused` or `removing`.
    package let state: String

    /// Docker's own words.
    struct Answer: Decodable, Sendable {
        let Id: String
        let Names: [String]?
        let Image: String
        let Labels: [String: String]?
        let State: String
    }

    init(_ answer: Answer) {
        id = answer.Id
        let name = answer.Names?.first ?? ""
        self.name = name.hasPrefix("/") ? String(name.dropFirst()) : name
        image = answer.Image
        labels = answer.Labels ?? [:]
        state = answer.State
    }
}
