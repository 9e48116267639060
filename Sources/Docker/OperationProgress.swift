import FoundationEssentials

/// A line of JSON in which Docker says how far a lengthy operation is.
struct OperationProgress: Decodable {
    private struct Detail: Decodable {
        let total: Int?
    }
    private let status: String?
    private let id: String?
    private let error: String?
    private let progressDetail: Detail?

    /// What has changed; nil for one of the many lines that only say how many bytes there are by now.
    ///
    /// - Throws: `DockerError` when the operation failed; `DecodingError`.
    static func text(of line: [UInt8], _ operation: String) throws -> String? {
        let answer = try JSONDecoder().decode(Self.self, from: Data(line))
        if let reason = answer.error { throw DockerError(operation: operation, reason: reason) }
        guard let status = answer.status, answer.progressDetail?.total == nil else { return nil }
        return answer.id.map { "\($0): \(status)" } ?? status
    }
}
