import Foundation
import Git
import GitWire
import Platform

/// The hidden references that keep the commits of releases in an app's repository.
struct ReleaseReferences: Sendable {
    private static let prefix = "refs/martlet/releases/v"
    let repository: String

    /// The numbers of the releases that have one, ascending.
    func numbers() async throws -> [Int] { try await all().keys.sorted() }

    /// Lets go of the commits of releases; those that have none are left out.
    ///
    /// - Throws: `GitError` when one of them stays.
    func remove(_ numbers: [Int]) async throws {
        let references = try await all()
        let updates = numbers.compactMap { number in
            references[number].map { ReferenceUpdate(name: $0.name, old: $0.target, new: .zero) }
        }
        guard !updates.isEmpty else { return }
        let results = try await Repository.withRepository(at: repository) {
            ReferenceTransaction.apply(updates, atomic: false, at: $0.path)
        }
        for (update, result) in zip(updates, results) {
            if case .failed(let reason) = result {
                throw GitError(operation: "let go of '\(update.name)'", reason: reason)
            }
        }
    }

    private func all() async throws -> [Int: (name: ReferenceName, target: ObjectID)] {
        guard FileManager.default.fileExists(atPath: repository) else { return [:] }
        return try await Repository.withRepository(at: repository) { repository in
            var found: [Int: (ReferenceName, ObjectID)] = [:]
            for reference in try repository.references() {
                let name = reference.name.description
                guard name.hasPrefix(Self.prefix), let number = Int(name.dropFirst(Self.prefix.count)) else { continue }
                found[number] = (reference.name, reference.target)
            }
            return found
        }
    }
}
