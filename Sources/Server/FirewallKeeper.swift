import Glibc
import Logging
import Routing

/// Keeps containers, those of builds and those of apps, away from the services of this machine, as long as the daemon runs.
struct FirewallKeeper: Sendable {
    let firewall: HostFirewall
    let logger: Logger

    /// Puts the rules in force, and again each minute: other programs take rules away. Ends with its task.
    func run() async {
        var complained = false
        while !Task.isCancelled {
            do {
                try await firewall.ensure()
                complained = false
            } catch  where !complained && !Task.isCancelled {
                complained = true
                logger.warning("containers can reach this machine's services", metadata: ["error": "\(error)"])
            } catch {
                logger.debug("still no firewall", metadata: ["error": "\(error)"])
            }
            _ = try? await Task.sleep(for: .seconds(60))
        }
    }
}
