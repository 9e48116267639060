/// The walk through all that references reach, which goes on where something is missing.
struct RepositoryWalk {
    private let store: ObjectStore
    private let marks: ObjectMarks
    private var waiting: [(number: ObjectNumber, kind: ObjectKind)] = []
    /// What is not there, or not what it has to be, with who needs it as what.
    private(set) var missing: [(key: ObjectKey, reason: String)] = []
    private var known: Set<ObjectKey> = []

    init(store: ObjectStore) {
        self.store = store
        marks = ObjectMarks(count: store.packedCount)
    }

    /// Adds what a reference points to; returns what is wrong with that, nil if nothing is.
    mutating func add(tip: ObjectKey, isBranch: Bool) -> String? {
        guard let number = try? store.number(of: tip) else { return "which is missing" }
        guard let kind = try? store.kind(number) else { return "which cannot be read" }
        if isBranch && kind != .commit { return "which is a \(kind)" }
        push(number, kind)
        return nil
    }

    /// Walks from the tips.
    mutating func run() {
        while let (number, kind) = waiting.popLast() {
            // An object that cannot be read is a finding already.
            guard let object = try? store.object(number), object.kind == kind else { continue }
            let key = store.key(of: number)
            object.withBytes { read(key, kind, $0) }
        }
    }

    private mutating func read(_ key: ObjectKey, _ kind: ObjectKind, _ bytes: UnsafeBufferPointer<UInt8>) {
        switch kind {
        case .blob: break
        case .tag:
            guard let tag = try? TagHeader(bytes) else { return }
            need(tag.target, tag.kind, for: key, kind)
        case .commit:
            guard let links = CommitLinks(bytes) else { return }
            need(links.tree, .tree, for: key, kind)
            for parent in links.parents { need(parent, .commit, for: key, kind) }
        case .tree:
            var reader = TreeReader(bytes)
            while let entry = try? reader.next() {
                // The commits of submodules belong to other repositories.
                if !entry.isSubmodule { need(entry.key, entry.isTree ? .tree : .blob, for: key, kind) }
            }
        }
    }

    private mutating func need(_ key: ObjectKey, _ kind: ObjectKind, for parent: ObjectKey, _ parentKind: ObjectKind) {
        guard let number = try? store.number(of: key) else {
            return miss(key, "\(parentKind) '\(parent.id)' needs it")
        }
        guard marks[number] & Self.mark(kind) == 0 else { return }
        if let found = try? store.kind(number), found != kind {
            return miss(key, "\(parentKind) '\(parent.id)' needs it as a \(kind), and it is a \(found)")
        }
        push(number, kind)
    }

    private mutating func push(_ number: ObjectNumber, _ kind: ObjectKind) {
        guard marks[number] & Self.mark(kind) == 0 else { return }
        marks[number] |= Self.mark(kind)
        if kind != .blob { waiting.append((number, kind)) }
    }

    private mutating func miss(_ key: ObjectKey, _ reason: String) {
        if known.insert(key).inserted { missing.append((key, reason)) }
    }

    private static func mark(_ kind: ObjectKind) -> UInt8 { 1 << kind.rawValue }
}
