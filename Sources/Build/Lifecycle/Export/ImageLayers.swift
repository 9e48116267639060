/// The layers of an image that is being made, and those of them that go into its archive.
///
/// The engine knows a layer by its own digest and those of all below it. Those that the last image begins with are known,
/// and need not be handed over.
final class ImageLayers {
    let archive: ImageArchive
    private let previous: [String]
    private let baseCount: Int
    /// The digests of all layers, the lowest first.
    private(set) var diffIDs: [String]
    /// The names of all layers in the archive, whether they are in it or not.
    private(set) var names: [String]
    /// The digests of layers that must be in the archive, and are not yet.
    private(set) var missing: [String] = []

    /// - Parameters:
    ///   - base: the layers of the run image.
    ///   - previous: the layers of the last image, which is still there; empty for none.
    init(archive: ImageArchive, base: [String], previous: [String]) {
        self.archive = archive
        self.previous = previous
        baseCount = base.count
        diffIDs = base
        names = base.map { "\($0.dropFirst(7)).tar" }
    }

    /// Archives a folder as the next layer. Returns its digest.
    func add(
        _ member: String, in folder: String, prefix: String = "", as name: String? = nil, owner: ImageArchive.Owner
    ) async throws -> String {
        let (known, below) = (previous, diffIDs)
        let layer = try await archive.addLayer(member, in: folder, prefix: prefix, as: name, owner: owner) {
            Self.isKnown(below + [$0], known)
        }
        diffIDs.append(layer.diffID)
        names.append(layer.name)
        return layer.diffID
    }

    /// Makes a layer of the last image the next one.
    func reuse(_ diffID: String) {
        diffIDs.append(diffID)
        names.append("\(diffID.dropFirst(7)).tar")
        if !Self.isKnown(diffIDs, previous) { missing.append(diffID) }
    }

    /// Adds a layer that was missing, from a file that is its archive.
    func supply(_ diffID: String, file: String) async throws {
        let layer = try await archive.addLayer(file: file)
        guard layer.diffID == diffID else {
            throw BuildError(
                "the layer '\(diffID)' of the last image is damaged", hint: "build again without the cache")
        }
        for index in diffIDs.indices.dropFirst(baseCount) where diffIDs[index] == diffID { names[index] = layer.name }
        missing.removeAll { $0 == diffID }
    }

    private static func isKnown(_ layers: [String], _ previous: [String]) -> Bool {
        layers.count <= previous.count && layers.elementsEqual(previous[..<layers.count])
    }
}
