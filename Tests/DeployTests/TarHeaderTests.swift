import Testing

@testable import Deploy

@Suite struct TarHeaderTests {
    @Test(arguments: [0, 1000, 2_097_151, 2_097_152, 4_294_967_294])
    func `a folder's owner is read as it was written, however large`(_ user: Int) throws {
        let blank = try #require(TarHeader.first(in: [UInt8](repeating: 0, count: 512))).header
        var folder = blank
        folder.user = user
        folder.group = 50
        folder.mode = 0o1777
        folder.changed = 1_700_000_000
        let entry = try #require(folder.folderEntry(named: "data"))
        let (read, start) = try #require(TarHeader.first(in: entry))
        #expect(read == folder)
        #expect(start == 512)
        #expect(folder.folderEntry(named: String(repeating: "x", count: 101)) == nil)
    }

    @Test func `what only extends the header of the next file is skipped`() throws {
        let blank = try #require(TarHeader.first(in: [UInt8](repeating: 0, count: 512))).header
        var extended = try #require(blank.folderEntry(named: "pax"))
        extended[156] = UInt8(ascii: "x")
        extended.replaceSubrange(124..<135, with: Array("00000000012".utf8))
        var folder = blank
        folder.user = 7
        let bytes = extended + [UInt8](repeating: 0, count: 512) + (try #require(folder.folderEntry(named: "data")))
        let (read, start) = try #require(TarHeader.first(in: bytes))
        #expect(read.user == 7)
        #expect(start == 1536)
        #expect(TarHeader.first(in: Array(bytes.prefix(1535))) == nil)
    }
}
