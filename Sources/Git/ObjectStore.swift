import Glibc

/// All objects of a repository, for reading many of them: its packs, its loose objects, and what alternates hold.
///
/// Each object has a number, which stays the same while the store lives; an object that is there more than once has
/// one number nevertheless. Packs that appear later are found when an object is missed. Not Sendable: for one thread
/// only, as `Repository` is.
final class ObjectStore {
    /// The folder of the objects.
    let folder: String
    /// The packs, in the order in which they are asked; later ones are added at the end, and none ever goes.
    private(set) var packs: [PackFile] = []
    /// The number of the first object of each pack, and at the end that of the pack to come.
    private(set) var starts: [UInt32] = [0]
    var loose: ObjectStoreLoose
    var cache: ObjectStoreCache
    let inflater: PackFileInflater
    var links: [ObjectStoreLink] = []
    var scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
    private var known: Set<String> = []
    private var scanned: timespec?

    /// Opens the objects in `folder`; bases of deltas are kept in up to `cacheBytes` of memory.
    convenience init(_ folder: String, cacheBytes: Int = 48 << 20) throws(GitError) {
        try self.init(unscanned: folder, cacheBytes: cacheBytes)
        _ = try scan()
    }

    /// A store of precisely these packs, and of the loose objects in `folder`.
    convenience init(_ folder: String, packs: [PackFile], cacheBytes: Int = 48 << 20) throws(GitError) {
        try self.init(unscanned: folder, cacheBytes: cacheBytes)
        for pack in packs { try add(pack) }
        isFixed = true
    }

    private var isFixed = false

    private init(unscanned folder: String, cacheBytes: Int) throws(GitError) {
        self.folder = folder
        loose = ObjectStoreLoose(folder: folder)
        cache = ObjectStoreCache(bytes: cacheBytes)
        inflater = try PackFileInflater()
    }

    deinit { scratch.deallocate() }

    /// The number of objects in the packs: numbers below it are of packed objects.
    var packedCount: Int { Int(starts[packs.count]) }

    /// The number of the object of that ID; nil if there is none.
    func number(of key: ObjectKey) throws(GitError) -> ObjectNumber? {
        if let number = packed(key) ?? loose.number(of: key) { return number }
        if try scan(), let number = packed(key) { return number }
        return try loose.find(key)
    }

    /// As above, for the ID at `id`; asks the packs first, without any cost for the others.
    @inline(__always)
    func number(at id: UnsafePointer<UInt8>) throws(GitError) -> ObjectNumber? {
        if let number = packed(id) { return number }
        return try number(of: ObjectKey(id))
    }

    /// The ID of the object of that number.
    func key(of number: ObjectNumber) -> ObjectKey {
        if number.isLoose { return loose.key(of: number) }
        let (pack, position) = place(of: number)
        return packs[pack].index.key(at: position)
    }

    /// The pack and the position in its index that the number of a packed object stands for.
    @inline(__always)
    func place(of number: ObjectNumber) -> (pack: Int, position: Int) {
        var low = 0
        var high = packs.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= number.raw { low = middle } else { high = middle - 1 }
        }
        return (low, Int(number.raw - starts[low]))
    }

    /// The number of the object at `position` of a pack's index, though another copy of it may have another number.
    func number(pack: Int, position: Int) -> ObjectNumber { ObjectNumber(raw: starts[pack] + UInt32(position)) }

    /// The number of the object in a pack, which may have appeared only now; nil if it is in none.
    func packedNow(_ key: ObjectKey) throws(GitError) -> ObjectNumber? {
        if let number = packed(key) { return number }
        return try scan() ? packed(key) : nil
    }

    private func packed(_ key: ObjectKey) -> ObjectNumber? {
        withUnsafeBytes(of: key) { packed($0.bindMemory(to: UInt8.self).baseAddress!) }
    }

    @inline(__always)
    private func packed(_ id: UnsafePointer<UInt8>) -> ObjectNumber? {
        for pack in packs.indices {
            if let position = packs[pack].index.position(of: id) { return number(pack: pack, position: position) }
        }
        return nil
    }

    /// Looks for packs that are new, unless the folder cannot have changed; returns whether there are any.
    private func scan() throws(GitError) -> Bool {
        let folder = "\(folder)/pack"
        guard !isFixed, let changed = FileSystem.status(of: folder)?.st_mtim else { return false }
        if let scanned, changed.tv_sec < scanned.tv_sec - 1 { return false }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let names = try FileSystem.names(in: folder)
            .filter { $0.hasPrefix("pack-") && $0.hasSuffix(".idx") && !known.contains($0) }
        var found: [PackFile] = []
        for name in names {
            guard let pack = try Self.open("\(folder)/\(name.dropLast(4))") else { continue }
            known.insert(name)
            found.append(pack)
        }
        // The largest first: it has most of what is asked for.
        for pack in found.sorted(by: { ($0.count, $1.path) > ($1.count, $0.path) }) { try add(pack) }
        scanned = now
        return !found.isEmpty
    }

    /// The pack of that path; nil if it was removed since the folder was listed.
    private static func open(_ path: String) throws(GitError) -> PackFile? {
        do throws(GitError) {
            return try PackFile(path)
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }

    private func add(_ pack: PackFile) throws(GitError) {
        let end = packedCount + pack.count
        guard end < Int(ObjectNumber.firstLoose) else { throw pack.failure("the repository has too many objects") }
        packs.append(pack)
        starts.append(UInt32(end))
    }
}

/// An object of an `ObjectStore`.
struct ObjectNumber: Hashable {
    let raw: UInt32

    /// The numbers from here on are those of objects that are in no pack.
    static let firstLoose: UInt32 = 1 << 31

    var isLoose: Bool { raw >= Self.firstLoose }
}
