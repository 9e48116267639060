/// What a quarantine wants after it was given bytes of a pack.
package enum PackFeed: Equatable, Sendable {
    /// The pack goes on.
    case needsMore
    /// The pack is complete; `rest` are the bytes after its end, which are not the pack's.
    case complete(rest: [UInt8])
}
