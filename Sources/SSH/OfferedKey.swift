/// A public key as a client offers it.
package struct OfferedKey: Sendable, Hashable {
    /// The key's type: `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`, `sk-ssh-ed25519@openssh.com`…
    package let type: String
    /// The key in wire form (RFC 4253 §6.6), what `authorized_keys` holds in base64.
    package let blob: [UInt8]
    /// `SHA256:` and the unpadded base64 of the blob's digest, as `ssh-keygen -l` prints it.
    package let fingerprint: String

    /// A key of these parts.
    package init(type: String, blob: [UInt8], fingerprint: String) {
        self.type = type
        self.blob = blob
        self.fingerprint = fingerprint
    }

    /// Whether the server can verify a signature of this key. What it cannot verify must be refused when it is
    /// offered: libssh answers a signature that it does not accept with silence.
    var isSupported: Bool {
        Self.types.contains(type) && (type != "ssh-rsa" || modulusBits >= ServerBind.minimumRSABits)
    }

    private static let types: Set<String> = [
        "ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521", "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-rsa",
    ]

    /// The bits of an RSA key's modulus, the third string of its blob; 0 when there is none.
    private var modulusBits: Int {
        var rest = blob[...]
        for _ in 0..<2 { rest = Self.split(rest).rest }
        let modulus = Self.split(rest).string.drop { $0 == 0 }
        guard let first = modulus.first else { return 0 }
        return modulus.count * 8 - first.leadingZeroBitCount
    }

    /// The first string of `bytes` (RFC 4251 §5) and what follows it; both empty when it is cut short.
    static func split(_ bytes: ArraySlice<UInt8>) -> (string: ArraySlice<UInt8>, rest: ArraySlice<UInt8>) {
        let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= 4 + length else { return ([], []) }
        let body = bytes.dropFirst(4)
        return (body.prefix(length), body.dropFirst(length))
    }
}
