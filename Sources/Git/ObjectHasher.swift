import CSHA1

/// The ID of one object after another, from their content as it comes: SHA-1 with collision detection.
final class ObjectHasher {
    private let context = UnsafeMutablePointer<csha1_context>.allocate(capacity: 1)

    init() { context.initialize(to: csha1_context()) }

    deinit { context.deallocate() }

    /// Begins the ID of an object of `size` bytes.
    func begin(_ kind: ObjectKind, size: Int) {
        csha1_begin(context)
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { header in
            var start = 31
            header[start] = 0
            var rest = size
            repeat {
                start -= 1
                header[start] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            start -= 1
            header[start] = UInt8(ascii: " ")
            let name: StaticString =
                switch kind {
                case .commit: "commit"
                case .tree: "tree"
                case .blob: "blob"
                case .tag: "tag"
                }
            start -= name.utf8CodeUnitCount
            (header.baseAddress! + start).copyMemory(from: name.utf8Start, byteCount: name.utf8CodeUnitCount)
            csha1_add(context, header.baseAddress! + start, 32 - start)
        }
    }

    /// Adds the next bytes of the object's content.
    func add(_ bytes: UnsafeRawPointer, count: Int) { csha1_add(context, bytes, count) }

    /// The ID; throws if the content was made to collide with another.
    func end() throws(GitError) -> ObjectKey {
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digest throws(GitError) in
            guard csha1_end(context, digest.baseAddress!) else {
                throw GitError(
                    operation: "object '\(ObjectKey(digest.baseAddress!).id)'",
                    reason: "it is part of a SHA-1 collision attack")
            }
            return ObjectKey(digest.baseAddress!)
        }
    }
}
