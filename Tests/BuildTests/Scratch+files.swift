import Foundation
import Glibc
import TestKit

extension Scratch {
    /// Writes a file, and the folders that it is in.
    func write(_ file: String, _ text: String, mode: mode_t = 0o644) throws {
        let url = URL(filePath: "\(path)/\(file)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        chmod(url.path, mode)
    }

    func text(_ file: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(file)").map { String(decoding: $0, as: UTF8.self) }
    }

    func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(file)") }
}
