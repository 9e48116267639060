/// A program that an admin had run at some point of every push.
package struct Hook: Sendable, Equatable {
    /// The file's name, such as `50-refuse-secrets`.
    package let name: String
    /// The file, absolute.
    package let path: String
}
