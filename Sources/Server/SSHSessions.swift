import Commands
import Foundation
import GitWire
import Logging
import Platform
import Postgres
import Push
import SSH

/// What the SSH server is for: tells users by their keys, and serves git and commands to them.
struct SSHSessions: SSHService {
    let database: DatabasePool
    let push: PushService
    let services: CommandServices
    /// The conversations that go on.
    let activity: Activity
    let wakes: Wakes
    private let uses = RecentUses()
    let logger: Logger

    /// The database cannot be asked, so nobody can be told from a stranger.
    private struct Unavailable: Error, CustomStringConvertible {
        let description = "martlet cannot check your key now: its database is unavailable; try again in a minute"
    }

    func identify(_ key: OfferedKey, user: String, from peer: SSH.Peer) async throws -> User? {
        do {
            return try await UserStore(database).holding(keyBlob: key.blob)
        } catch {
            logger.error(
                "login refused: database unavailable", metadata: ["from": "\(peer.address)", "error": "\(error)"])
            // A pass brings it back, if it is ours.
            wakes.send()
            throw Unavailable()
        }
    }

    func serve(_ channel: Channel, as identity: User, key: OfferedKey, from peer: SSH.Peer) async -> Int32 {
        await activity.during { await converse(channel, identity, key, peer) }
    }

    private func converse(_ channel: Channel, _ identity: User, _ key: OfferedKey, _ peer: SSH.Peer) async -> Int32 {
        let isGit = if case .exec(let line) = channel.request { Self.isGit(line) } else { false }
        let conversation = ChannelConversation(channel, isText: !isGit)
        do {
            // Asked again for each channel: a connection may outlive the key that opened it.
            guard let user = try await UserStore(database).holding(keyBlob: key.blob), user.id == identity.id else {
                throw Refusal("your key is not registered any more; ask an admin")
            }
            noteUse(of: key)
            let caller = Caller(user: user, keyFingerprint: key.fingerprint, source: peer.address)
            return try await serve(channel, caller, conversation)
        } catch {
            return await explain(error, isGit: isGit, to: conversation)
        }
    }

    private func serve(_ channel: Channel, _ caller: Caller, _ conversation: ChannelConversation) async throws -> Int32
    {
        guard case .exec(let line) = channel.request else {
            let context = CommandContext(caller: caller, conversation: conversation, services: services)
            try await CommandLineRunner(context: context, logger: logger).tellNotices()
            try await conversation.print(
                """
                Hi \(caller.name)! You are logged in to Martlet, which gives no shell.
                Push an app:  git remote add martlet ssh://git@HOST:PORT/APP && git push martlet main
                Commands:     ssh git@HOST help
                """)
            return 0
        }
        let version = ProtocolVersion(gitProtocol: channel.protocolVersion)
        switch try ExecCommand(line) {
        case .receivePack(let path):
            return try await push.receivePack(
                path: path, caller: caller, protocolVersion: version, conversation: conversation)
        case .uploadPack(let path):
            return try await push.uploadPack(
                path: path, caller: caller, protocolVersion: version, conversation: conversation)
        case .unsupportedGit(let name):
            throw Refusal("'\(name.escaped)' is not supported here")
        case .command(let words):
            let context = CommandContext(caller: caller, conversation: conversation, services: services)
            return try await CommandLineRunner(context: context, logger: logger).run(words)
        }
    }

    /// Whether the client expects git's protocol, in which even a refusal is a packet.
    private static func isGit(_ line: String) -> Bool {
        switch try? ExecCommand(line) {
        case .receivePack, .uploadPack: true
        default: false
        }
    }

    private func noteUse(of key: OfferedKey) {
        guard uses.isDue(key.fingerprint) else { return }
        Task {
            do {
                try await KeyStore(database).noteUse(ofKeyBlob: key.blob)
            } catch {
                logger.warning("cannot note the use of a key", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Tells the client what went wrong, if it is still there.
    private func explain(_ error: any Error, isGit: Bool, to conversation: ChannelConversation) async -> Int32 {
        let (text, status): (String, Int32)
        switch error {
        case let refusal as Refusal: (text, status) = (refusal.text, refusal.exitStatus)
        case let error as WireError: (text, status) = ("\(error)", 2)
        case is CancellationError, is SSHError: return 1
        default:
            let incident = UUID().text.prefix(8)
            logger.error("conversation failed", metadata: ["incident": "\(incident)", "error": "\(error)"])
            (text, status) = ("something failed on the server; tell the admin: incident \(incident)", 70)
        }
        do {
            if isGit {
                try await conversation.write(PacketLine.error(text).encoded)
            } else {
                try await conversation.printError(" !     \(text)")
            }
        } catch {
            logger.debug("the client left before it was told", metadata: ["error": "\(error)"])
        }
        return status
    }
}
