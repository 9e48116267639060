import Foundation
package import Logging
package import Platform

/// Gets certificates for the hosts of apps, renews them in time, and puts them where nginx finds them.
package struct CertificateUpkeep: Sendable {
    private let store: CertificateStore
    private let folder: CertificateFolder
    private let lego: Lego?
    private let needs: CertificateNeeds
    private let defaultHost: @Sendable (AppName) -> String
    private let changed: @Sendable () async throws -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - settings: nil when no certificates are got from an authority; own ones are served nevertheless.
    ///   - legoFolder: lego's own, private.
    ///   - webroot: what nginx serves `/.well-known/acme-challenge/` from, for every host, by plain HTTP. nginx's workers
    ///     must be able to enter all above it.
    ///   - defaultHost: an app's host under the base domain.
    ///   - changed: writes the routes anew, with what the folder has now.
    package init(
        store: CertificateStore, folder: CertificateFolder, settings: ACMESettings?, legoFolder: String,
        webroot: String, baseDomain: String, defaultHost: @escaping @Sendable (AppName) -> String,
        changed: @escaping @Sendable () async throws -> Void, logger: Logger
    ) {
        self.store = store
        self.folder = folder
        lego = settings.map { Lego(settings: $0, folder: legoFolder, webroot: webroot) }
        needs = CertificateNeeds(baseDomain: baseDomain, hasDNS: settings?.dns != nil)
        self.defaultHost = defaultHost
        self.changed = changed
        self.logger = logger
    }

    /// Brings what is kept in line with the hosts that there are, and the files and routes with what is kept.
    ///
    /// - Throws: what could not be done; the rest was done.
    package func refresh() async throws {
        let hosts = try await store.hosts(defaultHost: defaultHost)
        try await store.settle(hosts)
        if let lego { try await store.want(needs.wanted(for: hosts), from: lego.settings.directory) }
        try await store.noteExpiries()
        let loading: Result<Void, any Error>
        do {
            loading = .success(try await folder.load(from: store))
        } catch {
            loading = .failure(error)
        }
        if !folder.isInForce {
            let certificates = folder.certificates
            try await changed()
            try folder.prune(after: certificates)
        }
        try loading.get()
    }

    /// Gets the certificate that is due first, and keeps it if it is as it should be; else what there was stays.
    ///
    /// - Returns: whether one was due.
    package func obtainNext() async throws -> Bool {
        guard let lego, let due = try await store.due() else { return false }
        do throws(ACMEFailure) {
            try await keep(obtain(due.host, lego), for: due.host, from: lego.settings.directory)
        } catch {
            // The daemon stops: that is no failure of the host's.
            try Task.checkCancellation()
            try await note(error, of: due)
        }
        return true
    }

    private func obtain(_ host: String, _ lego: Lego) async throws(ACMEFailure) -> CheckedCertificate {
        let text = try await lego.obtain(host)
        do {
            return try await CertificateInspector().inspect(text, for: host)
        } catch {
            throw ACMEFailure("could not get a certificate for '\(host)': the CA issued one, but \(error)")
        }
    }

    /// What cannot be kept must not be asked for again at once: authorities count what they issue.
    private func keep(
        _ certificate: CheckedCertificate, for host: String, from authority: String
    ) async throws(ACMEFailure) {
        let renewAt = RenewalSchedule.renewal(notBefore: certificate.notBefore, notAfter: certificate.notAfter)
        do {
            let isKept = try await store.keep(certificate, for: host, from: authority, renewAt: renewAt)
            logger.notice(
                "got a certificate",
                metadata: ["host": "\(host)", "until": "\(certificate.notAfter.day)", "used": "\(isKept)"])
        } catch {
            throw ACMEFailure("could not get a certificate for '\(host)': the CA issued one, but \(error)")
        }
    }

    private func note(_ failure: ACMEFailure, of certificate: HostCertificate) async throws {
        let nextTryAt = RenewalSchedule.retry(after: failure, failures: certificate.failures + 1)
        try await store.fail(certificate.host, because: failure.reason, nextTryAt: nextTryAt)
        if failure.isRateLimit { try await store.postpone(until: min(nextTryAt, Date() + 3600)) }
        logger.warning(
            "got no certificate",
            metadata: [
                "host": "\(certificate.host)", "reason": "\(failure.reason)", "again": "\(nextTryAt.ISO8601Format())",
            ])
    }
}
