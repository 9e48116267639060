import Glibc

/// The kind and the content of an object.
struct StoredObject {
    let kind: ObjectKind
    let content: ObjectContent

    var bytes: UnsafeBufferPointer<UInt8> { content.bytes }
}

/// The bytes of an object, valid as long as this lives.
final class ObjectContent {
    let base: UnsafeMutablePointer<UInt8>
    private(set) var count: Int

    /// Room for `count` bytes.
    init(count: Int) throws(GitError) {
        guard let memory = malloc(max(count, 1)) else {
            throw GitError(operation: "read an object of \(count) bytes", reason: "out of memory", code: ENOMEM)
        }
        base = memory.assumingMemoryBound(to: UInt8.self)
        self.count = count
    }

    deinit { free(base) }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    /// Forgets all but the first `count` bytes.
    func shortened(to count: Int) -> ObjectContent {
        self.count = min(count, self.count)
        return self
    }
}
