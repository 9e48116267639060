import Build
import Commands
import Foundation
import Git
import GitWire
import Logging
import Platform
import Postgres
import Routing

extension CommandServices {
    /// What commands work with, over SSH and on the machine.
    init(
        _ configuration: Configuration, _ folder: DataFolder, _ database: DatabasePool, _ feed: BuildFeed,
        _ certificates: CertificateFolder, _ logger: Logger
    ) {
        let doctor = Doctor(configuration: configuration, folder: folder, database: database)
        self.init(
            database: database, feed: feed, secretKeys: folder.secretKeys,
            address: configuration.address(certificates),
            checkBuildSettings: { try BuildSettings.check($0) }, diagnose: { await doctor.diagnose() },
            clearCache: { try await folder.buildCaches.clear($0.id) },
            certificates: CertificateServices(
                defaultHost: configuration.defaultHost, isAutomatic: configuration.acme != nil,
                inspect: { try await CertificateInspector().inspect($0, for: $1) }),
            upkeep: UpkeepServices(
                Upkeep(
                    configuration: configuration, folder: folder, database: database, feed: feed,
                    certificates: certificates,
                    logger: logger)),
            commits: CommitResolver(repositories: folder.repositories), baseDomain: configuration.baseDomain,
            allowances: Allowances(ports: configuration.ports))
    }
}

extension CommitResolver {
    /// Asks the repositories in a folder.
    fileprivate init(repositories: String) {
        let path = { @Sendable (app: App) in "\(repositories)/\(app.repositoryName)" }
        self.init(
            resolve: { app, text in
                guard FileManager.default.fileExists(atPath: path(app)) else { return nil }
                return try await Repository.withRepository(at: path(app)) { repository in
                    guard let commit = try repository.commit(named: text) else { return nil }
                    let branch = try ReferenceName.branch(text).flatMap { try repository.target(of: $0) }
                    return (branch == nil ? nil : text, commit.description)
                }
            },
            distance: { app, old, new in
                guard let old = ObjectID(old), let new = ObjectID(new) else { return nil }
                guard FileManager.default.fileExists(atPath: path(app)) else { return nil }
                return try await Repository.withRepository(at: path(app)) { repository in
                    guard try repository.kind(of: old) == .commit, try repository.kind(of: new) == .commit else {
                        return nil
                    }
                    return try repository.distance(from: old, to: new)
                }
            })
    }
}
