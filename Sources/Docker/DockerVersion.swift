/// What a Docker daemon says about itself.
package struct DockerVersion: Sendable, Equatable {
    /// The newest API that it speaks, such as `1.41`.
    package let api: APIVersion
    /// The program and its version, such as `Docker/20.10.24 (linux)`; empty when it does not say.
    package let server: String
}

/// A version of the Docker Engine API. It is a pair of numbers: `1.9` comes before `1.41`.
package struct APIVersion: Sendable, Comparable, CustomStringConvertible {
    private let major: Int
    private let minor: Int

    /// What every request here can rely on: that of Docker 20.10 (Debian 12).
    static let oldest = APIVersion(1, 41)
    /// The newest whose answers are known to have the fields read here: that of Docker 27.
    static let newest = APIVersion(1, 47)

    private init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// The version in `text`; nil unless it is two numbers with a dot.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        self.init(major, minor)
    }

    package var description: String { "\(major).\(minor)" }

    package static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
