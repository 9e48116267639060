import Glibc

/// Writes one pack, with its index, of all objects that some packs and some loose files hold, and puts it beside them.
final class PackFileWriter {
    private let folder: String
    private let sources: [PackFile]
    private let store: ObjectStore
    private let marks: ObjectMarks
    private var index = PackFileIndexWriter()
    private let hasher = ObjectHasher()
    /// How many loose objects are taken in: those that are sound.
    private(set) var looseCount = 0

    /// Prepares a pack in `folder` of all that is in `sources`, and of `loose` objects below `objects`.
    init(_ folder: String, sources: [PackFile], objects: String, loose: [ObjectKey]) throws(GitError) {
        self.folder = folder
        self.sources = sources
        store = try ObjectStore(objects, packs: sources)
        marks = ObjectMarks(count: store.packedCount)
        for pack in store.packs.indices {
            for position in 0..<store.packs[pack].count {
                let number = store.number(pack: pack, position: position)
                // An object that is there twice has the number of its first copy.
                if try store.number(at: store.packs[pack].index.pointer(at: position)) == number {
                    marks[number] = ObjectMarks.sent
                }
            }
        }
        for key in loose where isSound(key) {
            guard let number = try store.number(of: key) else { continue }
            marks[number] = ObjectMarks.sent
            looseCount += 1
        }
    }

    /// Writes the pack, on disk before anyone can see it; returns the number of its objects. Nothing is left behind
    /// when it fails.
    func write() throws(GitError) -> Int {
        let draft = "\(folder)/tmp_pack_\(FileSystem.randomName())"
        let draftIndex = "\(folder)/tmp_idx_\(FileSystem.randomName())"
        do throws(GitError) {
            let checksum = try writePack(to: draft)
            let index = index.finish(packChecksum: checksum)
            try Self.create(draftIndex) { file throws(GitError) in
                try index.withUnsafeBufferPointer { bytes throws(GitError) in
                    try FileSystem.write(bytes, to: file, path: draftIndex)
                }
            }
            try publish(draft, draftIndex, name: "pack-\(Self.hex(checksum))")
            return self.index.count
        } catch {
            unlink(draft)
            unlink(draftIndex)
            throw error
        }
    }

    private func writePack(to path: String) throws(GitError) -> [UInt8] {
        let stream = try PackStream(
            store: store, marks: marks, options: PackStream.Options(), budget: WorkBudget(seconds: 0))
        stream.onEntry = { [unowned self] in index.add($0) }
        try Self.create(path) { file throws(GitError) in
            while true {
                let piece = try stream.next()
                if piece.isEmpty { return }
                try piece.withUnsafeBufferPointer { bytes throws(GitError) in
                    try FileSystem.write(bytes, to: file, path: path)
                }
            }
        }
        guard let checksum = stream.checksum else {
            throw GitError(operation: "write '\(path)'", reason: "the pack is incomplete")
        }
        return checksum
    }

    /// Makes a file that nobody changes later, has `body` write it, and forces it to disk.
    private static func create(_ path: String, _ body: (Int32) throws(GitError) -> Void) throws(GitError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o444)
        guard file >= 0 else { throw FileSystem.failure("create '\(path)'") }
        defer { close(file) }
        try body(file)
        guard fsync(file) == 0 else { throw FileSystem.failure("synchronize '\(path)'") }
    }

    private func publish(_ draft: String, _ draftIndex: String, name: String) throws(GitError) {
        let replaced = sources.map { String($0.path.split(separator: "/").last ?? "") }.filter { $0 != name }
        try PackFileReplacement.write(name, replaces: replaced, in: folder)
        try FileSystem.rename(draft, to: "\(folder)/\(name).pack")
        try FileSystem.rename(draftIndex, to: "\(folder)/\(name).idx")
        try FileSystem.synchronize(folder)
    }

    /// A loose object that is not what its name says stays where it is, for `check` to find.
    private func isSound(_ key: ObjectKey) -> Bool {
        guard let object = try? store.loose.object(key) else { return false }
        return (try? object.hash(with: hasher)) == key
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
