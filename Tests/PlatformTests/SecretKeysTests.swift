import Foundation
import Glibc
import TestKit
import Testing

@testable import Platform

@Suite struct SecretKeysTests {
    @Test func `the file is made once, for its owner alone`() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let keys = SecretKeys(path: "\(scratch.path)/secrets")
        #expect(try keys.load() == nil)
        let made = try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { try keys.loadOrMake().keys.map(\.id) } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(made.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["secrets"])
        let attributes = try FileManager.default.attributesOfItem(atPath: keys.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `what is stored is read by whoever asks next`() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let keys = SecretKeys(path: "\(scratch.path)/secrets")
        let ring = try keys.loadOrMake().withNewKey()
        try keys.store(ring)
        #expect(try SecretKeys(path: keys.path).load()?.keys.map(\.id) == ring.keys.map(\.id))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["secrets"])
    }

    @Test func `a file that others can read is refused, and one that holds something else`() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let keys = SecretKeys(path: "\(scratch.path)/secrets")
        _ = try keys.loadOrMake()
        for mode in [0o640, 0o604] as [mode_t] {
            chmod(keys.path, mode)
            let error = #expect(throws: SecretError.self) { try keys.load() }
            #expect(error?.description.contains("others may read it; run 'chmod 600") == true)
        }
        for (content, words) in [("", "it is empty"), ("c2hvcnQ=\n", "it is damaged"), ("?\n", "it is damaged")] {
            try content.write(toFile: keys.path, atomically: false, encoding: .utf8)
            chmod(keys.path, 0o600)
            let error = #expect(throws: SecretError.self) { try keys.load() }
            #expect(error?.description.contains(words) == true)
        }
        unlink(keys.path)
        symlink("/dev/null", keys.path)
        #expect(throws: SecretError.self) { try keys.load() }
        #expect(throws: SecretError.self) { try SecretKeys(path: "\(scratch.path)/no/secrets").loadOrMake() }
    }
}
