/// How a step of a build is shown to people.
struct StepTitle: Sendable, Equatable {
    private static let longest = 200

    /// Where it stands, such as `2/3` or `build 2/3`.
    let position: String
    /// What it does, such as `RUN make`.
    let command: String

    /// The title of BuildKit's step `[2/3] RUN make` or `[build 2/3] RUN make`; nil for a step of BuildKit's own.
    init?(vertex name: String) {
        guard name.utf8.first == UInt8(ascii: "["), !name.hasPrefix("[internal]"), !name.hasPrefix("[auth]"),
            let end = name.utf8.firstIndex(of: UInt8(ascii: "]"))
        else { return nil }
        position = String(name[name.utf8.index(after: name.startIndex)..<end])
        let text = String(Substring(name.utf8[end...].dropFirst().drop { $0 == UInt8(ascii: " ") }))
        command = text.hasPrefix("FROM ") ? "FROM \(Self.shortImage(text.dropFirst(5)))" : text
    }

    init(position: String, command: String) {
        self.position = position
        self.command = command
    }

    /// An image's name as people write it: `python:3.12` for `docker.io/library/python:3.12`.
    static func shortImage(_ name: some StringProtocol) -> String {
        for prefix in ["docker.io/library/", "docker.io/"] where name.hasPrefix(prefix) {
            return String(name.dropFirst(prefix.count))
        }
        return String(name)
    }

    /// Its number within its stage: the 2 of `build 2/3`.
    var number: Int? {
        position.split(separator: " ").last?.split(separator: "/").first.flatMap { Int($0) }
    }

    /// Whether it only names the image that a stage begins with.
    var isBase: Bool { command.hasPrefix("FROM ") }

    /// The command on one line of bearable length.
    var shortCommand: String {
        let line = String(command.unicodeScalars.map { $0 == "\n" ? " " : Character($0) })
        return line.count > Self.longest ? "\(line.prefix(Self.longest))…" : line
    }
}
