import GitWire

/// What a pushing client sends, byte for byte: nothing here keeps anybody from breaking a rule.
struct Transcript: Sendable {
    static let usual = " report-status side-band-64k object-format=sha1 agent=test/1"
    private(set) var bytes: [UInt8] = []
    /// What the commands ask for, to check what came of them.
    private(set) var commands: [(old: String, new: String, name: String)] = []

    /// A request for `commands` (`OLD NEW NAME`) with the capabilities behind the first one's NUL, and its flush.
    ///
    /// - Parameter capabilities: as sent, a leading space included; nil for not even a NUL.
    init(_ commands: [String], capabilities: String? = usual, flush: Bool = true) {
        for (index, command) in commands.enumerated() {
            add(command, capabilities: index == 0 ? capabilities : nil)
        }
        if flush { self.flush() }
    }

    /// A transcript of any bytes.
    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Adds one command's packet.
    mutating func add(_ command: String, capabilities: String? = nil) {
        line(command + (capabilities.map { "\0\($0)" } ?? ""))
        let words = command.split(separator: " ", maxSplits: 2).map { $0.filter { $0 != "\n" } }
        if words.count == 3 { commands.append((words[0], words[1], words[2])) }
    }

    /// Adds a packet with `text`, without a line feed of its own.
    mutating func line(_ text: String) {
        var writer = PacketWriter()
        writer.data(text.utf8)
        bytes += writer.bytes
    }

    mutating func flush() { bytes += Array("0000".utf8) }

    /// Adds push options and their flush.
    mutating func options(_ options: [String]) {
        for option in options { line(option) }
        flush()
    }

    /// Adds bytes as they are.
    mutating func raw(_ more: [UInt8]) { bytes += more }

    static func + (transcript: Transcript, more: [UInt8]) -> Transcript {
        var copy = transcript
        copy.raw(more)
        return copy
    }
}
