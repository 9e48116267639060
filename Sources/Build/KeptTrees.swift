import Foundation
import Glibc
import Platform

/// The files that workers have left laid out: `<app>/<worker>`, of each app and worker those of one commit.
struct KeptTrees: Sendable {
    let folder: String

    /// Where a worker leaves those of an app.
    func place(of app: UUID, worker: String) -> String { "\(folder)/\(app.text)/\(worker)" }

    /// Removes what is unfinished, and of the rest what was used least recently, until it takes no more than `most` bytes.
    /// What is in use stays.
    func sweep(keeping most: Int) async throws {
        var kept: [(place: String, record: KeptTree.Record)] = []
        for place in try places() {
            if let record = KeptTree.record(in: place) {
                kept.append((place, record))
            } else if let tree = try KeptTree(place), tree.isUnfinished {
                try await tree.remove()
            }
        }
        var bytes = kept.reduce(0) { $0 + $1.record.bytes }
        for (place, record) in kept.sorted(by: { $0.record.time < $1.record.time }) where bytes > most {
            guard let tree = try KeptTree(place) else { continue }
            try await tree.remove()
            bytes -= record.bytes
        }
    }

    /// Removes those of an app; of what is in use, its record: the next build begins with nothing.
    ///
    /// - Returns: the bytes that are free now.
    func clear(_ app: UUID) async throws -> Int {
        var bytes = 0
        for place in try places(of: "\(folder)/\(app.text)") {
            if let tree = try KeptTree(place) {
                bytes += tree.record?.bytes ?? 0
                try await tree.remove()
            } else if truncate("\(place)/record", 0) != 0, errno != ENOENT {
                throw BuildError("cannot empty '\(place)/record': \(String(cString: strerror(errno)).lowercased())")
            }
        }
        return bytes
    }

    private func places() throws -> [String] {
        try names(in: folder).flatMap { try places(of: "\(folder)/\($0)") }
    }

    private func places(of app: String) throws -> [String] { try names(in: app).map { "\(app)/\($0)" } }

    /// Empty when there is no such folder: an app may be destroyed at any time.
    private func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return []
        }
    }
}
