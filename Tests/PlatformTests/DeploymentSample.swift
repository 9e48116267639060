import Foundation
import Postgres
import Testing

@testable import Platform

/// People and apps: `alice`, an admin; `bob`, who owns `shop` and `blog`; `carol`, who owns `cafe`.
struct DeploymentSample {
    let database: DatabasePool
    let alice: Caller
    let bob: Caller
    let carol: Caller
    let shop: App
    let blog: App
    let cafe: App

    init() async throws {
        database = try await TestDatabase.empty().pool
        let users = UserStore(database)
        alice = Caller(
            user: try await users.add(UserName("alice"), admin: true, key: nil), keyFingerprint: "", source: "")
        bob = Caller(user: try await users.add(UserName("bob"), admin: false, key: nil), keyFingerprint: "", source: "")
        carol = Caller(
            user: try await users.add(UserName("carol"), admin: false, key: nil), keyFingerprint: "", source: "")
        let apps = AppStore(database)
        shop = try await apps.create(AppName("shop"), owner: UserName("bob"))
        blog = try await apps.create(AppName("blog"), owner: UserName("bob"))
        cafe = try await apps.create(AppName("cafe"), owner: UserName("carol"))
    }

    /// Lets a caller do something with an app.
    func grant(_ role: Role, on app: App, to caller: Caller) async throws {
        try await AccessStore(database).grant(
            role, on: app, to: UserStore(database).named(UserName(caller.name)))
    }
}
