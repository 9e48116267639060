internal import CLibSSH
import Glibc
import Synchronization

/// What every session of a listener shares: host keys and algorithms. It owns no socket.
final class ServerBind: Sendable {
    /// RFC 8332 asks for 2048 bits.
    static let minimumRSABits = 2048

    private static let keyTypes =
        "ssh-ed25519,sk-ssh-ed25519@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
        + "sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256"
    private static let keyExchanges =
        "curve25519-sha256,curve25519-sha256@libssh.org,diffie-hellman-group18-sha512,diffie-hellman-group16-sha512"
    private static let ciphers =
        "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes128-ctr"
    private static let codes = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256"

    /// libssh reads and writes it while a session is made: one at a time.
    private let handle: Mutex<BindHandle>

    init(hostKeys: [HostKey]) throws(SSHError) {
        guard let bind = ssh_bind_new() else { throw SSHError("cannot start the SSH server: no memory") }
        let owned = BindHandle(pointer: bind)
        try Self.configure(bind)
        for key in hostKeys { try Self.add(key, to: bind) }
        handle = Mutex(owned)
    }

    private static func configure(_ bind: ssh_bind) throws(SSHError) {
        let texts: [(ssh_bind_options_e, String)] = [
            (SSH_BIND_OPTIONS_BANNER, "Martlet"),
            (SSH_BIND_OPTIONS_KEY_EXCHANGE, keyExchanges),
            (SSH_BIND_OPTIONS_CIPHERS_C_S, ciphers),
            (SSH_BIND_OPTIONS_CIPHERS_S_C, ciphers),
            (SSH_BIND_OPTIONS_HMAC_C_S, codes),
            (SSH_BIND_OPTIONS_HMAC_S_C, codes),
            (SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, "ssh-ed25519,rsa-sha2-512,rsa-sha2-256"),
            (SSH_BIND_OPTIONS_PUBKEY_ACCEPTED_KEY_TYPES, keyTypes),
        ]
        var done = martlet_bind_ignore_system_config(bind) == SSH_OK
        for (option, text) in texts where done { done = martlet_bind_set_text(bind, option, text) == SSH_OK }
        guard done, martlet_bind_set_rsa_minimum(bind, Int32(minimumRSABits)) == SSH_OK else {
            throw SSHError("cannot configure the SSH server: \(reason(bind))")
        }
    }

    private static func add(_ hostKey: HostKey, to bind: ssh_bind) throws(SSHError) {
        guard let key = HostKeys.parse(hostKey.text) else {
            throw SSHError("cannot use host key '\(hostKey.fingerprint)': not a private key")
        }
        guard martlet_bind_import_key(bind, key) == SSH_OK else {
            ssh_key_free(key)
            throw SSHError("cannot use host key '\(hostKey.fingerprint)': \(reason(bind))")
        }
    }

    private static func reason(_ bind: ssh_bind) -> String {
        String(cString: ssh_get_error(UnsafeMutableRawPointer(bind)))
    }

    /// Makes `session` the server's side of the connected socket `descriptor`, which it owns from then on.
    func accept(_ descriptor: Int32, into session: ssh_session) -> Bool {
        let session = SessionPointer(pointer: session)
        return handle.withLock { ssh_bind_accept_fd($0.pointer, session.pointer, descriptor) == SSH_OK }
    }
}

/// Sole owner of an `ssh_bind`.
private struct BindHandle: ~Copyable, @unchecked Sendable {
    let pointer: ssh_bind
    deinit { ssh_bind_free(pointer) }
}

/// Carries a session into the lock's closure and no further.
private struct SessionPointer: @unchecked Sendable {
    let pointer: ssh_session
}
