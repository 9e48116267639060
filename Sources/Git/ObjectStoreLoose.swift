import CLibGit2
import CZlib
import GitWire
import Glibc

/// The objects that are in no pack: loose ones, each a file of its own, and those of alternates.
struct ObjectStoreLoose {
    private let folder: String
    private var keys: [ObjectKey] = []
    private var numbers: [ObjectKey: ObjectNumber] = [:]
    private var alternates: ObjectDatabase?

    init(folder: String) { self.folder = folder }

    /// How many of them have a number.
    var count: Int { keys.count }

    func key(of number: ObjectNumber) -> ObjectKey { keys[Int(number.raw - ObjectNumber.firstLoose)] }

    /// The number that the object has, if it was found before.
    func number(of key: ObjectKey) -> ObjectNumber? { numbers[key] }

    /// The number of the object of that ID; nil if there is none.
    mutating func find(_ key: ObjectKey) throws(GitError) -> ObjectNumber? {
        if FileSystem.status(of: path(key)) == nil {
            guard try openAlternates()?.contains(key) == true else { return nil }
        }
        let number = ObjectNumber(raw: ObjectNumber.firstLoose + UInt32(keys.count))
        keys.append(key)
        numbers[key] = number
        return number
    }

    /// The object of that ID; nil if it is there no more.
    mutating func object(_ key: ObjectKey) throws(GitError) -> StoredObject? {
        do throws(GitError) {
            return try Self.read(PackFileMap(path(key)), "read object '\(key.id)'")
        } catch {
            guard error.code == ENOENT else { throw error }
        }
        return try openAlternates()?.withObject(key) { kind, bytes throws(GitError) in
            let content = try ObjectContent(count: bytes.count)
            if let base = bytes.baseAddress { memcpy(content.base, base, bytes.count) }
            return StoredObject(kind: kind, content: content)
        }
    }

    /// `<folder>/ab/cdef…`
    private func path(_ key: ObjectKey) -> String {
        let hex = key.id.description
        return "\(folder)/\(hex.prefix(2))/\(hex.dropFirst(2))"
    }

    private mutating func openAlternates() throws(GitError) -> ObjectDatabase? {
        if let alternates { return alternates }
        guard FileSystem.status(of: "\(folder)/info/alternates") != nil else { return nil }
        var raw: OpaquePointer?
        try check(git_odb_open(&raw, folder), "open objects '\(folder)'")
        alternates = ObjectDatabase(owning: raw!)
        return alternates
    }

    /// The files of all loose objects below `folder`.
    static func files(in folder: String) throws(GitError) -> [(path: String, key: ObjectKey)] {
        var found: [(path: String, key: ObjectKey)] = []
        for (part, isFolder) in try FileSystem.entries(in: folder) where isFolder && part.utf8.count == 2 {
            for name in try FileSystem.names(in: "\(folder)/\(part)") {
                guard let key = ObjectKey(hex: Array((part + name).utf8)) else { continue }
                found.append(("\(folder)/\(part)/\(name)", key))
            }
        }
        return found
    }

    /// A loose object is one zlib stream: kind, space, size, NUL, content.
    static func read(_ file: PackFileMap, _ operation: String) throws(GitError) -> StoredObject {
        let corrupt = GitError(operation: operation, reason: "the loose object is corrupt")
        defer { withExtendedLifetime(file) {} }
        var stream = z_stream()
        guard file.count > 0, inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw corrupt
        }
        defer { inflateEnd(&stream) }
        var head = [UInt8](repeating: 0, count: 64)
        stream.next_in = UnsafeMutablePointer(mutating: file.base)
        stream.avail_in = UInt32(clamping: file.count)
        let code = head.withUnsafeMutableBufferPointer { head in
            stream.next_out = head.baseAddress
            stream.avail_out = UInt32(head.count)
            return inflate(&stream, Z_NO_FLUSH)
        }
        let known = head.count - Int(stream.avail_out)
        guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR, let end = head[..<known].firstIndex(of: 0),
            let (kind, size) = parse(head[..<end]), size <= file.count * 1032
        else { throw corrupt }
        let all = try ObjectContent(count: end + 1 + size)
        let inflater = try PackFileInflater()
        guard inflater.inflate(file.base, limit: file.count, to: all.base, size: all.count) == file.count else {
            throw corrupt
        }
        memmove(all.base, all.base + end + 1, size)
        return StoredObject(kind: kind, content: all.shortened(to: size))
    }

    private static func parse(_ header: ArraySlice<UInt8>) -> (ObjectKind, Int)? {
        let parts = header.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = ObjectKind(name: parts[0]),
            let size = Int(String(decoding: parts[1], as: UTF8.self)), size >= 0
        else { return nil }
        return (kind, size)
    }
}
