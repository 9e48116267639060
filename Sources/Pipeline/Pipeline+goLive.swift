import Foundation
import Platform

extension Pipeline.Services {
    /// Notes that a release serves, and what follows from that: the old one drains, the new one is watched, and where it has
    /// the config of an earlier release, that is today's again.
    func goLive(_ release: Release, _ app: App, _ intent: DeployIntent?, over live: Release?) async throws {
        let isRescue = intent?.isAutomatic == true
        let isWatched = !isRescue && times.guardSeconds > 0 && release.product.site == nil
        let change = ReleaseStore.Switch(
            drain: { times.drainSeconds(of: $1, in: $0) },
            guardUntil: isWatched ? Date(timeIntervalSinceNow: Double(times.guardSeconds)) : nil, isRescue: isRescue)
        try await releases.goLive(release, change) { transaction in
            guard intent?.config != nil else { return }
            try await config.restore(release, over: live, of: app, by: release.createdBy, in: transaction)
        }
    }
}
