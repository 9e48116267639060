/// A version of the Buildpack API: how a buildpack is called, and what it may say (Buildpack Interface Specification).
package struct BuildpackAPI: Sendable, Equatable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int

    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// `<major>.<minor>`, or `<major>`, which means `<major>.0`; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isDigit) }),
            let major = Int(parts[0]), let minor = parts.count == 2 ? Int(parts[1]) : 0
        else { return nil }
        self.init(major, minor)
    }

    /// Those that are spoken here.
    static let supported = BuildpackAPI(0, 8)...BuildpackAPI(0, 12)

    package var description: String { "\(major).\(minor)" }

    /// Since 0.9 a command is a list, is started without a shell, and its arguments can be replaced.
    var hasCommandLists: Bool { self >= BuildpackAPI(0, 9) }

    package static func < (left: BuildpackAPI, right: BuildpackAPI) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
