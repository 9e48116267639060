package import Platform

/// Why a run made no live release.
package struct RunFailure: Error, CustomStringConvertible, Equatable {
    /// How the build row ends: `failed`, `cancelled` or `superseded`.
    package let status: Build.Status
    /// A few words for git's `[remote rejected]` line, such as `build failed`.
    package let summary: String
    /// The reason, one line without a full stop.
    package let description: String

    package init(_ status: Build.Status, _ summary: String, _ description: String) {
        self.status = status
        self.summary = summary
        self.description = description
    }
}
