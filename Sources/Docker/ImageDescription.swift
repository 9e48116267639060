/// What an image is made to run.
package struct ImageDescription: Sendable, Equatable {
    /// Its digest, `sha256:…`.
    package let id: String
    /// The TCP ports that it says it listens on, ascending.
    package let exposedPorts: [Int]
    package let labels: [String: String]
    /// The user it runs as; empty for root.
    package let user: String
    /// What it runs, before the command; empty when it sets none.
    package let entrypoint: [String]
    /// What it runs, or the arguments of the entry point; empty when it sets none.
    package let command: [String]
    /// The bytes of all its layers.
    package let size: Int

    /// Docker's own words.
    struct Answer: Decodable, Sendable {
        struct Configuration: Decodable, Sendable {
            struct Nothing: Decodable, Sendable {}
            let ExposedPorts: [String: Nothing]?
            let Labels: [String: String]?
            let User: String?
            let Entrypoint: [String]?
            let Cmd: [String]?
        }
        let Id: String
        let Config: Configuration?
        let Size: Int?
    }

    init(_ answer: Answer) {
        id = answer.Id
        exposedPorts = (answer.Config?.ExposedPorts ?? [:]).keys.compactMap(Self.tcpPort).sorted()
        labels = answer.Config?.Labels ?? [:]
        user = answer.Config?.User ?? ""
        entrypoint = answer.Config?.Entrypoint ?? []
        command = answer.Config?.Cmd ?? []
        size = answer.Size ?? 0
    }

    /// The number in `5000/tcp` or `5000`; nil for other protocols.
    private static func tcpPort(_ text: String) -> Int? {
        let parts = text.split(separator: "/")
        return parts.count == 1 || parts.last == "tcp" ? parts.first.flatMap { Int($0) } : nil
    }
}
