/// Something that happened to a container, a network or an image.
package struct DockerEvent: Sendable, Equatable {
    /// `container`, `network`, `image` …
    package let type: String
    /// What happened, such as `start`, `die`, `oom` or `destroy`.
    package let action: String
    /// The ID of what it happened to.
    package let id: String
    /// The labels of a container, and `name`, `image`, `exitCode` where they apply.
    package let attributes: [String: String]
    /// Nanoseconds since 1970.
    package let nanoseconds: Int

    /// Docker's own words.
    struct Answer: Decodable, Sendable {
        struct Subject: Decodable, Sendable {
            let ID: String
            let Attributes: [String: String]?
        }
        let `Type`: String
        let Action: String
        let Actor: Subject
        let timeNano: Int
    }

    init(_ answer: Answer) {
        type = answer.Type
        action = answer.Action
        id = answer.Actor.ID
        attributes = answer.Actor.Attributes ?? [:]
        nanoseconds = answer.timeNano
    }
}
