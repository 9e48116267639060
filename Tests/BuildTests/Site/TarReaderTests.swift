import Foundation
import TestKit
import Testing

@testable import Build

/// Archives, taken apart as their bytes come.
@Suite struct TarReaderTests {
    @Test(arguments: ["ustar", "pax", "gnu"], [1, 511, 512, 1 << 20])
    func `what tar wrote is read, in whatever pieces it comes`(format: String, piece: Int) async throws {
        let long = format == "ustar" ? "short" : String(repeating: "name-", count: 30)
        let archive = try await Self.archive(
            """
            mkdir -p dir/sub; printf hello >dir/a; printf '%01000d' 7 >'dir/sub/ä b'; : >dir/empty; printf x >dir/\(long)
            ln dir/a dir/hard; ln -s ../a dir/sub/soft
            tar -c --format=\(format) --sort=name -f archive.tar dir
            """)
        let (entries, contents) = try Self.read(archive, piece: piece)
        #expect(
            Set(entries.map(\.name)) == [
                "dir/", "dir/a", "dir/empty", "dir/hard", "dir/\(long)", "dir/sub/", "dir/sub/ä b", "dir/sub/soft",
            ])
        let byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
        #expect(byName["dir/sub/"]?.kind == .folder)
        #expect(byName["dir/hard"]?.kind == .hardLink(to: "dir/a"))
        #expect(byName["dir/sub/soft"]?.kind == .symbolicLink(to: "../a"))
        #expect(contents["dir/a"] == "hello")
        #expect(contents["dir/sub/ä b"]?.count == 1000)
        #expect(contents["dir/\(long)"] == "x")
    }

    @Test func `what is no archive is refused`() throws {
        var reader = TarReader()
        #expect(throws: TarReader.Malformed.self) { try reader.read(Array(repeating: 65, count: 1024)) }
    }

    @Test func `an archive that is cut off is not complete`() async throws {
        let archive = try await Self.archive("mkdir dir; printf hello >dir/a; tar -c -f archive.tar dir")
        for length in [0, 512, 600, 1024, 1030, 1536] {
            var reader = TarReader()
            _ = try reader.read(Array(archive.prefix(length)))
            #expect(!reader.isComplete, "\(length)")
        }
        var reader = TarReader()
        _ = try reader.read(archive)
        #expect(reader.isComplete)
    }

    @Test func `no byte that is changed brings it down`() async throws {
        let archive = try await Self.archive(
            "mkdir dir; printf hello >dir/\(String(repeating: "n", count: 150)); tar -c --format=pax -f archive.tar dir"
        )
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var changed = archive
            for _ in 0..<3 { changed[Int.random(in: 0..<4096, using: &generator)] = UInt8.random(in: 0...255) }
            var reader = TarReader()
            _ = try? reader.read(changed)
        }
    }

    /// The archive that `script` makes in a folder of its own.
    static func archive(_ script: String) async throws -> [UInt8] {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let result = try await Command(["sh", "-ec", script], directory: scratch.path).run()
        try #require(result.status == 0, "\(result)")
        return Array(try Data(contentsOf: URL(filePath: "\(scratch.path)/archive.tar")))
    }

    private static func read(_ archive: [UInt8], piece: Int) throws -> ([TarReader.Entry], [String: String]) {
        var reader = TarReader()
        var entries: [TarReader.Entry] = []
        var contents: [String: [UInt8]] = [:]
        for start in stride(from: 0, to: archive.count, by: piece) {
            for event in try reader.read(Array(archive[start..<min(start + piece, archive.count)])) {
                switch event {
                case .entry(let entry): entries.append(entry)
                case .content(let bytes): contents[try #require(entries.last).name, default: []] += bytes
                }
            }
        }
        #expect(reader.isComplete)
        return (entries, contents.mapValues { String(decoding: $0, as: UTF8.self) })
    }
}
