import Crypto
import Foundation

/// The keys that seal secrets, by AES-256-GCM (NIST SP 800-38D). A sealed secret is the byte 1, the ID of its key in
/// 8 bytes, a nonce of 12, the encrypted bytes, and a tag of 16.
struct KeyRing: Sendable {
    /// One key. Its ID is the beginning of its SHA-256, hence always that of the same key.
    struct Key: Sendable {
        let secret: SymmetricKey

        init() { secret = SymmetricKey(size: .bits256) }

        init?(base64: some StringProtocol) {
            guard let bytes = Data(base64Encoded: String(base64)), bytes.count == 32 else { return nil }
            secret = SymmetricKey(data: bytes)
        }

        var base64: String { secret.withUnsafeBytes { Data($0).base64EncodedString() } }
        var id: [UInt8] { secret.withUnsafeBytes { Array(SHA256.hash(data: $0).prefix(8)) } }
    }

    private static let version: UInt8 = 1
    private static let header = 9

    /// Newest first: that one seals. Never empty.
    let keys: [Key]

    /// - Returns: nil without a key.
    init?(_ keys: [Key]) {
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    private init(newest: Key, others: [Key]) { keys = [newest] + others }

    /// These keys behind a new one.
    func withNewKey() -> KeyRing { KeyRing(newest: Key(), others: keys) }

    /// The newest key, the one before, and those whose IDs are among `used`. The one before stays for whoever has read
    /// from the database what it sealed, and is about to open it.
    func keeping(_ used: Set<[UInt8]>) -> KeyRing {
        KeyRing(newest: keys[0], others: keys.prefix(2).dropFirst() + keys.dropFirst(2).filter { used.contains($0.id) })
    }

    func seal(_ secret: some DataProtocol, for place: SecretPlace) throws -> [UInt8] {
        let box = try AES.GCM.seal(secret, using: keys[0].secret, authenticating: place.associatedData)
        return [Self.version] + keys[0].id + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// - Throws: `SecretError` when the key is not there, or the bytes were sealed for another place, or changed.
    func open(_ sealed: [UInt8], for place: SecretPlace) throws(SecretError) -> [UInt8] {
        guard let id = Self.keyID(of: sealed) else { throw .damaged(place) }
        guard let key = keys.first(where: { $0.id == id }) else { throw .lostKey(id.hexadecimal, of: place) }
        do throws(any Error) {
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst(Self.header))
            return Array(try AES.GCM.open(box, using: key.secret, authenticating: place.associatedData))
        } catch {
            throw .damaged(place)
        }
    }

    /// The ID of the key that sealed something; nil for what was never sealed.
    static func keyID(of sealed: [UInt8]) -> [UInt8]? {
        sealed.count > header && sealed[0] == version ? Array(sealed[1..<header]) : nil
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits for each byte.
    package var hexadecimal: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
