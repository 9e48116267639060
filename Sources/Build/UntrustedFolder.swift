import Glibc
import Platform

/// A folder that strangers' programs write to, read without ever following a link of theirs.
///
/// Every step is taken from an open folder and refuses links, so that it makes no difference when a program changes the
/// folder meanwhile. Only `path` itself is trusted.
struct UntrustedFolder: Sendable {
    enum Kind: Equatable {
        case file, folder, other
    }

    let path: String
    /// How many entries a folder may have.
    var mostEntries = 10_000

    /// What is at `relative`; nil when nothing is. A link is `other`.
    func kind(_ relative: String) throws(BuildError) -> Kind? {
        guard let parent = try openFolder(Self.parent(relative)) else { return nil }
        defer { close(parent) }
        return try kind(of: Self.name(relative), in: parent, relative)
    }

    private func kind(of name: String, in folder: CInt, _ relative: String) throws(BuildError) -> Kind? {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT { return nil }
            throw failure("look at", relative)
        }
        return Self.kind(status.st_mode)
    }

    /// The bytes of a file; nil when there is no file of that name.
    ///
    /// - Throws: `BuildError` when it is something else, or longer than `limit` bytes.
    func read(_ relative: String, limit: Int = 1 << 20) throws(BuildError) -> [UInt8]? {
        guard let parent = try openFolder(Self.parent(relative)) else { return nil }
        defer { close(parent) }
        // Without O_NONBLOCK a pipe would be waited for.
        let file = openat(parent, Self.name(relative), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read", relative)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, Self.kind(status.st_mode) == .file else {
            throw BuildError("'\(shown(relative))' is no file")
        }
        return try bytes(of: file, relative, limit)
    }

    /// As `read`, for text.
    ///
    /// - Throws: `BuildError` also when it is not UTF-8.
    func text(_ relative: String, limit: Int = 1 << 20) throws(BuildError) -> String? {
        guard let bytes = try read(relative, limit: limit) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw BuildError("'\(shown(relative))' is not text in UTF-8")
        }
        return text
    }

    /// The names in a folder, in order of their bytes, with what they are; empty when there is no such folder.
    func entries(_ relative: String) throws(BuildError) -> [(name: String, kind: Kind)] {
        guard let folder = try openFolder(relative) else { return [] }
        guard let stream = fdopendir(folder) else {
            close(folder)
            throw failure("read", relative)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard let name else { throw BuildError("a name in '\(shown(relative))' is not UTF-8") }
            if name != ".", name != ".." { names.append(name) }
            guard names.count <= mostEntries else {
                throw BuildError("'\(shown(relative))' holds more than \(mostEntries) entries")
            }
        }
        var entries: [(name: String, kind: Kind)] = []
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            if let kind = try kind(of: name, in: folder, "\(relative)/\(name)") { entries.append((name, kind)) }
        }
        return entries
    }

    /// Gives an entry of a folder another name.
    func rename(_ name: String, to other: String, in relative: String) throws(BuildError) {
        guard let folder = try openFolder(relative) else { throw BuildError("'\(shown(relative))' is gone") }
        defer { close(folder) }
        guard renameat(folder, name, folder, other) == 0 else { throw failure("rename", "\(relative)/\(name)") }
    }

    /// An open folder; nil when it, or one on the way, is not there.
    private func openFolder(_ relative: String) throws(BuildError) -> CInt? {
        var folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open", relative)
        }
        for part in relative.split(separator: "/") {
            guard part != "..", part != "." else { throw BuildError("'\(shown(relative))' leaves its folder") }
            let next = openat(folder, String(part), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            let code = errno
            close(folder)
            guard next >= 0 else {
                if code == ENOENT { return nil }
                errno = code
                throw failure("open", relative)
            }
            folder = next
        }
        return folder
    }

    private func bytes(of file: CInt, _ relative: String, _ limit: Int) throws(BuildError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count >= 0 else { throw failure("read", relative) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw BuildError("'\(shown(relative))' is longer than \(Words.size(limit)), which is the limit")
            }
        }
    }

    /// The path for a message: without the folder of the host.
    private func shown(_ relative: String) -> String { relative.isEmpty ? "/" : relative.escaped }

    private func failure(_ verb: String, _ relative: String) -> BuildError {
        let reason = [ELOOP, ENOTDIR].contains(errno) ? "a link, or no folder, is in the way" : Self.reason
        return BuildError("cannot \(verb) '\(shown(relative))': \(reason)")
    }

    private static var reason: String { String(cString: strerror(errno)).lowercased() }

    private static func kind(_ mode: mode_t) -> Kind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        default: .other
        }
    }

    private static func parent(_ relative: String) -> String {
        relative.split(separator: "/").dropLast().joined(separator: "/")
    }

    private static func name(_ relative: String) -> String {
        relative.split(separator: "/").last.map(String.init) ?? "."
    }
}
