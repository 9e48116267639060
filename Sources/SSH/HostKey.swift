/// A private key that proves which server this is.
package struct HostKey: Sendable {
    /// The key's type: `ssh-ed25519` or `ssh-rsa`.
    package let type: String
    /// `SHA256:` and the unpadded base64 of the public key's digest, as clients show it at the first connection.
    package let fingerprint: String
    /// The private key as OpenSSH or PEM text.
    let text: String
}
