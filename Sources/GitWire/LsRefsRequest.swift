/// The arguments of the command `ls-refs` (`gitprotocol-v2`, "ls-refs").
package struct LsRefsRequest: Hashable, Sendable {
    /// With this many prefixes or more, a client gets all references: prefixes only save bytes.
    package static let tooManyPrefixes = 65_536

    /// Whether the client wants to know what annotated tags point to.
    package internal(set) var peels = false
    /// Whether it wants to know what symbolic references point to.
    package internal(set) var showsSymbolicTargets = false
    /// Whether it wants to know of a `HEAD` whose branch does not exist.
    package internal(set) var showsUnborn = false
    /// How the names begin that it is interested in; empty for all names.
    private(set) var prefixes: [[UInt8]] = []

    /// Whether it wants all references.
    package var wantsAll: Bool { prefixes.isEmpty || prefixes.count >= Self.tooManyPrefixes }

    /// Arguments that are all left out.
    init() {}

    /// - Throws: `WireError`, in the words of git's `ls-refs.c`, for what is no argument.
    mutating func take(_ line: ArraySlice<UInt8>) throws(WireError) {
        if let prefix = line.after("ref-prefix ") {
            if prefixes.count < Self.tooManyPrefixes { prefixes.append(Array(prefix)) }
        } else if line.isWord("peel") {
            peels = true
        } else if line.isWord("symrefs") {
            showsSymbolicTargets = true
        } else if line.isWord("unborn") {
            showsUnborn = true
        } else {
            throw .unexpected("unexpected line:", line)
        }
    }
}
