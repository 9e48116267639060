import Glibc
import Platform

/// Writes the files of a site, as an archive of the image has them, into a folder of their own. Blocks.
///
/// Nothing is written outside, since no symbolic link is ever made there: a link to a file of the site becomes that
/// file, every other one is left out, and so is what is neither file nor folder. All can be read by everybody, none
/// of it runs as somebody else. Times are those of now, not the image's, which may be the same in every build: nginx's
/// `ETag` is made of a file's time and size.
struct SiteFolder {
    private static let deepest = 64
    let path: String
    private let limits: SiteLimits
    private var reader = TarReader()
    private var file: Int32 = -1
    private var links: [(path: String, target: String)] = []
    private var entries = 0
    private var bytes = 0
    /// What was left out, with why, in words for people; the first few.
    private(set) var dropped: [String] = []
    private(set) var droppedCount = 0

    /// - Throws: `BuildError` when the folder cannot be made.
    init(path: String, limits: SiteLimits) throws(BuildError) {
        self.path = path
        self.limits = limits
        guard mkdir(path, 0o755) == 0, chmod(path, 0o755) == 0 else { throw Self.failure("make '\(path)'") }
    }

    /// Files that were written, and the bytes in them.
    var summary: (entries: Int, bytes: Int) { (entries, bytes) }

    /// Writes what the next bytes of the archive hold.
    mutating func write(_ archive: [UInt8]) throws(BuildError) {
        let events: [TarReader.Event]
        do throws(TarReader.Malformed) {
            events = try reader.read(archive)
        } catch {
            throw BuildError("the image's files cannot be copied: the archive has \(error.reason)")
        }
        for event in events {
            switch event {
            case .entry(let entry): try begin(entry)
            case .content(let bytes): try write(bytes)
            }
        }
    }

    /// Closes the last file and resolves links.
    mutating func finish() throws(BuildError) {
        closeFile()
        guard reader.isComplete else { throw BuildError("the image's files cannot be copied: the archive is cut off") }
        for link in links { resolve(link.path, link.target) }
        // A power cut after the release went live must not leave empty files behind; one by one takes much longer.
        sync()
    }

    /// Closes the file that is being written.
    mutating func closeFile() {
        if file >= 0 { close(file) }
        file = -1
    }

    private mutating func begin(_ entry: TarReader.Entry) throws(BuildError) {
        closeFile()
        let parts = TarReader.inner(entry.name)
        if parts.isEmpty { return }
        guard parts.allSatisfy({ $0 != ".." && $0.utf8.count <= 255 && !$0.utf8.contains(0) }) else {
            return drop(entry.name, "its name is no path")
        }
        entries += 1
        bytes += entry.size
        guard entries <= limits.entries else {
            throw BuildError("the site has more than \(limits.entries) files, which is the limit")
        }
        guard bytes <= limits.bytes else {
            throw BuildError("the site has more than \(limits.bytes >> 20) MiB, which is the limit")
        }
        let name = parts.joined(separator: "/")
        guard parts.count <= Self.deepest else { return drop(name, "it is more than \(Self.deepest) folders deep") }
        switch entry.kind {
        case .folder: try makeFolders(parts[...])
        case .file:
            try makeFolders(parts.dropLast())
            try openFile(name)
        case .hardLink(let target):
            try makeFolders(parts.dropLast())
            // Hard links are named from the top of the archive.
            links.append((name, TarReader.inner(target).joined(separator: "/")))
        case .symbolicLink(let target):
            try makeFolders(parts.dropLast())
            guard let path = Self.resolved(target, from: parts.dropLast()) else {
                return drop(name, "it links out of the site")
            }
            links.append((name, path))
        case .other: drop(name, "it is neither a file nor a folder")
        }
    }

    private func makeFolders(_ parts: ArraySlice<String>) throws(BuildError) {
        var folder = path
        for part in parts {
            folder += "/\(part)"
            if mkdir(folder, 0o755) == 0 {
                guard chmod(folder, 0o755) == 0 else { throw Self.failure("make '\(folder)'") }
            } else if errno != EEXIST {
                throw Self.failure("make '\(folder)'")
            }
        }
    }

    private mutating func openFile(_ name: String) throws(BuildError) {
        file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0, fchmod(file, 0o644) == 0 else { throw Self.failure("write '\(name)'") }
    }

    private func write(_ content: ArraySlice<UInt8>) throws(BuildError) {
        guard file >= 0 else { return }
        let isDone = content.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let count = Glibc.write(file, buffer.baseAddress! + written, buffer.count - written)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { return false }
                written += count
            }
            return true
        }
        guard isDone else { throw Self.failure("write the site's files") }
    }

    /// Makes a link to a file of the site that file itself; nginx follows no link.
    private mutating func resolve(_ name: String, _ target: String) {
        var status = stat()
        guard !target.isEmpty, !target.split(separator: "/").contains(".."), lstat("\(path)/\(target)", &status) == 0
        else {
            return drop(name, "it links to what is not in the site")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return drop(name, "it links to a folder") }
        guard link("\(path)/\(target)", "\(path)/\(name)") == 0 else {
            return drop(name, String(cString: strerror(errno)).lowercased())
        }
    }

    /// The path in the site that a link in `folder` leads to; nil when it leads out.
    private static func resolved(_ target: String, from folder: ArraySlice<String>) -> String? {
        guard !target.hasPrefix("/") else { return nil }
        var parts = Array(folder)
        for part in target.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(String(part))
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }

    private mutating func drop(_ name: String, _ reason: String) {
        droppedCount += 1
        if dropped.count < 10 { dropped.append("'\(Setting.shown(name))' is left out: \(reason)") }
    }

    private static func failure(_ operation: String) -> BuildError {
        BuildError("cannot \(operation.escaped): \(String(cString: strerror(errno)).lowercased())")
    }
}
