/// How much a fetching client may say; git itself has no such limits.
package struct UploadPackLimits: Sendable {
    /// The most objects that one request wants.
    package var wants = 500_000
    /// The most haves in one request; without version 2, in one conversation.
    package var haves = 2_000_000
    /// The most ends of a shallow history.
    package var shallow = 200_000
    /// The most references of `deepen-not`.
    package var excludedNames = 1_000
    /// The most bytes in one request, the haves of version 0 not counted and the lengths of the packets included.
    package var bytes = 64 << 20

    /// The limits that a server without settings has.
    package init() {}

    func check(_ count: Int, _ limit: Int, _ what: String) throws(WireError) {
        guard count <= limit else {
            throw WireError("fetch request has more than \(limit) \(what); fetch fewer references at a time")
        }
    }

    func check(bytes count: Int) throws(WireError) {
        guard count <= bytes else {
            throw WireError("fetch request is longer than \(bytes) bytes; fetch fewer references at a time")
        }
    }
}
