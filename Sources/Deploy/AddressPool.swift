/// A range of IPv4 addresses that is cut into subnets: each a 256th of it, but of 256 addresses at most (`/24`) and of 16
/// at least (`/28`).
package struct AddressPool: Sendable, CustomStringConvertible {
    private let base: UInt32
    private let prefixLength: Int

    /// The range in `text`, such as `10.200.0.0/16`; nil unless it is an address, a slash, and a length from 8 to 28
    /// with no bits set beyond it.
    package init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let address = Self.address(parts[0]), let length = Int(parts[1]),
            (8...28).contains(length),
            address & (UInt32.max >> UInt32(length)) == 0
        else { return nil }
        base = address
        prefixLength = length
    }

    package var description: String { "\(Self.text(base))/\(prefixLength)" }

    private var subnetLength: Int { min(28, max(24, prefixLength + 8)) }

    /// The first subnet of the range that overlaps none of `taken` (CIDR texts); nil when there is none.
    package func firstFree(taken: Set<String>) -> String? {
        let ranges = taken.compactMap(Self.range)
        let end = UInt64(base) + (1 << UInt64(32 - prefixLength))
        let size = UInt64(1) << UInt64(32 - subnetLength)
        for start in stride(from: UInt64(base), to: end, by: Int(size)) {
            let subnet = start...(start + size - 1)
            if !ranges.contains(where: { $0.overlaps(subnet) }) {
                return "\(Self.text(UInt32(start)))/\(subnetLength)"
            }
        }
        return nil
    }

    private static func range(_ cidr: String) -> ClosedRange<UInt64>? {
        let parts = cidr.split(separator: "/")
        guard parts.count == 2, let address = address(parts[0]), let length = Int(parts[1]), (0...32).contains(length)
        else { return nil }
        let size = UInt64(1) << UInt64(32 - length)
        let start = UInt64(address) / size * size
        return start...(start + size - 1)
    }

    private static func address(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        guard parts.count == 4 else { return nil }
        return parts.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func text(_ address: UInt32) -> String {
        [24, 16, 8, 0].map { "\(address >> $0 & 255)" }.joined(separator: ".")
    }
}
