package import Platform

/// A log in which secrets are not readable, though a build's programs print them.
package struct MaskedOutput: BuildOutput {
    private let log: any BuildOutput
    private let mask: SecretMask

    /// - Parameter secrets: what is masked, each line of it for itself; lines of fewer than 8 characters are not.
    package init(_ log: any BuildOutput, secrets: some Collection<String>) {
        self.log = log
        mask = SecretMask(secrets)
    }

    package func add(_ stream: LogLine.Stream, _ text: String) async { await log.add(stream, masked(text)) }

    /// `text` with a mask in the place of each secret.
    package func masked(_ text: String) -> String { mask.masked(text) }
}
