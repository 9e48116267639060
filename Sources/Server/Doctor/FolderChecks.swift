import Build
import Foundation
import Glibc
import Threads

/// The data folder.
struct FolderChecks: Sendable {
    let folder: DataFolder

    var all: [DoctorCheck] {
        [
            DoctorCheck("data folder") { [folder] in try await Self.disk(folder.path) },
            DoctorCheck("keys") { [folder] in try keys(in: folder.keys) },
        ]
    }

    /// How much is free where `path` is, in bytes and in files.
    static func disk(_ path: String) async throws -> Finding {
        guard access(path, F_OK) == 0 else {
            return .warning("'\(path)' does not exist yet", "the first start makes it: 'make up' or 'martlet serve'")
        }
        guard access(path, W_OK) == 0 else { return .problem("'\(path)' is not writable", "run martlet as its owner") }
        // A file system over the network may not answer.
        let status = await onOwnThread { () -> statvfs? in
            var status = statvfs()
            return statvfs(path, &status) == 0 ? status : nil
        }
        guard let status else { return .problem("'\(path)': \(String(cString: strerror(errno)))") }
        return judge(
            path, freeBytes: Int(status.f_bavail) * Int(status.f_frsize), freeFiles: Int(status.f_favail),
            files: Int(status.f_files))
    }

    static func judge(_ path: String, freeBytes: Int, freeFiles: Int, files: Int) -> Finding {
        let floor = BuildLimits().freeDiskBytes
        let free = "\(freeBytes >> 20) MiB free for '\(path)'"
        let advice = "make room; 'docker system df' tells what Docker holds"
        if freeBytes < floor { return .problem("\(free): nothing is built below \(floor >> 20) MiB", advice) }
        if files > 0, freeFiles < files / 50 {
            return .warning("\(free), but of \(files) files only \(freeFiles) more can be made", advice)
        }
        return freeBytes < 4 * floor ? .warning(free, advice) : .ok(free)
    }

    /// Nobody else may read the keys.
    func keys(in path: String) throws -> Finding {
        guard FileManager.default.fileExists(atPath: path) else { return .ok("none yet") }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasSuffix(".pub") }
        let open = try ([path] + names.map { "\(path)/\($0)" }).filter { try Self.isOpen($0) }
        guard open.isEmpty else {
            return .problem(
                "others may read \(open.map { "'\($0)'" }.joined(separator: ", "))",
                "chmod go= \(open.joined(separator: " ")); if somebody may have, 'martlet secrets rotate' twice")
        }
        return .ok("\(names.count) files in '\(path)', for their owner alone")
    }

    private static func isOpen(_ path: String) throws -> Bool {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? Int ?? 0o777) & 0o077 != 0
    }
}
