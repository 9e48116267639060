/// Secrets as the docker client takes them: by the path of a file, never by value.
final class SecretArguments: Sendable {
    let arguments: [String]
    private let files: [SecretFile]

    /// The arguments are good as long as this object lives.
    init(_ secrets: [BuildSecret]) throws(BuildError) {
        var arguments: [String] = []
        var files: [SecretFile] = []
        for secret in secrets {
            switch secret.content {
            case .file(let path): arguments += ["--secret", "id=\(secret.id),src=\(path)"]
            case .text(let text):
                // BuildKit mounts nothing for an empty secret; a shell takes no notice of a line feed at the end.
                let file = try SecretFile(text.isEmpty ? "\n" : text)
                files.append(file)
                arguments += ["--secret", "id=\(secret.id),src=\(file.path)"]
            }
        }
        self.arguments = arguments
        self.files = files
    }
}
