/// What a push asks for one reference (`gitprotocol-pack`, "Reference Update Request").
package struct Command: Hashable, Sendable {
    /// What a command does.
    package enum Kind: Sendable {
        case create, update, delete
    }

    /// Where the client believes the reference to be; zero when it shall not exist yet.
    package let old: ObjectID
    /// Where the reference shall be; zero to delete it.
    package let new: ObjectID
    /// The name as it was sent, to answer with.
    package let rawName: [UInt8]
    /// The name; nil when it is none, which is answered with `funny refname`.
    package let name: ReferenceName?

    /// - Parameter rawName: any bytes without NUL.
    package init(old: ObjectID, new: ObjectID, rawName: [UInt8]) {
        self.old = old
        self.new = new
        self.rawName = rawName
        name = ReferenceName(bytes: rawName)
    }

    /// The command in `line`, such as `0{40} d6f3… refs/heads/main`.
    ///
    /// - Throws: `WireError` when it does not have this form.
    init(line: ArraySlice<UInt8>) throws(WireError) {
        let name = line.dropFirst(82)
        guard line.count >= 82, let old = ObjectID(hex: line.prefix(40)),
            let new = ObjectID(hex: line.dropFirst(41).prefix(40)),
            line[line.startIndex + 40] == 0x20, line[line.startIndex + 81] == 0x20
        else { throw .unexpected("protocol error: expected old/new/ref, got", line) }
        self.init(old: old, new: new, rawName: Array(name))
    }

    /// Whether the reference comes into being, moves or goes. Without any object it counts as a deletion.
    package var kind: Kind {
        if new.isZero { return .delete }
        return old.isZero ? .create : .update
    }

    /// Whether the command is to be refused as `funny refname`: not a reference name, or one of two components
    /// that would come into being.
    package var hasFunnyName: Bool {
        guard let name else { return true }
        return kind != .delete && name.componentCount < 3
    }

    /// Whether the name, be it a reference name or not, lies in the hidden namespace.
    package var hasHiddenName: Bool {
        let hidden = "refs/martlet"
        return rawName.elementsEqual(hidden.utf8) || rawName.starts(with: "\(hidden)/".utf8)
    }

    /// The name for people and logs: visible, at most 200 bytes of it.
    package var text: String { ControlCharacters.escape(rawName, limit: 200) }
}
