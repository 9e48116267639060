import Foundation
import Platform

/// A host and its certificate, as commands show them.
struct CertificateEntry: Encodable {
    enum State: String, Encodable {
        case valid
        /// Within two weeks, and nobody renews it.
        case expiring
        case expired
        /// There is none yet, and nothing went wrong.
        case waiting
        /// There is none, since none could be got.
        case failing
        /// No app has the host any more.
        case unneeded
        /// Nobody brought one, and none is got.
        case none
    }

    let host: String
    /// nil for the wildcard, which serves every app.
    let app: String?
    /// What the certificate is kept under: the host, or the wildcard above it; nil when there is none.
    let certificate: String?
    let source: HostCertificate.Source?
    let state: State
    let names: [String]?
    let issuer: String?
    let notBefore: Date?
    let notAfter: Date?
    let error: String?
    let failures: Int
    let triedAt: Date?
    let nextTryAt: Date?

    init(host: String, app: String?, _ certificate: HostCertificate?, now: Date = Date()) {
        self.host = host
        self.app = app
        self.certificate = certificate?.host
        source = certificate?.source
        state = certificate.map { State($0, now) } ?? .none
        names = certificate?.issued?.names
        issuer = certificate?.issued?.issuer
        notBefore = certificate?.issued?.notBefore
        notAfter = certificate?.issued?.notAfter
        error = certificate?.error
        failures = certificate?.failures ?? 0
        triedAt = certificate?.triedAt
        nextTryAt = certificate?.nextTryAt
    }

    /// Where the certificate comes from, for people.
    var origin: String {
        switch source {
        case nil: "-"
        case .own: "own"
        case .acme: certificate == host ? "automatic" : certificate ?? "-"
        }
    }
}

extension CertificateEntry.State {
    init(_ certificate: HostCertificate, _ now: Date) {
        let isLeftAlone = certificate.source == .own || certificate.error != nil
        if certificate.unneededSince != nil {
            self = .unneeded
        } else if let end = certificate.issued?.notAfter {
            self = end <= now ? .expired : isLeftAlone && end < now + 14 * 86_400 ? .expiring : .valid
        } else {
            self = certificate.error == nil ? .waiting : .failing
        }
    }
}
