import Foundation
import Glibc
import Platform
import Threads

/// The folders of one app's sites, each named by the number of its build.
struct SiteFolders: Sendable {
    struct Site: Sendable {
        let number: Int
        let bytes: Int
    }

    /// The first part of the name of what is to be removed.
    private static let aside = ".removing-"
    let folder: String

    /// All that are there, by number.
    func list() async throws -> [Site] {
        try await onOwnThread { () throws(any Error) in
            try names().compactMap { Int($0) }.sorted().map { Site(number: $0, bytes: Self.size("\(folder)/\($0)")) }
        }
    }

    /// Takes a site away at once, if it is there; its files go with `clear`.
    func setAside(_ site: Site) async throws {
        try await onOwnThread { () throws(any Error) in
            guard FileManager.default.fileExists(atPath: "\(folder)/\(site.number)") else { return }
            try FileManager.default.moveItem(
                atPath: "\(folder)/\(site.number)", toPath: "\(folder)/\(Self.aside)\(site.number)-\(UUID().text)")
        }
    }

    /// Removes the files of what was set aside, by whomever.
    func clear() async throws {
        try await onOwnThread { () throws(any Error) in
            for name in try names() where name.hasPrefix(Self.aside) {
                do {
                    try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
                } catch  where !FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
                    // Somebody else removed it.
                }
            }
        }
    }

    private func names() throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    /// What its files take on the disk, in bytes.
    private static func size(_ path: String) -> Int {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.reduce(0) { sum, name in
            var status = stat()
            return lstat("\(path)/\(name)", &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
        }
    }
}
