import Glibc

/// A flat array outside of Swift's heap: zero where nothing was written, and memory only where something was. Freed by
/// hand; no bounds are checked.
struct Column<Element: BitwiseCopyable> {
    private(set) var base: UnsafeMutablePointer<Element>

    init(count: Int) throws(GitError) {
        guard let raw = calloc(max(count, 1), MemoryLayout<Element>.stride) else {
            throw FileSystem.failure("allocate memory")
        }
        base = raw.bindMemory(to: Element.self, capacity: max(count, 1))
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        get { base[index] }
        nonmutating set { base[index] = newValue }
    }

    /// Makes room for `new` elements instead of `old`.
    mutating func grow(from old: Int, to new: Int) throws(GitError) {
        guard let raw = realloc(base, max(new, 1) * MemoryLayout<Element>.stride) else {
            throw FileSystem.failure("allocate memory")
        }
        base = raw.bindMemory(to: Element.self, capacity: max(new, 1))
        if new > old { memset(base + old, 0, (new - old) * MemoryLayout<Element>.stride) }
    }

    func free() { Glibc.free(base) }
}
