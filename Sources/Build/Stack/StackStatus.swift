/// What there is of the stack.
package struct StackStatus: Sendable, Equatable, Codable {
    /// One of its images.
    package struct Image: Sendable, Equatable, Codable {
        /// Its name, such as `martlet/stack:run`.
        package let name: String
        /// Its digest, `sha256:…`; nil when there is no such image yet.
        package let id: String?
        /// The version of the recipe that made it; nil when none did.
        package let version: String?
        /// The bytes of all its layers.
        package let size: Int?
        /// Seconds since 1970.
        package let created: Int?
    }

    /// The one to build on, and the one to run on.
    package let images: [Image]
    /// Whether a setting names the images, so that they are pulled and never made.
    package let isConfigured: Bool
    /// Whether they can be used as they are; else the next build makes or pulls them.
    package let isReady: Bool
}
