/// All that a pushing client says before the pack.
package struct ReceivePackRequest: Hashable, Sendable {
    /// What it asks for, in the order sent; at least one.
    package internal(set) var commands: [Command] = []
    /// What it wants and can do.
    package internal(set) var capabilities = Capabilities()
    /// The values of `git push -o`, in the order sent; bytes that are not UTF-8 are replaced. Control characters are
    /// not.
    package internal(set) var pushOptions: [String] = []
    /// Where its history ends; empty unless its repository is shallow.
    package internal(set) var shallow: [ObjectID] = []
    /// The bytes that arrived after the request: the start of the pack.
    package internal(set) var rest: [UInt8] = []

    /// Whether a pack follows: unless all commands delete.
    package var expectsPack: Bool { commands.contains { $0.kind != .delete } }

    /// Whether all commands shall be carried out, or none.
    package var isAtomic: Bool { capabilities.contains("atomic") }

    /// The names that more than one command has, as sent: to be answered with `multiple updates for ref`.
    package var repeatedNames: Set<[UInt8]> {
        var seen: Set<[UInt8]> = []
        return Set(commands.map(\.rawName).filter { !seen.insert($0).inserted })
    }
}
