import Foundation
import Platform
import Testing

@testable import Commands

extension CommandTests {
    @Suite struct RoutingCommandTests {
        private func settings(_ desk: Desk) async throws -> RoutingSettings {
            try await RoutingStore(desk.database).settings(of: desk.shop)
        }

        @Test func `domains are a maintainer's to add, and nobody learns whose one is`() async throws {
            try await Desk.with { desk in
                #expect(
                    try await desk.run("domains add shop Shop.Example/api --strip").output
                        == "'shop.example/api' leads to app 'shop'\n")
                try await desk.run("domains add shop old.example --redirect https://shop.example/")
                #expect(try await desk.run("domains add shop a.apps.example").errors.contains("ask an admin"))
                #expect(try await desk.run("domains add shop a.example", as: "dan").status == 1)
                let taken = try await desk.run("domains add cafe shop.example", as: "carol")
                #expect(taken.status == 1 && !taken.errors.contains("bob") && !taken.errors.contains("'shop'"))
                let list = try await desk.run("domains list shop", as: "vera").output.split(separator: "\n")
                #expect(list.count == 4 && list[1].hasPrefix("http://shop.apps.example  the app (default)"))
                #expect(list[2].contains("https://shop.example/") && list[3].contains("the app, without the path"))
                #expect(try await desk.run("domains remove shop shop.example").status == 1)
                #expect(try await desk.run("domains remove shop shop.example/api").status == 0)
                for words in ["a.example --strip", "a.example/b --strip --redirect https://x.example/", "10.0.0.1"] {
                    #expect(try await desk.run("domains add shop \(words)").status == 2, "\(words)")
                }
            }
        }

        @Test func `routing is set by words, and shown with where it comes from`() async throws {
            try await Desk.with { desk in
                var product = Desk.product
                product.routing = RoutingSettings()
                product.routing?.upstreamProtocol = .grpc
                product.routing?.readTimeoutSeconds = 5
                try await desk.release(.live, product)
                try await desk.run("routing set shop body-size=20M timeout=5m https-redirect=on hsts=1y")
                #expect(
                    try await desk.run("routing show shop", as: "vera").output == """
                        KEY             VALUE     FROM
                        body-size       20M       set
                        hsts            31536000  set
                        https-redirect  on        set
                        protocol        grpc      repository
                        timeout         300       set

                        """)
                try await desk.run("routing set shop timeout=default hsts=off")
                let changed = try await settings(desk)
                #expect(changed.readTimeoutSeconds == nil && changed.hstsSeconds == 0)
                for words in [
                    "x=1", "timeout", "timeout=0", "timeout=x", "protocol=tcp", "hsts=on", "hsts=100y", "body-size=2T",
                    "timeout=1 timeout=2", "",
                ] {
                    #expect(try await desk.run("routing set shop \(words)").status == 2, "\(words)")
                }
                #expect(try await desk.run("routing set shop timeout=1", as: "dan").status == 1)
            }
        }

        @Test func `a snippet is an admin's, and stays within its braces`() async throws {
            try await Desk.with { desk in
                let text = "location /x { return 204; }"
                let refused = try await desk.run("routing set shop --snippet", input: text)
                #expect(refused.errors.contains("only an admin"))
                #expect(try await desk.run("routing set shop --snippet", as: "alice", input: text).status == 0)
                #expect(try await settings(desk).snippet == text + "\n")
                for bad in ["} server {", "a {", "}"] {
                    #expect(try await desk.run("routing set shop --snippet", as: "alice", input: bad).status == 2)
                }
                let wrong = try await desk.run("routing set shop --snippet", as: "alice", input: "no_such on;")
                #expect(wrong.errors.contains("nginx does not take it"))
                #expect(try await settings(desk).snippet == text + "\n")
                #expect(try await desk.run("routing set shop --snippet", as: "alice").status == 0)
                #expect(try await settings(desk).snippet == nil)
            }
        }

        @Test func `maintenance has a page of the app's own, which stays for the next time`() async throws {
            try await Desk.with { desk in
                try await desk.run("maintenance on shop --page", input: "<p>soon</p>")
                let closed = try await settings(desk)
                #expect(closed.isInMaintenance == true && closed.maintenancePage == "<p>soon</p>")
                try await desk.release()
                #expect(try await desk.run("apps info shop").output.contains("in maintenance"))
                try await desk.run("maintenance off shop")
                try await desk.run("maintenance on shop")
                #expect(try await settings(desk).maintenancePage == "<p>soon</p>")
                try await desk.run("maintenance on shop --page")
                #expect(try await settings(desk).maintenancePage == nil)
                #expect(try await desk.run("maintenance off shop", as: "dan").status == 1)
            }
        }

        @Test func `of a visitor's password only the hash is kept, and the last one leaves on purpose`() async throws {
            try await Desk.with { desk in
                let added = try await desk.run("visitors add shop eve", input: "correct horse\n")
                #expect(added.status == 0 && added.errors.contains("nobody else may"))
                let hash = try #require(try await settings(desk).visitors?["eve"])
                let salt = String(hash.dropFirst(3).prefix { $0 != "$" })
                #expect(hash == PasswordHash.sha512Crypt("correct horse", salt: salt))
                for password in ["", "short", "with\u{7}control"] {
                    let refused = try await desk.run("visitors add shop eve", input: password)
                    #expect(refused.status == 2 && (password.isEmpty || !refused.errors.contains(password)))
                }
                #expect(try await desk.run("visitors add shop a+b", input: "correct horse").status == 0)
                #expect(try await desk.run("visitors remove shop a+b").status == 0)
                #expect(try await desk.run("visitors add shop e:ve", input: "correct horse").status == 2)
                #expect(try await desk.run("visitors remove shop eve").errors.contains("--open"))
                let refused = try await desk.run("visitors forward shop http://127.0.0.1/ --mode soft")
                #expect(refused.status == 1 && refused.errors.contains("admin"), "\(refused)")
                try await desk.run("visitors forward shop https://login.example/check --mode hard", as: "alice")
                #expect(
                    try await settings(desk).forwardAuthentication
                        == .init(url: "https://login.example/check", mode: .hard)
                )
                #expect(
                    try await desk.run("visitors list shop", as: "vera").output == """
                        KIND      WHO                          MODE
                        password  eve
                        forward   https://login.example/check  hard

                        """)
                try await desk.run("visitors forward shop --mode off")
                #expect(try await settings(desk).forwardAuthentication?.mode == .off)
                #expect(try await desk.run("visitors forward shop --mode hard").status == 2)
                #expect(try await desk.run("visitors remove shop eve --open").status == 0)
                #expect(try await settings(desk).visitors == nil)
            }
        }

        @Test func `volumes restart the app, and go with their files only when that is meant`() async throws {
            try await Desk.with { desk in
                #expect(try await desk.run("volumes add shop data:/data").errors.contains("started next"))
                try await desk.release()
                try await desk.run("volumes add shop cache:/cache --read-only --detach")
                #expect(try await desk.takeIntent() == DeployIntent(.restart, summary: "volume cache at /cache"))
                try await desk.run("volumes add shop more:/more --no-restart")
                #expect(try await desk.waiting() == nil)
                for words in ["data", "data:rel", "x:/proc", "x:/a/../b", "X:/a", "data:/other", "y:/data"] {
                    #expect(try await desk.run("volumes add shop \(words)").status != 0, "\(words)")
                }
                #expect(try await desk.run("volumes list shop", as: "vera").output.contains("/cache  read "))
                #expect(try await desk.run("volumes remove shop data").errors.contains("--confirm data"))
                #expect(try await desk.run("volumes remove shop data --confirm cache").status == 2)
                #expect(try await desk.run("volumes remove shop data --confirm data --detach").status == 0)
                #expect(try await desk.takeIntent()?.action == .restart)
                #expect(try await desk.run("volumes add shop z:/z", as: "dan").status == 1)
            }
        }

        @Test func `ports are within the admin's range, for admins any`() async throws {
            try await Desk.with { desk in
                try await desk.release()
                let added = try await desk.run("ports add shop 7001/udp --type worker --target 53")
                #expect(added.output == "port 7001/udp leads to 'worker' of 'shop', port 53\n")
                #expect(try await desk.run("ports add shop 80").errors.contains("7000-7010"))
                #expect(try await desk.run("ports add shop 8000", as: "alice").status == 0)
                #expect(try await desk.run("ports add cafe 7001/udp", as: "carol").errors.contains("is taken"))
                #expect(try await desk.run("ports add shop 7001/udp").errors.contains("already"))
                #expect(try await desk.run("ports add shop 7009").errors.contains("somebody has it"))
                #expect(
                    try await desk.run("ports add cafe 7003", as: "carol").errors
                        == "warning: port 7001/tcp is in use\n")
                #expect(try await desk.run("ports add shop 7002 --type cron").status == 1)
                #expect(
                    try await desk.run("ports list shop").output
                        == "PORT      TYPE    TARGET\n7001/udp  worker  53\n8000/tcp  web     8000\n")
                #expect(try await desk.run("ports remove shop 7001").status == 1)
                #expect(try await desk.run("ports remove shop 7001/udp").status == 0)
                for word in ["0", "65536", "7000/sctp", "x", "7000/"] {
                    #expect(try await desk.run("ports add shop \(word)").status == 2, "\(word)")
                }
            }
        }

        @Test func `notices are told once, before anything else, to those concerned`() async throws {
            try await Desk.with { desk in
                try await NoticeStore(desk.database).add("v2 was rolled back to v1: it crashed", of: desk.shop.id)
                let told = try await desk.run("whoami", as: "vera")
                #expect(told.output == "vera\n" && told.errors.hasPrefix(" !     app 'shop', "))
                #expect(told.errors.contains("v2 was rolled back to v1: it crashed\n"))
                #expect(try await !desk.run("whoami", as: "vera").errors.contains("rolled back"))
                #expect(try await !desk.run("whoami", as: "carol").errors.contains("rolled back"))
                #expect(try await desk.run("apps list --json").errors.contains("rolled back"))
            }
        }
    }
}
