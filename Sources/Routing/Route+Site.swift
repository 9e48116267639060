extension Route {
    /// Files that are served as they are.
    package struct Site: Sendable, Hashable, Codable {
        /// The absolute path of their folder, which is another one for each version: nothing in it changes. nginx's
        /// workers must be able to enter all above it.
        package var root: String
        /// Whether a path without a file is answered with `index.html`; a missing script, picture or other part of a
        /// page is not.
        package var isSinglePage: Bool

        package init(root: String, isSinglePage: Bool = false) {
            self.root = root
            self.isSinglePage = isSinglePage
        }
    }
}
