import Testing

@testable import Platform

extension CommandTests {
    @Suite struct UpkeepCommandTests {
        @Test func `gc lists what goes, and with --explain what stays`() async throws {
            try await Desk.with { desk in
                let gone = try await desk.run("gc shop")
                #expect(gone.status == 0, "\(gone)")
                #expect(gone.output.hasSuffix("shop  image  build-1  1.5K  removed  wet\n"), "\(gone)")
                #expect(gone.errors == "removed 1, 1.5K at most\n")
                let dry = try await desk.run("gc shop --dry-run --explain")
                #expect(dry.output.contains("build-1  1.5K  would go  dry\n"), "\(dry)")
                #expect(dry.output.contains("build-2  1.5K  stays     dry\n"), "\(dry)")
                #expect(try await desk.run("gc --json", as: "alice").output.contains("\"isKept\" : false"))
            }
        }

        @Test func `gc is for maintainers, and for admins where it is for all apps`() async throws {
            try await Desk.with { desk in
                let all = try await desk.run("gc")
                #expect(all.errors.contains("only an admin"))
                #expect(try await desk.run("gc shop", as: "dan").errors.contains("it needs the role maintainer"))
                #expect(try await desk.run("gc shop", as: "carol").errors.contains("no app named 'shop'"))
                #expect(try await desk.run("drift").errors.contains("only an admin"))
            }
        }

        @Test func `drift ends with 1 where something differs, and with 0 where nothing does`() async throws {
            try await Desk.with { desk in
                let drift = try await desk.run("drift shop", as: "vera")
                #expect(drift.status == 1)
                #expect(drift.output.hasSuffix("shop  process  web.1  is wanted and does not run\n"), "\(drift)")
                let none = try await desk.run("drift", as: "alice")
                #expect(none.status == 0)
                #expect(none.errors == "everything is as it should be\n")
            }
        }

        @Test func `a rename is the app's own event, whose name another one may have by then`() async throws {
            try await Desk.with { desk in
                try await desk.run("apps rename shop store")
                try await desk.run("apps create shop", as: "carol")
                #expect(try await desk.run("events store").output.contains("apps.rename"))
                #expect(try await !desk.run("events shop", as: "carol").output.contains("apps.rename"))
            }
        }

        @Test func `destroy says what goes, and where the archive is`() async throws {
            try await Desk.with { desk in
                try await desk.release()
                let asked = try await desk.run("apps destroy shop --archive")
                #expect(asked.status == 2)
                #expect(asked.errors.contains("--confirm shop --archive"))
                let done = try await desk.run("apps destroy shop --confirm shop --archive")
                #expect(
                    done.output == """
                        archived app 'shop': /archives/shop.tar (2.0K)
                        destroyed app 'shop': 1 release

                        """, "\(done)")
                #expect(try await AppStore(desk.database).find(id: desk.shop.id) == nil)
            }
        }
    }
}
