import CSHA1

/// The SHA-1 at the end of a pack or of its index, which guards against accidents only.
final class PackChecksum {
    private let context = UnsafeMutablePointer<csha1_context>.allocate(capacity: 1)

    init() {
        context.initialize(to: csha1_context())
        csha1_plain_begin(context)
    }

    deinit { context.deallocate() }

    func add(_ bytes: UnsafeRawBufferPointer) {
        if let base = bytes.baseAddress { csha1_plain_add(context, base, bytes.count) }
    }

    /// The 20 bytes; nothing can be added afterwards.
    func end() -> ObjectKey {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digest in
            csha1_plain_end(context, digest.baseAddress!)
            return ObjectKey(digest.baseAddress!)
        }
    }
}
