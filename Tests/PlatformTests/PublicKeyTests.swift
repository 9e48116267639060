import Foundation
import Testing

@testable import Platform

@Suite struct PublicKeyTests {
    private static let good = "ssh-ed25519 \(ed25519) alice@laptop"
    private static let ed25519 = wire([Array("ssh-ed25519".utf8), [UInt8](repeating: 7, count: 32)])

    /// The base64 of length-prefixed fields (RFC 4251 §5).
    private static func wire(_ fields: [[UInt8]]) -> String {
        Data(fields.flatMap { field in withUnsafeBytes(of: UInt32(field.count).bigEndian) { Array($0) } + field })
            .base64EncodedString()
    }

    @Test func `a pasted key keeps its type, wire form and comment`() throws {
        for text in [Self.good, "  \(Self.good)\r\n", "# mine\n\n\(Self.good)\n"] {
            let key = try PublicKey(pasted: text)
            #expect(key.type == "ssh-ed25519")
            #expect(key.blob == Array(Data(base64Encoded: Self.ed25519) ?? Data()))
            #expect(key.comment == "alice@laptop")
        }
        #expect(try PublicKey(pasted: "ssh-ed25519 \(Self.ed25519)").comment == "")
    }

    @Test(arguments: [
        ("", "it is empty"),
        ("# nothing", "it is empty"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc", "this is a PRIVATE key"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\nabc", "this format is not OpenSSH's"),
        ("\(good)\n\(good)", "there are 2 keys; add them one at a time"),
        ("ssh-ed25519 AAAAC3Nza\nC1lZDI1NTE5", "it is broken over several lines"),
        ("ssh-ed25519", "the part after 'ssh-ed25519' is missing"),
        ("ssh-ed25519 %%%", "its second part is not base64"),
        ("ssh-ed25519 AAAA", "it was cut short"),
        (String(good.prefix(60)), "it was cut short"),
        ("ssh-rsa \(ed25519)", "it says 'ssh-rsa' but holds a key of another type"),
        (ed25519, "the type before the key is missing"),
        ("SHA256:abc", "this is a fingerprint, not the key"),
        ("restrict,pty \(good)", "options before the key are not taken"),
        ("ssh-dss AAAA", "DSA keys are too weak"),
        ("ssh-ed25519-cert-v01@openssh.com AAAA", "this is a certificate"),
        ("hello world", "'hello' is not a key type"),
        (
            "ssh-rsa \(wire([Array("ssh-rsa".utf8), [1, 0, 1], [0] + [UInt8](repeating: 255, count: 128)]))",
            "1024 bits is too weak"
        ),
        ("ssh-ed25519 \(wire([Array("ssh-ed25519".utf8), [1, 2, 3]]))", "it was damaged"),
    ])
    func `a paste that went wrong is told how`(text: String, reason: String) throws {
        let refusal = #expect(throws: Refusal.self) { try PublicKey(pasted: text) }
        #expect(refusal?.text.contains(reason) == true, "\(String(describing: refusal))")
        #expect(refusal?.exitStatus == 2)
    }

    @Test(arguments: ["shop", "a", "my-shop-2", "a23456789012345678901234567890"])
    func `a DNS label of lower-case letters is an app name`(text: String) throws {
        #expect(try AppName(text).description == text)
    }

    @Test(arguments: [
        "", "Shop", "9lives", "-x", "x-", "a.b", "a_b", "../x", "é", "a234567890123456789012345678901", "a\n",
    ])
    func `anything else is no app name`(text: String) {
        #expect(throws: Refusal.self) { try AppName(text) }
    }
}
