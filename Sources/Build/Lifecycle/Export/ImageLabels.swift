import Foundation

/// What an image says of the build that made it (Platform API 0.12, "Labels").
struct ImageLabels {
    /// `io.buildpacks.build.metadata`.
    struct BuildMetadata: Codable {
        struct Buildpack: Codable {
            let id: String
            let version: String
            let api: String?
            let homepage: String?
        }

        struct Process: Codable {
            let type: String
            let command: Words
            let args: [String]?
            let direct: Bool?
            let workingDirectory: String?
            let buildpackID: String?

            enum CodingKeys: String, CodingKey {
                case type, command, args, direct
                case workingDirectory = "working-dir"
                case buildpackID
            }
        }

        /// A list; other lifecycles write a lone string, too.
        struct Words: Codable {
            let words: [String]

            init(_ words: [String]) { self.words = words }

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                words = try (try? container.decode([String].self)) ?? [container.decode(String.self)]
            }

            func encode(to encoder: any Encoder) throws { try words.encode(to: encoder) }
        }

        let buildpacks: [Buildpack]?
        let processes: [Process]?
    }

    /// `io.buildpacks.lifecycle.metadata`.
    struct LifecycleMetadata: Encodable {
        struct Layer: Encodable {
            let sha: String
        }

        struct BuildpackLayer: Encodable {
            let sha: String?
            let data: [String: TOMLItem]
            let build: Bool
            let launch: Bool
            let cache: Bool
        }

        struct Buildpack: Encodable {
            let key: String
            let version: String
            let layers: [String: BuildpackLayer]
        }

        struct RunImage: Encodable {
            let reference: String
            let topLayer: String
        }

        let app: [Layer]
        let launcher: Layer
        let buildpacks: [Buildpack]
        let runImage: RunImage
    }

    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func build(_ built: [BuiltBuildpack], _ processes: [LaunchProcess]) throws -> String {
        try text(
            BuildMetadata(
                buildpacks: built.map {
                    let descriptor = $0.buildpack.descriptor
                    return .init(
                        id: descriptor.id, version: descriptor.version, api: "\(descriptor.api)",
                        homepage: descriptor.homepage)
                },
                processes: processes.map {
                    .init(
                        type: $0.type, command: .init($0.command), args: $0.arguments, direct: $0.isDirect,
                        workingDirectory: $0.folder, buildpackID: $0.buildpack)
                }))
    }
}
