/// Hides secrets in texts that others may read.
package struct SecretMask: Sendable {
    /// Shorter ones would be found in what is no secret.
    private static let shortest = 8
    private static let mask = "********"

    private let secrets: [String]

    /// - Parameter secrets: what is masked, each line of it for itself; lines of fewer than 8 characters are not.
    package init(_ secrets: some Collection<String>) {
        // One that contains another goes first.
        self.secrets = Set(secrets.flatMap { $0.split(whereSeparator: \.isNewline) }.map(String.init))
            .filter { $0.utf8.count >= Self.shortest }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// `text` with a mask in the place of each secret.
    package func masked(_ text: String) -> String {
        secrets.reduce(text) {
            $0.contains($1)
                ? $0.split(separator: $1, omittingEmptySubsequences: false).joined(separator: Self.mask) : $0
        }
    }
}
