/// What an app's config may be. A process gets all of it at its start, for which Linux has a limit of 2 MiB.
package enum ConfigLimits {
    /// Bytes of one value.
    package static let valueBytes = 64 << 10
    /// Variables of one app.
    package static let variables = 1_000
    /// Bytes of all names and values of one app.
    package static let totalBytes = 1 << 20

    /// - Throws: `Refusal` for a value that no process could be given.
    static func check(_ value: String, of name: ConfigName) throws(Refusal) {
        guard value.utf8.count <= valueBytes else {
            throw Refusal(
                "the value of '\(name)' has \(value.utf8.count) bytes, more than \(valueBytes); keep it in a file or a store",
                exitStatus: 2)
        }
        guard !value.utf8.contains(0) else {
            throw Refusal("the value of '\(name)' has a NUL byte, which no process can be given", exitStatus: 2)
        }
    }

    /// - Throws: `Refusal` for more than an app may have.
    static func check(count: Int, bytes: Int, of app: App) throws(Refusal) {
        guard count <= variables else {
            throw Refusal("app '\(app.name)' would have \(count) variables, more than \(variables); unset some")
        }
        guard bytes <= totalBytes else {
            throw Refusal(
                "the config of app '\(app.name)' would have \(bytes) bytes, more than \(totalBytes); keep large values in a file or a store"
            )
        }
    }
}
