import CSHA1

/// The SHA-1 that ends a pack, over bytes that come in pieces. It guards against accidents, not attacks.
struct PackStreamDigest {
    private var context = csha1_context()

    init() { csha1_plain_begin(&context) }

    /// Adds bytes.
    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) { csha1_plain_add(&context, bytes.baseAddress, bytes.count) }

    /// The 20 bytes of the digest of all that was added; nothing may be added afterwards.
    mutating func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 20) { bytes, count in
            csha1_plain_end(&context, bytes.baseAddress)
            count = 20
        }
    }
}
