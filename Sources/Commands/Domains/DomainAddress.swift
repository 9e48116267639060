/// A host with a path, as people write them: `www.example.com/api`.
struct DomainAddress: Equatable {
    let host: String
    /// `/` where none is given.
    let path: String

    init(_ text: String) {
        let host = text.prefix { $0 != "/" }
        self.host = String(host)
        path = host.count == text.count ? "/" : String(text.dropFirst(host.count))
    }
}
