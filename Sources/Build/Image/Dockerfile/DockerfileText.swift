/// What a Dockerfile says, as far as it matters before it is built (Dockerfile reference).
struct DockerfileText {
    private let lines: [Substring]

    init(_ text: String) { lines = text.split(whereSeparator: \.isNewline) }

    /// The names that `ARG` declares.
    var arguments: Set<String> {
        Set(
            lines.flatMap { line -> [String] in
                let words = line.split(whereSeparator: \.isWhitespace)
                guard words.first?.uppercased() == "ARG" else { return [] }
                return words.dropFirst().map { String($0.prefix { $0 != "=" }) }
            })
    }

    /// What to tell somebody whose config variables it takes as arguments, a line each.
    func remarks(on variables: [String]) -> [String] {
        variables.filter(arguments.contains).map {
            "ARG \($0) stays empty: an argument would keep the config variable in the image; read it from a secret:"
                + " RUN --mount=type=secret,id=\($0) \($0)=$(cat /run/secrets/\($0)) COMMAND"
        }
    }
}
