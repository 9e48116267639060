import Crypto

/// Hashes of passwords that proxies check by crypt(3).
package enum PasswordHash {
    private static let alphabet = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    /// What the scheme does unless it is told another number.
    private static let rounds = 5_000

    /// A hash of the form `$6$SALT$HASH`, with a salt that nobody can foresee.
    package static func sha512Crypt(_ password: String) -> String {
        var random = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in alphabet[Int(random.next(upperBound: UInt64(alphabet.count)))] }
        return sha512Crypt(password, salt: String(decoding: salt, as: UTF8.self))
    }

    /// The hash with that salt, 16 bytes of it at most ("Unix crypt using SHA-256 and SHA-512", Drepper).
    package static func sha512Crypt(_ password: String, salt: String) -> String {
        let (key, salt) = (Array(password.utf8), Array(salt.utf8.prefix(16)))
        var digest = initial(key, salt)
        let keys = repeated(hash(Array(repeatElement(key, count: key.count).joined())), key.count)
        let salts = repeated(hash(Array(repeatElement(salt, count: 16 + Int(digest[0])).joined())), salt.count)
        for round in 0..<rounds {
            var input = round % 2 == 1 ? keys : digest
            if round % 3 != 0 { input += salts }
            if round % 7 != 0 { input += keys }
            input += round % 2 == 1 ? digest : keys
            digest = hash(input)
        }
        return "$6$\(String(decoding: salt, as: UTF8.self))$\(encoded(digest))"
    }

    private static func initial(_ key: [UInt8], _ salt: [UInt8]) -> [UInt8] {
        let other = hash(key + salt + key)
        var input = key + salt + repeated(other, key.count)
        var bits = key.count
        while bits > 0 {
            input += bits & 1 == 1 ? other : key
            bits >>= 1
        }
        return hash(input)
    }

    private static func hash(_ bytes: [UInt8]) -> [UInt8] { Array(SHA512.hash(data: bytes)) }

    private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        (0..<count).map { bytes[$0 % bytes.count] }
    }

    /// Three bytes as four characters, in the scheme's own order.
    private static func encoded(_ digest: [UInt8]) -> String {
        var text: [UInt8] = []
        for group in 0..<21 {
            let places = [group, group + 21, group + 42]
            let order = [0, 1, 2].map { places[($0 + group) % 3] }
            append(digest[order[0]], digest[order[1]], digest[order[2]], characters: 4, to: &text)
        }
        append(0, 0, digest[63], characters: 2, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(
        _ high: UInt8, _ middle: UInt8, _ low: UInt8, characters: Int, to text: inout [UInt8]
    ) {
        var value = Int(high) << 16 | Int(middle) << 8 | Int(low)
        for _ in 0..<characters {
            text.append(alphabet[value & 63])
            value >>= 6
        }
    }
}
