import Foundation

/// An SSH public key as people paste it: `TYPE BASE64 [COMMENT]` (`sshd(8)`, "AUTHORIZED_KEYS FILE FORMAT").
package struct PublicKey: Hashable, Sendable {
    /// Such as `ssh-ed25519`.
    package let type: String
    /// The key in wire form (RFC 4253 §6.6).
    package let blob: [UInt8]
    /// What follows the key; empty when nothing does.
    package let comment: String

    /// Key types that may log in, weakest excluded.
    package static let types = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]

    /// The one key in `text`.
    ///
    /// - Throws: `Refusal` that says which way the paste went wrong.
    package init(pasted text: String) throws(Refusal) {
        let line = try Self.onlyLine(of: text)
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let first = words.first.map(String.init) else { throw Self.refusal("it is empty") }
        try Self.checkType(first, in: words.map(String.init))
        guard words.count >= 2 else { throw Self.refusal("the part after '\(first)' is missing; paste the whole line") }
        guard let data = Data(base64Encoded: String(words[1])) else {
            throw Self.refusal("its second part is not base64, so it was cut or wrapped; paste the whole line")
        }
        type = first
        blob = Array(data)
        comment = String(words.dropFirst(2).joined(separator: " ").prefix(200)).escaped
        try checkBlob()
    }

    private static func refusal(_ why: String) -> Refusal { Refusal("invalid SSH key: \(why)", exitStatus: 2) }

    /// The only line that is neither empty nor a comment.
    private static func onlyLine(of text: String) throws(Refusal) -> String {
        if text.contains("PRIVATE KEY-----") {
            throw refusal("this is a PRIVATE key; keep it secret and send the file that ends in .pub")
        }
        if text.contains("BEGIN SSH2 PUBLIC KEY") || text.contains("BEGIN PUBLIC KEY")
            || text.contains("BEGIN RSA PUBLIC KEY")
        {
            throw refusal(
                "this format is not OpenSSH's; convert it with 'ssh-keygen -i -m RFC4716 -f FILE' (or PKCS8, PEM)")
        }
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard let line = lines.first else { throw refusal("it is empty") }
        guard lines.count == 1 else {
            let allKeys = lines.allSatisfy { line in types.contains { line.hasPrefix($0 + " ") } }
            throw refusal(
                allKeys ? "there are \(lines.count) keys; add them one at a time" : "it is broken over several lines")
        }
        return line
    }

    private static func checkType(_ type: String, in words: [String]) throws(Refusal) {
        guard !types.contains(type) else { return }
        if type == "ssh-dss" { throw refusal("DSA keys are too weak; make one with 'ssh-keygen -t ed25519'") }
        if type.contains("-cert-v01@") { throw refusal("this is a certificate; send the key's own .pub file") }
        if type.hasPrefix("AAAA") { throw refusal("the type before the key is missing; paste the whole line") }
        if type.hasPrefix("SHA256:") || type.hasPrefix("MD5:") { throw refusal("this is a fingerprint, not the key") }
        if words.dropFirst().contains(where: types.contains) {
            throw refusal("options before the key are not taken; begin with the type, such as 'ssh-ed25519'")
        }
        throw refusal(
            "'\(String(type.prefix(40)).escaped)' is not a key type; use one of \(types.joined(separator: ", "))")
    }

    /// Checks the wire form: it names the same type, has the fields of that type, nothing after them, and enough bits.
    private func checkBlob() throws(Refusal) {
        var fields: [ArraySlice<UInt8>] = []
        var rest = blob[...]
        while !rest.isEmpty {
            guard let field = Self.takeField(&rest) else {
                throw Self.refusal("it was cut short; paste the whole line")
            }
            fields.append(field)
        }
        guard let inner = fields.first, Array(inner) == Array(type.utf8) else {
            throw Self.refusal("it says '\(type)' but holds a key of another type")
        }
        let expected =
            type == "ssh-rsa" || type.hasPrefix("ecdsa") || type == "sk-ssh-ed25519@openssh.com"
            ? 3
            : type.hasPrefix("sk-ecdsa") ? 4 : 2
        guard fields.count == expected, type != "ssh-ed25519" || fields[1].count == 32 else {
            throw Self.refusal("it was damaged; paste the whole line again")
        }
        if type == "ssh-rsa" {
            let bits = fields[2].drop(while: { $0 == 0 }).count * 8
            guard bits >= 2048 else {
                throw Self.refusal("an RSA key of \(bits) bits is too weak; use 3072 or ed25519")
            }
        }
    }

    /// Takes a length-prefixed field (RFC 4251 §5, `string`) off the front; nil when it is incomplete.
    private static func takeField(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard bytes.count >= 4 else { return nil }
        let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= 4 + length else { return nil }
        defer { bytes = bytes.dropFirst(4 + length) }
        return bytes.dropFirst(4).prefix(length)
    }
}
