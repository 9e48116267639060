import Glibc
import Synchronization

/// Counts connections, so that nobody takes them all.
final class Admission: Sendable {
    /// Why a connection is turned away at the door.
    enum Refusal: String { case total, unauthenticated, source }

    private struct State {
        var total = 0
        var unauthenticated: [String: Int] = [:]
    }

    private let limits: SSHLimits
    private let state = Mutex(State())

    init(limits: SSHLimits) { self.limits = limits }

    /// Lets a connection in and returns its source, or says why not.
    func admit(_ peer: Peer) -> Result<Source, AdmissionError> {
        let source = Source(peer)
        return state.withLock { state in
            let waiting = state.unauthenticated[source.network, default: 0]
            if state.total >= limits.maxConnections { return .failure(AdmissionError(refusal: .total)) }
            if state.unauthenticated.values.reduce(0, +) >= limits.maxUnauthenticated {
                return .failure(AdmissionError(refusal: .unauthenticated))
            }
            if waiting >= limits.maxUnauthenticatedPerSource { return .failure(AdmissionError(refusal: .source)) }
            state.total += 1
            state.unauthenticated[source.network] = waiting + 1
            return .success(source)
        }
    }

    /// A connection of `source` has logged in, or has ended without.
    func settle(_ source: Source) {
        state.withLock { state in
            let left = state.unauthenticated[source.network, default: 1] - 1
            state.unauthenticated[source.network] = left > 0 ? left : nil
        }
    }

    /// A connection has ended.
    func release() { state.withLock { $0.total -= 1 } }
}

/// Why a connection was turned away.
struct AdmissionError: Error {
    let refusal: Admission.Refusal
}

/// Where connections count as one: an IPv4 address or an IPv6 /64.
struct Source: Sendable {
    let network: String

    init(_ peer: Peer) {
        var address = in6_addr()
        let isVersion6 = inet_pton(AF_INET6, peer.address, &address) == 1
        let bytes = withUnsafeBytes(of: &address) { Array($0) }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        network = isVersion6 && !isMapped ? "\(bytes.prefix(8))" : peer.address
    }
}
