import Glibc

/// The kind and the content of an object.
struct StoredObject {
    let kind: ObjectKind
    let content: ObjectContent

    /// What `body` makes of the content, which stays there while it runs.
    func withBytes<Value, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        defer { withExtendedLifetime(content) {} }
        return try body(UnsafeBufferPointer(start: content.base, count: content.count))
    }
}

/// The bytes of an object. They are gone with the last reference: hold one until after their last use.
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

    /// Forgets all but the first `count` bytes.
    func shortened(to count: Int) -> ObjectContent {
        self.count = min(count, self.count)
        return self
    }
}
