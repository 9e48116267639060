import Build
import Commands
import Logging
import Platform
import Postgres

extension CommandServices {
    /// What commands work with, over SSH and on the machine.
    init(
        _ configuration: Configuration, _ folder: DataFolder, _ database: DatabasePool, _ feed: BuildFeed,
        _ logger: Logger
    ) {
        let doctor = Doctor(configuration: configuration, folder: folder, database: database)
        self.init(
            database: database, feed: feed, secretKeys: folder.secretKeys,
            address: { configuration.address(of: $0) },
            checkBuildSettings: { try BuildSettings.check($0) }, diagnose: { await doctor.diagnose() },
            clearCache: { try await folder.buildCaches.clear($0.id) })
    }
}
