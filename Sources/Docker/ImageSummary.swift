/// An image in a list.
package struct ImageSummary: Sendable, Equatable {
    /// Its digest, `sha256:…`.
    package let id: String
    /// Its names, `NAME:TAG`; empty when it has none.
    package let names: [String]
    package let labels: [String: String]
    /// Seconds since 1970.
    package let created: Int
    /// The bytes of all its layers, those it shares too.
    package let size: Int

    /// Docker's own words.
    struct Answer: Decodable, Sendable {
        let Id: String
        let RepoTags: [String]?
        let Labels: [String: String]?
        let Created: Int
        let Size: Int
    }

    init(_ answer: Answer) {
        id = answer.Id
        names = (answer.RepoTags ?? []).filter { $0 != "<none>:<none>" }
        labels = answer.Labels ?? [:]
        created = answer.Created
        size = answer.Size
    }
}
