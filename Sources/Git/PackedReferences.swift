/// A `packed-refs` file about to lose some of its references: locked and written, not yet in place.
struct PackedReferences {
    private let lock: LockFile

    /// Prepares the `packed-refs` of the repository at `path` without `names`; nil if it holds none of them.
    init?(of path: String, removing names: Set<[UInt8]>) throws(GitError) {
        let file = "\(path)/packed-refs"
        guard FileSystem.status(of: file) != nil else { return nil }
        let lock = try LockFile(locking: file)
        guard let rest = Self.remove(names, from: try FileSystem.read(file)) else { return nil }
        try lock.write(rest)
        self.lock = lock
    }

    /// Puts the shorter file in place.
    func commit() throws(GitError) { try lock.commit() }

    /// `file` without the lines of `names` and the peeled values ("^…") after them; nil if it holds none of them.
    private static func remove(_ names: Set<[UInt8]>, from file: [UInt8]) -> [UInt8]? {
        var kept: [UInt8] = []
        kept.reserveCapacity(file.count)
        var isRemoving = false
        var removed = 0
        for line in file.split(separator: UInt8(ascii: "\n")) {
            if line.first != UInt8(ascii: "^") {
                isRemoving = line.first != UInt8(ascii: "#") && names.contains(Array(line.dropFirst(41)))
                removed += isRemoving ? 1 : 0
            }
            if !isRemoving {
                kept += line
                kept.append(UInt8(ascii: "\n"))
            }
        }
        return removed == 0 ? nil : kept
    }
}
