/// Who has logged in, and by which key.
struct Login<Identity: Sendable>: Sendable {
    let identity: Identity
    let key: OfferedKey
}
