/// Something that a test waited for in vain.
package struct Unmet: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Waits until `condition` holds: for what gives no event to wait on.
///
/// - Throws: `Unmet` when it does not hold within `limit`; what `condition` throws.
package func eventually(
    within limit: Duration = .seconds(15), _ what: @autoclosure () -> String, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw Unmet("not within \(limit): \(what())") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
