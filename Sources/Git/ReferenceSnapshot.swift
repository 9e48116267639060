package import GitWire
import Synchronization
import Threads

/// All references of a repository at one moment, kept until one of them changes, by whomever.
package final class ReferenceSnapshot: Sendable {
    /// Sorted by the bytes of their names, without the hidden ones. References that point nowhere or to no object
    /// are left out.
    package let references: [AdvertisedReference]
    /// The branch that `HEAD` names, whether it exists or not; nil if it names none.
    package let headBranch: ReferenceName?
    /// What `HEAD` points to; nil while its branch does not exist.
    package let headTarget: ObjectID?
    /// As `references`, with the hidden ones.
    let all: [AdvertisedReference]
    /// How many references have a file of their own.
    let looseCount: Int

    /// What each symbolic reference stands for in the end, whether that exists or not.
    package let aliases: [ReferenceName: ReferenceName]

    private let encodings = Mutex<[String: [UInt8]]>([:])

    /// The references of the repository at `path` as they are now. What did not change since the last time costs a
    /// few `stat` calls.
    ///
    /// - Throws: when there is no repository, or it cannot be read.
    package static func current(of path: String) async throws -> ReferenceSnapshot {
        try await onOwnThread { () throws(GitError) in try ReferenceCache.shared.snapshot(of: path) }
    }

    /// The bytes that `make` makes of this snapshot, made once for each `form`.
    package func encoded(as form: String, _ make: (ReferenceSnapshot) -> [UInt8]) -> [UInt8] {
        if let bytes = encodings.withLock({ $0[form] }) { return bytes }
        let bytes = make(self)
        encodings.withLock { $0[form] = bytes }
        return bytes
    }

    /// - Parameters:
    ///   - files: what was read.
    ///   - head: what `HEAD` says; nil if it says nothing.
    ///   - known: the objects that exist among the targets, each with what it leads to as an annotated tag, or zero.
    init(_ files: ReferenceFiles, head: StoredReference.Value?, known: [ObjectKey: ObjectKey]) {
        var references: [AdvertisedReference] = []
        references.reserveCapacity(files.references.count)
        for stored in files.references {
            guard let target = files.target(of: stored.value), let peeled = known[target] else { continue }
            references.append(
                AdvertisedReference(
                    name: stored.name, target: target.id, peeled: peeled.isZero ? nil : peeled.id,
                    symbolicTarget: stored.symbolicTarget))
        }
        all = references
        let hasHidden = references.contains { $0.name.isHidden }
        self.references = hasHidden ? references.filter { !$0.name.isHidden } : references
        looseCount = files.looseCount
        aliases = files.aliases
        headBranch = if case .symbolic(let name) = head { name } else { nil }
        headTarget = head.flatMap(files.target).flatMap { known[$0] == nil ? nil : $0.id }
    }
}

extension StoredReference {
    fileprivate var symbolicTarget: ReferenceName? {
        if case .symbolic(let name) = value { name } else { nil }
    }
}

extension ReferenceFiles {
    /// The object that `value` leads to; nil where a symbolic reference names none, or goes round in circles.
    func target(of value: StoredReference.Value) -> ObjectKey? {
        var value = value
        for _ in 0..<5 {
            switch value {
            case .object(let key): return key
            case .symbolic(let name):
                guard let next = reference(named: name) else { return nil }
                value = next.value
            }
        }
        return nil
    }

    /// What each symbolic reference stands for in the end; those that go round in circles are left out.
    fileprivate var aliases: [ReferenceName: ReferenceName] {
        var aliases: [ReferenceName: ReferenceName] = [:]
        for reference in references {
            guard case .symbolic(var name) = reference.value else { continue }
            var steps = 0
            while steps < 5, case .symbolic(let next) = self.reference(named: name)?.value {
                name = next
                steps += 1
            }
            if steps < 5 { aliases[reference.name] = name }
        }
        return aliases
    }
}
