import Commands
import GitWire
import Platform
import Push

/// Git's side of a conversation over standard input and output, without SSH, apps or deployments: for git's own tools.
package enum StdioService {
    /// Serves one push to the bare repository at `path`.
    ///
    /// - Parameter protocolVersion: the value of `GIT_PROTOCOL`; nil when it is not set.
    /// - Returns: the exit status.
    /// - Throws: when the repository cannot be opened or the client is gone.
    package static func receivePack(_ path: String, protocolVersion: String?) async throws -> Int32 {
        try await ReceivePack(
            repository: path, conversation: StandardConversation(), policy: StorePolicy(),
            protocolVersion: ProtocolVersion(gitProtocol: protocolVersion), agent: "martlet/\(Version.number)"
        ).run()
    }

    /// Serves one fetch from the bare repository at `path`.
    ///
    /// - Parameter protocolVersion: the value of `GIT_PROTOCOL`; nil when it is not set.
    /// - Returns: the exit status.
    /// - Throws: when the repository cannot be read or the client is gone.
    package static func uploadPack(_ path: String, protocolVersion: String?) async throws -> Int32 {
        try await UploadPack(
            repository: path, conversation: StandardConversation(),
            protocolVersion: ProtocolVersion(gitProtocol: protocolVersion), agent: "martlet/\(Version.number)"
        ).run()
    }
}
