import Crypto
import Foundation
import Glibc

/// A key that stays on this machine: what is derived from secrets with it may stand in an image's history.
enum CacheKey {
    /// The key in a file of that path, which is made, readable to its owner alone, if there is none.
    ///
    /// - Throws: `BuildError` when it can be neither read nor made.
    static func load(_ path: String) throws(BuildError) -> SymmetricKey {
        let made = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let temporary = "\(path).\(UUID().uuidString)"
        if FileManager.default.contents(atPath: path) == nil {
            let isMade = FileManager.default.createFile(
                atPath: temporary, contents: Data(made), attributes: [.posixPermissions: 0o600])
            // Of two that make it at once, the first one wins.
            if isMade { link(temporary, path) }
            unlink(temporary)
        }
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count == made.count else {
            throw BuildError(
                "cannot read or make the key in '\(path)'", hint: "tell the admin: its folder must be writable")
        }
        return SymmetricKey(data: bytes)
    }
}
