import Crypto
import Docker
import Foundation
import Platform

/// The JSON that is an image's identity: its digest is the image's ID (Docker image specification 1.2).
struct ImageConfiguration: Encodable {
    struct Process: Encodable {
        var Env: [String]
        var User: String
        var WorkingDir: String
        var Entrypoint: [String]?
        var Cmd: [String]?
        var Labels: [String: String]
        var ExposedPorts: [String: [String: String]]?
    }

    struct Layers: Encodable {
        let type = "layers"
        let diff_ids: [String]
    }

    let architecture: String
    let os: String
    /// Fixed, so that equal content makes an equal image.
    let created = "1980-01-01T00:00:01Z"
    var config: Process
    let rootfs: Layers
    let history: [String] = []

    /// One with what `image` is, other labels and other layers.
    init(_ image: ImageDescription, labels: [String: String], diffIDs: [String]) {
        architecture = image.architecture
        os = image.operatingSystem
        rootfs = Layers(diff_ids: diffIDs)
        let ports = image.exposedPorts.map { ("\($0)/tcp", [String: String]()) }
        config = Process(
            Env: image.environment.map { "\($0.key)=\($0.value)" }.sorted(), User: image.user,
            WorkingDir: image.workingDirectory, Entrypoint: image.entrypoint.isEmpty ? nil : image.entrypoint,
            Cmd: image.command.isEmpty ? nil : image.command, Labels: labels,
            ExposedPorts: ports.isEmpty ? nil : Dictionary(ports, uniquingKeysWith: { $1 }))
    }

    /// Equal values give equal bytes.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    static func identity(of bytes: [UInt8]) -> String { "sha256:" + SHA256.hash(data: bytes).hexadecimal }

    /// The list of contents of an archive with one image.
    static func manifest(identity: String, name: String, layers: [String]) throws -> [UInt8] {
        struct Entry: Encodable {
            let Config: String
            let RepoTags: [String]
            let Layers: [String]
        }
        let entry = Entry(Config: "\(identity.dropFirst(7)).json", RepoTags: [name], Layers: layers)
        return Array(try JSONEncoder().encode([entry]))
    }
}
