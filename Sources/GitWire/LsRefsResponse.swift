/// The answer to the command `ls-refs` (`gitprotocol-v2`, "ls-refs").
package struct LsRefsResponse: Sendable {
    private var writer = PacketWriter()
    private let request: LsRefsRequest
    private let prefixes: NamePrefixes?

    /// An answer without lines.
    package init(to request: LsRefsRequest) {
        self.request = request
        prefixes = request.wantsAll ? nil : NamePrefixes(request.prefixes)
    }

    /// Adds `HEAD`, which comes first, if the client wants to know of it.
    ///
    /// - Parameters:
    ///   - target: what it points to; nil while its branch does not exist.
    ///   - branch: the branch it names; nil if it names none.
    package mutating func addHead(_ target: ObjectID?, branch: ReferenceName?) {
        guard target != nil || branch != nil && request.showsUnborn && request.showsSymbolicTargets else { return }
        add("HEAD", target, symbolicTarget: branch, peeled: nil)
    }

    /// Adds a reference, if the client wants to know of it. They come sorted; those that are hidden are left out.
    ///
    /// - Parameters:
    ///   - symbolicTarget: the reference that it names; nil if it names an object.
    ///   - peeled: what it leads to as an annotated tag; nil if it is none.
    package mutating func add(
        _ name: ReferenceName, _ target: ObjectID, symbolicTarget: ReferenceName?, peeled: ObjectID?
    ) {
        guard !name.isHidden else { return }
        add(name.text, target, symbolicTarget: symbolicTarget, peeled: peeled)
    }

    /// The whole answer.
    package mutating func finish() -> [UInt8] {
        writer.flush()
        return writer.bytes
    }

    private mutating func add(_ name: String, _ target: ObjectID?, symbolicTarget: ReferenceName?, peeled: ObjectID?) {
        if let prefixes, !prefixes.match(Array(name.utf8)) { return }
        writer.packet { [request] bytes in
            if let target { target.appendHex(to: &bytes) } else { bytes += "unborn".utf8 }
            bytes.append(UInt8(ascii: " "))
            bytes += name.utf8
            if request.showsSymbolicTargets, let symbolicTarget, !symbolicTarget.isHidden {
                bytes += " symref-target:".utf8
                bytes += symbolicTarget.text.utf8
            }
            if request.peels, let peeled {
                bytes += " peeled:".utf8
                peeled.appendHex(to: &bytes)
            }
            bytes.append(UInt8(ascii: "\n"))
        }
    }
}

/// How names may begin: many prefixes, looked up by bisection.
private struct NamePrefixes {
    /// Sorted, and none the beginning of another.
    private var prefixes: [[UInt8]] = []

    init(_ all: [[UInt8]]) {
        for prefix in all.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            if let last = prefixes.last, prefix.starts(with: last) { continue }
            prefixes.append(prefix)
        }
    }

    /// Whether `name` begins with one of them. That can only be the last of those that do not come after it: all that
    /// lie between a beginning of the name and the name have that beginning, too.
    func match(_ name: [UInt8]) -> Bool {
        var (low, high) = (0, prefixes.count)
        while low < high {
            let middle = (low + high) / 2
            if name.lexicographicallyPrecedes(prefixes[middle]) { high = middle } else { low = middle + 1 }
        }
        return low > 0 && name.starts(with: prefixes[low - 1])
    }
}
