internal import CLibSSH
import Glibc

/// One message of a client that has not logged in (RFC 4252), to be answered once.
final class AuthenticationRequest {
    /// What the client wants.
    enum Kind {
        /// To begin a service (RFC 4253 §10).
        case service(String)
        /// To log in with a key: a probe, or with a signature that libssh has found good. No key where libssh
        /// cannot express it.
        case publicKey(user: String, key: OfferedKey?, isSigned: Bool)
        /// The method `none`, by which clients ask for the methods there are.
        case none
        /// Any other method or message.
        case other
    }

    let kind: Kind
    private let message: ssh_message

    init(_ message: ssh_message) {
        self.message = message
        kind = Self.kind(of: message)
    }

    deinit { ssh_message_free(message) }

    private static func kind(of message: ssh_message) -> Kind {
        switch ssh_message_type(message) {
        case Int32(SSH_REQUEST_SERVICE.rawValue):
            .service(ssh_message_service_service(message).map { String(cString: $0) } ?? "")
        case Int32(SSH_REQUEST_AUTH.rawValue):
            authentication(message)
        default:
            .other
        }
    }

    private static func authentication(_ message: ssh_message) -> Kind {
        let method = UInt32(bitPattern: ssh_message_subtype(message))
        if method == SSH_AUTH_METHOD_NONE { return .none }
        guard method == SSH_AUTH_METHOD_PUBLICKEY,
            let user = ssh_message_auth_user(message),
            let key = martlet_message_public_key(message)
        else { return .other }
        let state = martlet_message_signature_state(message)
        let isSigned = state == SSH_PUBLICKEY_STATE_VALID.rawValue
        guard isSigned || state == SSH_PUBLICKEY_STATE_NONE.rawValue else { return .other }
        return .publicKey(user: String(cString: user), key: PublicKey.value(of: key), isSigned: isSigned)
    }

    /// Answers with the failure that fits the message. May be called again to refuse a later message of the same
    /// client that libssh dropped.
    func refuse() { ssh_message_reply_default(message) }

    /// Begins the service asked for.
    func acceptService() { ssh_message_service_reply_success(message) }

    /// Answers a probe: a signature of this key would be welcome.
    func acceptProbe() { ssh_message_auth_reply_pk_ok_simple(message) }

    /// Logs the client in. The session must be given its channel callbacks before anything more is read.
    func acceptLogin() { ssh_message_auth_reply_success(message, 0) }
}
