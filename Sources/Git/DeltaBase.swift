import Glibc

/// An object that deltas wait for, with its content while that is held. All but the content belongs to whoever has the
/// lock of the `DeltaQueue`; the content may be read by its users.
final class DeltaBase {
    let entry: Int
    let kind: ObjectKind
    /// The number of deltas it was itself made of.
    let depth: Int
    let size: Int
    private(set) var content: UnsafeMutablePointer<UInt8>?
    /// How many threads read the content.
    var users = 0

    private let tree: DeltaTree
    private var next: Int
    private var references: Range<Int>
    private var last: Int

    /// Takes ownership of `content`, which was allocated by `malloc`.
    init(
        entry: Int, kind: ObjectKind, depth: Int, size: Int, content: UnsafeMutablePointer<UInt8>?,
        references: Range<Int>, tree: DeltaTree
    ) {
        self.entry = entry
        self.kind = kind
        self.depth = depth
        self.size = size
        self.content = content
        self.tree = tree
        self.references = references
        next = tree.firstDelta(on: entry)
        last = tree.lastDelta(on: entry)
    }

    deinit { free(content) }

    /// Whether all deltas have been taken.
    var isExhausted: Bool { next == 0 && references.isEmpty && last == 0 }

    /// The next delta to resolve; nil if all have been taken.
    func takeDelta() -> Int? {
        if next != 0 {
            defer { next = tree.delta(after: next) }
            return next
        }
        if let position = references.popFirst() { return tree.reference(at: position) }
        defer { last = 0 }
        return last == 0 ? nil : last
    }

    /// Forgets the content, or takes what was made anew; returns by how many bytes more is held.
    func hold(_ new: UnsafeMutablePointer<UInt8>?) -> Int {
        if content != nil && new != nil {
            free(new)
            return 0
        }
        let difference = (new == nil ? 0 : size) - (content == nil ? 0 : size)
        free(content)
        content = new
        return difference
    }
}
