/// A buildpack on the host.
package struct Buildpack: Sendable, Equatable, CustomStringConvertible {
    package let descriptor: BuildpackDescriptor
    /// Its folder on the host, with `buildpack.toml` and, unless it is composite, `bin/detect` and `bin/build`.
    package let folder: String

    package init(descriptor: BuildpackDescriptor, folder: String) {
        self.descriptor = descriptor
        self.folder = folder
    }

    package var id: String { descriptor.id }
    /// What names its folder of layers: the ID with `_` for `/` (Buildpack API, "Layers").
    var escapedID: String { String(id.map { $0 == "/" ? "_" : $0 }) }
    /// Where it is within the container.
    var containerFolder: String { "/cnb/buildpacks/\(escapedID)/\(descriptor.version)" }

    package var description: String { "\(id)@\(descriptor.version)" }
}
