import Foundation
import SSH
import Testing
import Threads

@Suite struct HostKeyTests {
    private static func load(_ directory: String) async throws -> [HostKey] {
        try await onOwnThread { () throws(SSHError) in try HostKeys.loadOrCreate(in: directory) }
    }

    @Test func `host keys are made once, for their owner alone, and stay`() async throws {
        let parent = try await Keys.folder()
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let directory = "\(parent)/keys"
        let keys = try await Self.load(directory)
        #expect(keys.map(\.type) == ["ssh-ed25519", "ssh-rsa"])
        let files = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        #expect(files == ["ssh_host_ed25519_key", "ssh_host_rsa_key"])
        for (file, key) in zip(files, keys) {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(file)")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let listing = await (try ClientProcess(["ssh-keygen", "-l", "-f", "\(directory)/\(file)"])).finished()
            #expect(listing.text.contains(key.fingerprint))
        }
        #expect(try await Self.load(directory).map(\.fingerprint) == keys.map(\.fingerprint))
    }

    @Test func `a host key that others may read is refused`() async throws {
        let directory = try await Keys.folder()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = "\(directory)/ssh_host_ed25519_key"
        try await Keys.make(path, type: ["ed25519"])
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let expected = SSHError("cannot use host key '\(path)': others may read it (mode 640); run chmod 600 '\(path)'")
        await #expect(throws: expected) { try await Self.load(directory) }
    }

    @Test func `a file that is no key is refused`() async throws {
        let directory = try await Keys.folder()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = "\(directory)/ssh_host_ed25519_key"
        #expect(FileManager.default.createFile(atPath: path, contents: Data("nonsense".utf8)))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let expected = SSHError("cannot read host key '\(path)': not a private key; remove it to have a new one made")
        await #expect(throws: expected) { try await Self.load(directory) }
    }
}
