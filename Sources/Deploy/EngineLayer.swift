/// One step that an image was made in.
package struct EngineLayer: Sendable, Hashable {
    /// Stands for this step and all before it: images that have it in common share what they made.
    package let chain: String
    /// What this step added.
    package let bytes: Int

    package init(chain: String, bytes: Int) {
        self.chain = chain
        self.bytes = bytes
    }
}
