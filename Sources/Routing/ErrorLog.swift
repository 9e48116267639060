import FoundationEssentials
import Glibc

/// What nginx adds to its error log from now on.
struct ErrorLog: Sendable {
    private let path: String
    private let start: Int

    init(path: String) {
        self.path = path
        var status = stat()
        start = stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// The first thing that stopped nginx from doing what it was told since; nil when nothing did.
    func problem() -> String? {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)), bytes.count > start else { return nil }
        return NginxProgram.problem(in: String(decoding: bytes[start...], as: UTF8.self))
    }
}
