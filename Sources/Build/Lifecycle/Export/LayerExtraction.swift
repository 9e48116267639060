import Docker
import Foundation

/// Takes layers out of an image of the engine.
struct LayerExtraction {
    let docker: DockerClient
    /// A folder of ours.
    let work: String

    /// Hands each of `digests` to `take`, as a file that is its archive.
    ///
    /// - Throws: `BuildError` when the image is gone, or lacks one of them.
    func extract(
        _ digests: Set<String>, of image: String, take: (_ digest: String, _ file: String) async throws -> Void
    ) async throws {
        let folder = "\(work)/previous"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await docker.saveImage(image, toFile: "\(folder)/image.tar")
        try await HostProgram.run("tar", ["-xf", "\(folder)/image.tar", "--no-same-owner", "-C", folder])
        try await HostProgram.remove("\(folder)/image.tar")
        let files = try layerFiles(in: folder)
        for digest in digests.sorted() {
            guard let file = files[digest] else {
                throw BuildError("the last image lacks the layer '\(digest)'", hint: "build again without the cache")
            }
            try await take(digest, "\(folder)/\(file)")
        }
        try await HostProgram.remove(folder)
    }

    /// The file of each layer, by digest.
    private func layerFiles(in folder: String) throws -> [String: String] {
        struct Manifest: Decodable {
            let Config: String
            let Layers: [String]
        }
        struct Configuration: Decodable {
            struct Layers: Decodable {
                let diff_ids: [String]
            }
            let rootfs: Layers
        }
        let manifests = try JSONDecoder().decode([Manifest].self, from: read("\(folder)/manifest.json"))
        guard let manifest = manifests.first else { throw BuildError("the last image cannot be read") }
        let configuration = try JSONDecoder().decode(
            Configuration.self, from: read("\(folder)/\(manifest.Config)"))
        return Dictionary(zip(configuration.rootfs.diff_ids, manifest.Layers), uniquingKeysWith: { first, _ in first })
    }

    private func read(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }
}
