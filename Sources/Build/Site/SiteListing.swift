/// The names that stand at the top of an archive, as far as they come early.
actor SiteListing {
    /// That enough was seen.
    struct Enough: Error {}

    private static let mostBytes = 64 << 20
    private static let mostNames = 20
    private var reader = TarReader()
    private var seen = 0
    private(set) var names: [String] = []

    /// Takes the next bytes of the archive.
    ///
    /// - Throws: `Enough` when no more are wanted.
    func read(_ bytes: [UInt8]) throws {
        for case .entry(let entry) in try reader.read(bytes) {
            if let name = TarReader.inner(entry.name).first, !names.contains(name) { names.append(name) }
        }
        seen += bytes.count
        if seen > Self.mostBytes || names.count > Self.mostNames { throw Enough() }
    }

    /// `'a', 'b', 'c'`, or `nothing`.
    static func describe(_ names: [String]) -> String {
        let shown = names.prefix(mostNames).map { "'\(Setting.shown($0))'" }.joined(separator: ", ")
        return names.isEmpty ? "nothing" : shown + (names.count > mostNames ? " …" : "")
    }
}
