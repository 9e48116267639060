/// Files of Docker's that outlive containers.
package struct DockerVolume: Sendable, Equatable {
    package let name: String
    package let labels: [String: String]

    /// Docker's own words.
    struct Answer: Decodable, Sendable {
        let Name: String
        let Labels: [String: String]?
    }

    init(_ answer: Answer) {
        name = answer.Name
        labels = answer.Labels ?? [:]
    }
}
