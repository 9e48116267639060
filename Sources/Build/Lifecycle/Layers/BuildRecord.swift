/// What is remembered of an app's last build with buildpacks, beside the folders of its cache.
struct BuildRecord: Codable, Equatable {
    struct Layer: Codable, Equatable {
        let content: LayerContent
        /// The digest of its archive within the image; nil unless the image has it.
        var diffID: String?
        /// What it does when the app starts; nil unless the image has it.
        var effect: LayerEffect?
    }

    struct Entry: Codable, Equatable {
        let version: String
        /// What the buildpack wants to find again, whatever its layers; nil when it left nothing.
        var store: [String: TOMLItem]?
        /// By name.
        var layers: [String: Layer]
    }

    /// The image that came of it, `sha256:…`.
    var image: String
    /// The digests of that image's layers, the lowest first.
    var diffIDs: [String]
    /// By escaped ID.
    var buildpacks: [String: Entry]
}
