/// Finds the files in which two trees differ, reading only folders that do; see `Repository.changedPaths`.
struct TreeComparison {
    private static let deepest = 256
    /// Folders that are read: one that holds itself twice under two names, and so on, has no end otherwise.
    private static let mostFolders = 100_000
    private let database: ObjectDatabase
    private let limit: Int
    private var paths: [String] = []

    /// An entry of a folder, with its name in bytes of its own.
    private struct Entry: Equatable {
        let mode: UInt32
        let key: ObjectKey
        var isTree: Bool { mode & 0o170000 == 0o040000 }
    }

    /// A folder in one or both of the trees.
    private struct Step {
        let old: ObjectKey?
        let new: ObjectKey?
        let path: String
        let depth: Int
    }

    init(database: ObjectDatabase, limit: Int) {
        self.database = database
        self.limit = limit
    }

    /// The paths of files that are in one of the trees only or are not the same, sorted; nil when they are more than
    /// the limit, or in very many folders.
    mutating func compare(_ old: ObjectKey?, _ new: ObjectKey) throws(GitError) -> [String]? {
        var waiting = [Step(old: old, new: new, path: "", depth: 1)]
        var count = 0
        while let step = waiting.popLast() {
            guard step.old != step.new else { continue }
            count += 1
            if count > Self.mostFolders { return nil }
            guard step.depth <= Self.deepest else {
                throw GitError(
                    operation: "compare trees", reason: "one is nested deeper than \(Self.deepest) folders")
            }
            let (old, new) = (try entries(of: step.old), try entries(of: step.new))
            for (name, entry) in new where old[name] != entry {
                compare(old[name], entry, at: step, name, &waiting)
            }
            for (name, entry) in old where new[name] == nil { compare(entry, nil, at: step, name, &waiting) }
            if paths.count > limit { return nil }
        }
        return paths.sorted()
    }

    private mutating func compare(
        _ old: Entry?, _ new: Entry?, at step: Step, _ name: [UInt8], _ waiting: inout [Step]
    ) {
        let name = String(decoding: name, as: UTF8.self)
        let path = step.path.isEmpty ? name : "\(step.path)/\(name)"
        let folders = (old: old.flatMap { $0.isTree ? $0.key : nil }, new: new.flatMap { $0.isTree ? $0.key : nil })
        if folders.old != nil || folders.new != nil {
            waiting.append(Step(old: folders.old, new: folders.new, path: path, depth: step.depth + 1))
        }
        if old?.isTree == false || new?.isTree == false { paths.append(path) }
    }

    private func entries(of tree: ObjectKey?) throws(GitError) -> [[UInt8]: Entry] {
        guard let tree else { return [:] }
        let operation = "read tree '\(tree.id)'"
        let entries = try database.withObject(tree) { kind, bytes throws(GitError) -> [[UInt8]: Entry] in
            guard kind == .tree else { throw GitError(operation: operation, reason: "it is a \(kind)") }
            var entries: [[UInt8]: Entry] = [:]
            var reader = TreeReader(bytes)
            while let entry = try reader.next() {
                entries[Array(entry.name)] = Entry(mode: entry.mode, key: entry.key)
            }
            return entries
        }
        guard let entries else { throw GitError(operation: operation, reason: "there is no such object") }
        return entries
    }
}
