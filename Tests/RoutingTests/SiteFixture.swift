import Foundation
import Routing
import TestKit
import Threads

/// What nginx answers, with its headers.
struct SiteAnswer: Sendable {
    let status: Int
    /// By names in lower case.
    let headers: [String: String]
    let body: String

    init(_ text: String) {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].split(separator: "\r\n")
        status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let field = line.split(separator: ":", maxSplits: 1)
            headers[field[0].lowercased()] = field.count > 1 ? field[1].trimmingCharacters(in: .whitespaces) : ""
        }
        self.headers = headers
        body = parts.count > 1 ? String(parts[1]) : ""
    }
}

extension ProxyFixture {
    /// Writes the files of a site; one whose text begins with `->` is a symbolic link to the rest of it.
    ///
    /// - Returns: its folder.
    func site(_ name: String, _ files: [String: String]) throws -> String {
        let root = URL(filePath: directory).deletingLastPathComponent().appending(path: "sites/\(name)").path
        for (path, text) in files {
            let file = "\(root)/\(path)"
            let folder = URL(filePath: file).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if text.hasPrefix("->") {
                try FileManager.default.createSymbolicLink(
                    atPath: file, withDestinationPath: String(text.dropFirst(2)))
            } else {
                try Data(text.utf8).write(to: URL(filePath: file))
            }
        }
        return root
    }

    /// Serves a site of `files` at `a.example`.
    func serve(_ files: [String: String], isSinglePage: Bool = false) async throws {
        let root = try site("1", files)
        let site = Route.Site(root: root, isSinglePage: isSinglePage)
        try await proxy.apply([Route(app: "a", hosts: ["a.example"], site: site)])
    }

    /// Asks `a.example`, or another host.
    func ask(
        _ path: String, host: String = "a.example", method: String = "GET", _ headers: [String: String] = [:]
    ) async -> SiteAnswer {
        await onOwnThread { [port] in
            guard let stream = TCPStream.connect(to: port) else { return SiteAnswer("") }
            let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
            stream.write("\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(fields)Connection: close\r\n\r\n")
            return SiteAnswer(stream.readToEnd())
        }
    }
}
