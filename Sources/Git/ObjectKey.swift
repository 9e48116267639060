import CLibGit2
import GitWire

/// An object ID as a flat value of 20 bytes, without the array behind `ObjectID`: for sets of many.
struct ObjectKey: Hashable {
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt32 = 0

    /// No object.
    static let zero = ObjectKey(.zero)

    /// The ID at `bytes`, which must hold 20.
    init(_ bytes: UnsafePointer<UInt8>) {
        withUnsafeMutableBytes(of: &self) { $0.baseAddress!.copyMemory(from: bytes, byteCount: 20) }
    }

    init(_ id: ObjectID) {
        self = id.bytes.withUnsafeBufferPointer { ObjectKey($0.baseAddress!) }
    }

    init(_ oid: git_oid) {
        self = withUnsafeBytes(of: oid.id) { ObjectKey($0.bindMemory(to: UInt8.self).baseAddress!) }
    }

    /// The ID in the 40 hexadecimal digits `hex`; nil for anything else.
    init?(hex: some Collection<UInt8>) {
        guard let id = ObjectID(hex: hex) else { return nil }
        self.init(id)
    }

    var isZero: Bool { first == 0 && second == 0 && third == 0 }

    var id: ObjectID {
        let bytes = withUnsafeBytes(of: self) { Array($0.prefix(20)) }
        return ObjectID(bytes: bytes) ?? .zero
    }

    var oid: git_oid {
        var oid = git_oid()
        withUnsafeBytes(of: self) { bytes in
            withUnsafeMutableBytes(of: &oid) { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<20])) }
        }
        return oid
    }

    /// Nearly all bytes: the IDs in a tree are what its author likes, so that their beginnings may all be the same.
    func hash(into hasher: inout Hasher) {
        hasher.combine(first)
        hasher.combine(second)
    }
}
