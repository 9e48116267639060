import Testing

@testable import SSH

@Suite struct OfferedKeyTests {
    private func key(_ type: String, _ parts: [[UInt8]]) -> OfferedKey {
        let blob = ([Array(type.utf8)] + parts).flatMap { part in
            (0..<4).map { UInt8(truncatingIfNeeded: part.count >> (24 - 8 * $0)) } + part
        }
        return OfferedKey(type: type, blob: blob, fingerprint: "")
    }

    @Test(arguments: [(2048, true), (2047, false), (4096, true), (0, false)])
    func `an RSA key counts by the bits of its modulus`(bits: Int, isSupported: Bool) {
        let modulus =
            [UInt8](repeating: 0, count: 1) + (bits == 0 ? [] : [UInt8(0xFF >> ((8 - bits % 8) % 8))])
            + [UInt8](repeating: 1, count: max(0, (bits + 7) / 8 - 1))
        #expect(key("ssh-rsa", [[1, 0, 1], modulus]).isSupported == isSupported)
    }

    @Test(arguments: ["ssh-dss", "ssh-ed25519-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com", ""])
    func `a type whose signatures are not verified is not supported`(type: String) {
        #expect(!key(type, [[1], [2]]).isSupported)
    }

    @Test func `a blob that is cut short has no modulus`() {
        #expect(!OfferedKey(type: "ssh-rsa", blob: [0, 0, 0, 7, 1], fingerprint: "").isSupported)
        #expect(OfferedKey.split([0xFF, 0xFF, 0xFF, 0xFF, 1]).string.isEmpty)
    }
}
