/// Why a hook could not be run at all.
package struct HookError: Error, CustomStringConvertible, Equatable {
    /// What failed, such as `run hook '50-refuse-secrets'`.
    package let operation: String
    /// Why, and what to do about it.
    package let reason: String

    package init(operation: String, reason: String) {
        self.operation = operation
        self.reason = reason
    }

    package var description: String { "cannot \(operation): \(reason)" }
}
