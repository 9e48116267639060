internal import CLibSSH
import Glibc

/// Reads libssh's keys as values.
enum PublicKey {
    /// The value of a public key, or of the public half of a private one; nil when libssh cannot express it.
    static func value(of key: ssh_key) -> OfferedKey? {
        guard let blob = blob(of: key), let fingerprint = fingerprint(of: key) else { return nil }
        let name = OfferedKey.split(blob[...]).string
        return OfferedKey(type: String(decoding: name, as: UTF8.self), blob: blob, fingerprint: fingerprint)
    }

    private static func blob(of key: ssh_key) -> [UInt8]? {
        var text: UnsafeMutablePointer<CChar>?
        guard ssh_pki_export_pubkey_base64(key, &text) == SSH_OK, let text else { return nil }
        defer { ssh_string_free_char(text) }
        return decodeBase64(UnsafeBufferPointer(start: text, count: strlen(text)))
    }

    private static func fingerprint(of key: ssh_key) -> String? {
        var hash: UnsafeMutablePointer<UInt8>?
        var length = 0
        guard ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) == SSH_OK else { return nil }
        defer { ssh_clean_pubkey_hash(&hash) }
        guard let text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length) else { return nil }
        defer { ssh_string_free_char(text) }
        return String(cString: text)
    }

    /// The bytes of base64 text (RFC 4648 §4); nil when it holds anything else.
    private static func decodeBase64(_ text: UnsafeBufferPointer<CChar>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text where character != 0x3D && character != 0x0A {
            guard let digit = digit(UInt8(bitPattern: character)) else { return nil }
            bits = bits << 6 | digit
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
