import Foundation
import TestKit
import Testing

@testable import Build

@Suite struct FailureHintTests {
    /// The hint for a recorded output, in a folder with `a` and `ignored`.
    private func hint(_ output: String) throws -> String? {
        let folder = try Scratch()
        defer { folder.remove() }
        for name in ["a", "ignored"] { try Data().write(to: URL(filePath: "\(folder.path)/\(name)")) }
        var progress = PlainProgress()
        for line in output.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            _ = progress.take(Array(line))
        }
        let hints = FailureHint(
            context: folder.path, localImages: ["martlet/busybox:latest"], secrets: ["env", "TOKEN"],
            honoursIgnoreFile: true)
        return hints.text(for: try #require(progress.failure))
    }

    @Test(arguments: [
        (RecordedOutput.missingImage, "it is not on this machine; here are: martlet/busybox:latest"),
        (RecordedOutput.syntaxLine, "'# syntax=docker/dockerfile:1' needs a registry, and none was reached: remove it"),
        (RecordedOutput.missingFile, "'nofile' is not in the repository; the folder that is built has: a, ignored"),
        (RecordedOutput.ignoredFile, "'ignored' is in the repository, but '.dockerignore' leaves it out"),
        (RecordedOutput.missingCommand, "command not found"), (RecordedOutput.denied, "permission denied"),
        (RecordedOutput.missingSecret, "no build-scoped config variable 'nope'"),
        (RecordedOutput.unknownInstruction, "correct the Dockerfile"), (RecordedOutput.missingStage, "FROM … AS NAME"),
    ])
    func `a usual cause comes with what to do`(output: String, part: String) throws {
        let text = try hint(output)
        #expect(text?.contains(part) == true, "\(text ?? "none")")
    }

    @Test(arguments: [
        ("cat: can't open '/run/secrets/KEY': No such file or directory", "no build-scoped config variable 'KEY'"),
        ("dd: error writing 'x': No space left on device", "the disk is full"),
        ("sh: can't fork: Resource temporarily unavailable", "too many at once"),
        ("wget: bad address 'example.com'", "the name of a server was not found"),
        ("ssl.SSLError: CERTIFICATE_VERIFY_FAILED", "id=ca"),
    ])
    func `what a program printed last tells the cause`(line: String, part: String) throws {
        let text = try hint("#5 [2/2] RUN x\n#5 0.1 \(line)\n#5 ERROR: executor failed running [x]: exit code: 1")
        #expect(text?.contains(part) == true, "\(text ?? "none")")
    }

    @Test func `an unusual failure gets no hint`() throws {
        let text = try hint("#5 [2/2] RUN x\n#5 0.1 no\n#5 ERROR: executor failed running [x]: exit code: 1")
        #expect(text == nil)
    }
}
