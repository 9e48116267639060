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
    /// The folder in which it runs, absolute.
    package let workingDirectory: String
    /// The bytes of all its layers.
    package let size: Int
    /// The variables that its programs find.
    package let environment: [String: String]
    /// Such as `amd64`.
    package let architecture: String
    /// Such as `linux`.
    package let operatingSystem: String
    /// The digests of its layers' archives, the lowest first.
    package let layers: [String]

    /// Docker's own words.
    struct Answer: Decodable, Sendable {
        struct Configuration: Decodable, Sendable {
            struct Nothing: Decodable, Sendable {}
            let ExposedPorts: [String: Nothing]?
            let Labels: [String: String]?
            let User: String?
            let Entrypoint: [String]?
            let Cmd: [String]?
            let Env: [String]?
            let WorkingDir: String?
        }
        struct Layers: Decodable, Sendable {
            let Layers: [String]?
        }
        let Id: String
        let Config: Configuration?
        let Size: Int?
        let Architecture: String?
        let Os: String?
        let RootFS: Layers?
    }

    init(_ answer: Answer) {
        id = answer.Id
        exposedPorts = (answer.Config?.ExposedPorts ?? [:]).keys.compactMap(Self.tcpPort).sorted()
        labels = answer.Config?.Labels ?? [:]
        user = answer.Config?.User ?? ""
        entrypoint = answer.Config?.Entrypoint ?? []
        command = answer.Config?.Cmd ?? []
        let folder = answer.Config?.WorkingDir ?? ""
        workingDirectory = folder.isEmpty ? "/" : folder
        size = answer.Size ?? 0
        let variables = (answer.Config?.Env ?? []).map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        environment = Dictionary(
            variables.compactMap { pair in pair.first.map { ($0, pair.count == 2 ? pair[1] : "") } },
            uniquingKeysWith: { $1 })
        architecture = answer.Architecture ?? ""
        operatingSystem = answer.Os ?? "linux"
        layers = answer.RootFS?.Layers ?? []
    }

    /// The number in `5000/tcp` or `5000`; nil for other protocols.
    private static func tcpPort(_ text: String) -> Int? {
        let parts = text.split(separator: "/")
        return parts.count == 1 || parts.last == "tcp" ? parts.first.flatMap { Int($0) } : nil
    }
}
