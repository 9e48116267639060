import CLibGit2
import CSHA1
import CSHA1.Internals
import Foundation
import Testing

@Suite struct DigestTests {
    /// RFC 3174 §7.3 and the examples of FIPS 180.
    static let known: [(message: [UInt8], digest: String)] = [
        ([], "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (Array("abc".utf8), "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        (
            Array(
                repeatElement("0123456701234567012345670123456701234567012345670123456701234567", count: 10)
                    .joined().utf8),
            "dea356a2cddd90c7a7ecedc5ebb563934f460452"
        ),
        ([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
    ]

    /// The digest that libgit2 gives a blob; it has its own detecting SHA-1.
    static func blob(_ bytes: [UInt8]) -> String {
        git_libgit2_init()
        defer { git_libgit2_shutdown() }
        var id = git_oid()
        #expect(bytes.withUnsafeBytes { git_odb_hash(&id, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) } == 0)
        return withUnsafeBytes(of: id.id) { hexadecimal(Array($0)) }
    }

    static func header(_ bytes: [UInt8]) -> [UInt8] {
        Array("blob \(bytes.count)\0".utf8)
    }

    @Test(arguments: Digest.variants)
    func `the published examples come out`(variant: Int) {
        for (message, digest) in Self.known {
            let own = Digest(message, variant: variant)
            #expect(own.hex == digest)
            #expect(own.isFine)
            #expect(Digest.plain([message[...]]) == digest)
        }
    }

    @Test(arguments: Digest.variants)
    func `every short length gives libgit2's digest`(variant: Int) {
        var noise = Noise(state: 1)
        for count in Array(0...200) + Array(960...1100) + Array(1980...2120) {
            let bytes = noise.bytes(count)
            let expected = Self.blob(bytes)
            let own = Digest([Self.header(bytes)[...], bytes[...]], variant: variant)
            #expect(own.hex == expected, "\(count) bytes")
            #expect(own.isFine)
            #expect(Digest.plain([Self.header(bytes)[...], bytes[...]]) == expected)
        }
    }

    @Test(arguments: Digest.variants)
    func `it does not matter how the bytes are split`(variant: Int) {
        var noise = Noise(state: 2)
        for _ in 0..<60 {
            let bytes = noise.bytes(Int.random(in: 0...9000, using: &noise))
            let parts = noise.cut(Self.header(bytes) + bytes)
            let expected = Self.blob(bytes)
            #expect(Digest(parts, variant: variant) == Digest(Self.header(bytes) + bytes, variant: variant))
            #expect(Digest(parts, variant: variant).hex == expected)
            #expect(Digest.plain(parts) == expected)
        }
    }

    @Test func `random data never looks like an attack, and all variants agree with libgit2`() {
        #if DEBUG
            let megabytes = 5
        #else
            let megabytes = 200
        #endif
        var noise = Noise(state: 3)
        for _ in 0..<megabytes {
            let bytes = noise.bytes(1_000_000)
            let expected = Self.blob(bytes)
            for variant in Digest.variants {
                let own = Digest([Self.header(bytes)[...], bytes[...]], variant: variant)
                #expect(own.hex == expected)
                #expect(own.isFine)
            }
        }
    }

    @Test func `a copy of a context goes its own way`() {
        var one = csha1_context()
        csha1_begin(&one)
        csha1_add(&one, Array("ab".utf8), 2)
        var other = one
        csha1_add(&one, Array("c".utf8), 1)
        csha1_add(&other, Array("x".utf8), 1)
        var digest = [UInt8](repeating: 0, count: 20)
        #expect(csha1_end(&one, &digest))
        #expect(hexadecimal(digest) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    @Test func `the best variant is the one in use`() {
        #expect(String(cString: csha1_variant()) == csha1_variant_name(0).map { String(cString: $0) })
        var context = csha1_context()
        #expect(!csha1_begin_variant(&context, Digest.variants.count))
    }

    @Test func `what the processor has is made use of`() throws {
        // Linux on x86-64 says it in lines of "flags"; there are none elsewhere.
        let processors = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        let flags = processors.split(separator: "\n").first { $0.hasPrefix("flags") }?.split(separator: " ") ?? []
        let variant = String(cString: csha1_variant())
        #expect(variant.contains("sha-ni") == flags.contains("sha_ni"))
        #expect(variant.contains("avx512") == flags.contains("avx512bw"))
    }
}
