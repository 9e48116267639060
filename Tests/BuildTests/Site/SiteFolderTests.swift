import Foundation
import Glibc
import TestKit
import Testing

@testable import Build

/// The files of a site, as they are written from an archive.
@Suite struct SiteFolderTests {
    @Test func `files and folders are there, for everybody to read`() async throws {
        let script = "mkdir -p sub; printf hello >index.html; printf x >sub/x; chmod 4700 index.html; chmod 700 sub"
        try await Self.with(script) { (path: String, folder: SiteFolder) throws in
            #expect(try String(contentsOfFile: "\(path)/index.html", encoding: .utf8) == "hello")
            #expect(Self.mode(path) == 0o755)
            #expect(Self.mode("\(path)/index.html") == 0o644)
            #expect(Self.mode("\(path)/sub") == 0o755)
            #expect(folder.summary.bytes == 6)
            #expect(folder.droppedCount == 0)
        }
    }

    @Test func `links to files of the site become those files, others are left out`() async throws {
        let script = """
            mkdir -p sub; printf hello >index.html; ln index.html hard.html; ln -s index.html soft.html
            ln -s ../index.html sub/up.html; ln -s /etc/passwd passwd; ln -s ../../etc/passwd out; ln -s sub folder
            ln -s none dangling; mkfifo pipe
            """
        try await Self.with(script) { (path: String, folder: SiteFolder) throws in
            for name in ["hard.html", "soft.html", "sub/up.html"] {
                #expect(try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) == "hello")
                #expect(Self.kind("\(path)/\(name)") == S_IFREG)
            }
            for name in ["passwd", "out", "folder", "dangling", "pipe"] { #expect(Self.kind("\(path)/\(name)") == nil) }
            #expect(
                folder.dropped.sorted() == [
                    "'dangling' is left out: it links to what is not in the site",
                    "'folder' is left out: it links to a folder", "'out' is left out: it links out of the site",
                    "'passwd' is left out: it links out of the site",
                    "'pipe' is left out: it is neither a file nor a folder",
                ])
        }
    }

    @Test func `a name that leads out, or through a link, writes nothing there`() async throws {
        let victim = try Scratch()
        defer { victim.remove() }
        let script = """
            mkdir dir; printf evil >evil; ln -s \(victim.path) dir/link
            tar -c -f archive.tar dir
            mkdir -p other/dir/link; printf evil >other/dir/link/evil; tar -r -f archive.tar -C other dir/link/evil
            tar -r -P -f archive.tar --transform='s,^evil$,dir/../../evil,' evil
            """
        let archive = try await TarReaderTests.archive(script)
        let scratch = try Scratch()
        defer { scratch.remove() }
        var folder = try SiteFolder(path: "\(scratch.path)/site", limits: SiteLimits())
        try folder.write(archive)
        try folder.finish()
        #expect(try FileManager.default.contentsOfDirectory(atPath: victim.path) == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["site"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/site") == ["link"])
    }

    @Test func `a site has limits`() async throws {
        var limits = SiteLimits()
        limits.entries = 3
        try await Self.refused(
            "for i in 1 2 3 4; do echo >$i; done", limits, "the site has more than 3 files, which is the limit")
        limits = SiteLimits()
        limits.bytes = 2 << 20
        try await Self.refused(
            "truncate -s 3M a", limits, "the site has more than 2 MiB, which is the limit")
    }

    private static func refused(_ script: String, _ limits: SiteLimits, _ message: String) async throws {
        await #expect {
            try await with(script, limits) { _, _ in }
        } throws: {
            ($0 as? BuildError)?.description == message
        }
    }

    /// Runs `body` with the folder written from the files that `script` makes.
    private static func with(
        _ script: String, _ limits: SiteLimits = SiteLimits(), _ body: (String, SiteFolder) throws -> Void
    ) async throws {
        let archive = try await TarReaderTests.archive(
            "mkdir files; cd files\n\(script)\ncd ..; tar -c -f archive.tar -C files .")
        let scratch = try Scratch()
        defer { scratch.remove() }
        var folder = try SiteFolder(path: "\(scratch.path)/site", limits: limits)
        defer { folder.closeFile() }
        try folder.write(archive)
        try folder.finish()
        try body("\(scratch.path)/site", folder)
    }

    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    private static func kind(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
