package import Platform

/// What the server knows of certificates.
package struct CertificateServices: Sendable {
    let defaultHost: @Sendable (AppName) -> String
    let isAutomatic: Bool
    let inspect: @Sendable (_ text: String, _ host: String) async throws -> CheckedCertificate

    /// - Parameters:
    ///   - defaultHost: an app's host under the base domain.
    ///   - isAutomatic: whether certificates are got from an authority.
    ///   - inspect: the certificate in a PEM text, fit for a host; throws a `Refusal` that says why it is not.
    package init(
        defaultHost: @escaping @Sendable (AppName) -> String, isAutomatic: Bool,
        inspect: @escaping @Sendable (_ text: String, _ host: String) async throws -> CheckedCertificate
    ) {
        self.defaultHost = defaultHost
        self.isAutomatic = isAutomatic
        self.inspect = inspect
    }
}
