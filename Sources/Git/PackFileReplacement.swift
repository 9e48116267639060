import Glibc

/// The file `pack-<name>.replaced`: which packs the pack of that name replaces, so that they may go after a while.
///
/// It is there before the pack is, and goes after the replaced ones: whenever work on it is cut off, what is left can
/// be finished.
struct PackFileReplacement {
    static let ending = "replaced"

    /// The pack that replaces the others.
    let name: String
    /// The replaced packs.
    let packs: [String]
    /// When they were replaced, in seconds since 1970.
    let time: Int

    /// Reads the file of pack `name` in `folder`; nil if it cannot be read.
    init?(_ folder: String, _ name: String) {
        let path = "\(folder)/\(name).\(Self.ending)"
        guard let time = FileSystem.status(of: path)?.st_mtim.tv_sec, let bytes = try? FileSystem.read(path) else {
            return nil
        }
        self.name = name
        self.time = time
        packs = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.hasPrefix("pack-") && !$0.contains("/") && $0 != name }
    }

    /// Writes, on disk before this returns, that pack `name` replaces `packs`.
    static func write(_ name: String, replaces packs: [String], in folder: String) throws(GitError) {
        let draft = "\(folder)/tmp_replaced_\(FileSystem.randomName())"
        do throws(GitError) {
            try FileSystem.write(packs.map { "\($0)\n" }.joined(), toNew: draft)
            try FileSystem.rename(draft, to: "\(folder)/\(name).\(ending)")
        } catch {
            unlink(draft)
            throw error
        }
    }

    /// Removes the replaced packs, as far as each of their objects is in one of `others`, then the file itself. If the
    /// pack that was to replace them never came to be, they stay.
    func finish(in folder: PackFileFolder, _ others: [PackFile]) throws(GitError) {
        for old in packs where folder.packs.contains(name) {
            if let pack = try folder.open(old), !Self.areAll(of: pack, in: others) { continue }
            // The index first: who sees one finds its pack.
            for ending in ["idx", "rev", "bitmap", "pack"] { try FileSystem.remove("\(folder.path)/\(old).\(ending)") }
        }
        try FileSystem.remove("\(folder.path)/\(name).\(Self.ending)")
    }

    private static func areAll(of pack: PackFile, in others: [PackFile]) -> Bool {
        (0..<pack.count).allSatisfy { position in
            others.contains { $0.path != pack.path && $0.index.position(of: pack.index.pointer(at: position)) != nil }
        }
    }
}
