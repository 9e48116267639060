import Foundation
import Platform

/// An app as commands show it.
struct AppEntry: Encodable {
    let name: String
    let owner: String
    let deployBranch: String?
    /// The number of the release that serves; nil when none does.
    let release: Int?
    let commit: String?
    let address: String
    let createdAt: Date

    init(_ app: App, live: Release?, address: String) {
        name = app.name.description
        owner = app.owner.description
        deployBranch = app.deployBranch
        release = live?.number
        commit = live?.commit
        self.address = address
        createdAt = app.createdAt
    }
}
