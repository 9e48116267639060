import Git
import GitWire

extension ReferenceUpdate {
    /// Updates as `OLD NEW NAME` lines, the form in which a release keeps them.
    static func encode(_ updates: [ReferenceUpdate]) -> String {
        updates.map { "\($0.old) \($0.new) \($0.name)" }.joined(separator: "\n")
    }

    /// The updates of such lines; a line of another form is none.
    static func decode(_ text: String) -> [ReferenceUpdate] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count == 3, let old = ObjectID(words[0]), let new = ObjectID(words[1]),
                let name = ReferenceName(words[2])
            else { return nil }
            return ReferenceUpdate(name: name, old: old, new: new)
        }
    }
}
