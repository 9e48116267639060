internal import CLibSSH
import Glibc

/// The keys by which clients know the server, kept as files.
package enum HostKeys {
    private static let kinds: [(file: String, type: ssh_keytypes_e, bits: Int32)] = [
        ("ssh_host_ed25519_key", SSH_KEYTYPE_ED25519, 0),
        ("ssh_host_rsa_key", SSH_KEYTYPE_RSA, 3072),
    ]

    /// The Ed25519 and the RSA host key in `directory`, which is made with mode 0700 and keys of mode 0600 where they
    /// do not exist yet. Making an RSA key takes up to a second; call it at start-up.
    ///
    /// - Throws: when a file cannot be read or written, holds no key, or may be read by others.
    package static func loadOrCreate(in directory: String) throws(SSHError) -> [HostKey] {
        if mkdir(directory, 0o700) != 0 && errno != EEXIST {
            throw .system("cannot make the host key folder '\(directory)'")
        }
        var keys: [HostKey] = []
        for kind in kinds {
            let path = "\(directory)/\(kind.file)"
            if try PrivateFile.read(path) == nil {
                try PrivateFile.create(path, text: generate(kind.type, bits: kind.bits))
            }
            keys.append(try load(path))
        }
        return keys
    }

    private static func load(_ path: String) throws(SSHError) -> HostKey {
        guard let text = try PrivateFile.read(path), let key = parse(text) else {
            throw SSHError("cannot read host key '\(path)': not a private key; remove it to have a new one made")
        }
        defer { ssh_key_free(key) }
        guard let value = PublicKey.value(of: key) else {
            throw SSHError("cannot read host key '\(path)': it has no public half")
        }
        return HostKey(type: value.type, fingerprint: value.fingerprint, text: text)
    }

    /// The key in `text`, for the caller to free.
    static func parse(_ text: String) -> ssh_key? {
        var key: ssh_key?
        return ssh_pki_import_privkey_base64(text, nil, nil, nil, &key) == SSH_OK ? key : nil
    }

    private static func generate(_ type: ssh_keytypes_e, bits: Int32) throws(SSHError) -> String {
        var key: ssh_key?
        guard ssh_pki_generate(type, bits, &key) == SSH_OK, let key else {
            throw SSHError("cannot make a host key: libssh has no entropy or no memory")
        }
        defer { ssh_key_free(key) }
        var text: UnsafeMutablePointer<CChar>?
        guard ssh_pki_export_privkey_base64(key, nil, nil, nil, &text) == SSH_OK, let text else {
            throw SSHError("cannot make a host key: libssh cannot export it")
        }
        defer { ssh_string_free_char(text) }
        return String(cString: text)
    }
}
