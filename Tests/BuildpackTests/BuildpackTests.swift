import Foundation
import TestKit
import Testing

@Suite(.enabled(if: Requirement.docker, "needs Docker")) struct BuildpackTests {
    /// Runs `body` with folders of its own.
    private func withPlay(_ apps: [String: String]? = nil, _ body: (Play) async throws -> Void) async throws {
        let play = try Play(apps: apps)
        defer { play.remove() }
        try await body(play)
    }

    @Test func `each sample app is detected by the buildpack of its language alone`() async throws {
        try await withPlay { play in
            let lines = Set(try await play.build("detect").split(separator: "\n").map(String.init))
            let expected: Set = [
                "python-flask: python", "python-plain: python", "node-plain: node", "node-vendored: node",
                "node-dependencies: node", "node-site: node", "ruby-plain: ruby", "ruby-vendored: ruby",
                "go-plain: go", "go-commands: go", "php-plain: php", "static-site: static", "static-spa: static",
                "procfile: procfile", "crashes: ",
            ]
            #expect(expected.subtracting(lines).isEmpty, "\(lines)")
        }
    }

    @Test(arguments: [
        ("python", "python-plain", "Hello from Python"), ("node", "node-plain", "Hello from Node in production"),
        ("node", "node-vendored", "Hello from a vendored module, built with Hello from a vendored module"),
        ("node", "node-site", "Hello from a site that Node built"), ("ruby", "ruby-plain", "Hello from Ruby"),
        ("ruby", "ruby-vendored", "Hello from a vendored gem"), ("go", "go-plain", "Hello from Go"),
        ("go", "go-commands", "Hello from a vendored package"), ("php", "php-plain", "Hello from PHP at /"),
        ("static", "static-site", "Hello from a static site"), ("static", "static-spa", "Hello from a single-page app"),
        ("procfile", "procfile", "Hello from a Procfile"),
    ])
    func `an app that needs no registry is built and answers`(
        _ buildpack: String, _ app: String, _ answer: String
    ) async throws {
        try await withPlay { play in
            let output = try await play.build("build", buildpack, app)
            #expect(output.contains("build of \(app) ended with 0"), "\(output)")
            let served = try await play.serve()
            #expect(served.contains(answer), "\(served)")
        }
    }

    @Test func `requirements come from PyPI once, and again when they change`() async throws {
        let app = try String(contentsOfFile: "\(Play.root)/Tests/Apps/python-flask/app.py", encoding: .utf8)
        try await withPlay(["flask/app.py": app, "flask/requirements.txt": "flask==3.1.2\n"]) { play in
            let first = try await play.build("build", "python", "flask")
            #expect(first.contains("installing requirements.txt"))
            #expect(first.contains("installing gunicorn, which serves the app"))
            #expect(first.contains("starting with: gunicorn --bind 0.0.0.0:${PORT:-5000} app:app"))
            let served = try await play.serve()
            #expect(served.contains("answer: Hello from Flask"), "\(served)")
            try play.write("flask/app.py", app + "# changed\n")
            let second = try await play.build("build", "python", "flask")
            #expect(second.contains("requirements are unchanged: using the installed ones"))
            try play.write("flask/requirements.txt", "flask==3.1.2\nclick\n")
            let third = try await play.build("build", "python", "flask")
            #expect(third.contains("installing requirements.txt"))
            let again = try await play.serve()
            #expect(again.contains("answer: Hello from Flask"), "\(again)")
        }
    }

    @Test func `packages of Node come from the registry once, and those of development do not stay`() async throws {
        let registry = "NPM_CONFIG_REGISTRY=http://127.0.0.1:4873"
        try await withPlay { play in
            let first = try await play.build("build", "node", "node-dependencies", registry)
            #expect(first.contains("installing packages with npm@9.9.4\nnpm install --include=dev"), "\(first)")
            #expect(first.contains("removing the packages of development"))
            let second = try await play.build("build", "node", "node-dependencies", registry)
            #expect(second.contains("packages are unchanged: using the installed ones"), "\(second)")
            let served = try await play.serve()
            #expect(served.contains("answer: Hello from an installed package"), "\(served)")
        }
    }

    @Test func `a site is named by labels, without the hidden files beside it`() async throws {
        try await withPlay { play in
            let output = try await play.build("build", "static", "static-site")
            #expect(output.contains("label martlet.static=/cnb/workspace/_served\nlabel martlet.spa=false"))
            let files = try await play.shell("cd /cnb/workspace && find . -type f | sort | xargs")
            #expect(files == "./.env ./_served/index.html ./_served/style.css\n")
            let spa = try await play.build("build", "static", "static-spa")
            #expect(spa.contains("label martlet.static=/cnb/workspace/public\nlabel martlet.spa=true"))
            let said = try await play.build("build", "static", "static-spa", "SPA=false")
            #expect(said.contains("label martlet.spa=false"))
        }
    }

    @Test func `a line of a Procfile reaches the shell as it is written`() async throws {
        try await withPlay { play in
            let output = try await play.build("build", "procfile", "procfile")
            #expect(output.contains("Procfile declares web, worker, release"))
            let released = try await play.serve("release")
            #expect(released == "released by \"quotes\"\n")
        }
    }

    @Test func `what cannot be built is refused with the reason and the remedy`() async throws {
        let refusals = Refusal.all
        let files = refusals.reduce(into: [String: String]()) { files, refusal in
            for (name, text) in refusal.files { files["\(refusal.app)/\(name)"] = text }
        }
        try await withPlay(files) { play in
            let pairs = refusals.map { "\($0.buildpack):\($0.app)" }
            let output = try await play.shell("python3 /play.py refuse \(pairs.joined(separator: " "))")
            for refusal in refusals {
                let part = output.components(separatedBy: "=== \(refusal.app)\n").dropFirst().first ?? ""
                #expect(part.components(separatedBy: "\n===")[0].contains(refusal.reason), "\(refusal.app): \(part)")
                #expect(part.contains("build of \(refusal.app) ended with \(refusal.status)"), "\(refusal.app)")
            }
        }
    }

    @Test func `versions of Node are compared as npm does`() async throws {
        let cases = [
            (">=18", true), ("18", true), ("18.x", true), ("^18.0.0", true), ("~18.20", true), ("16 || 18", true),
            ("16 - 18", true), (">= 16 < 19", true), ("*", true), ("latest", true), ("<=18.20.4", true),
            (">=20", false), ("20.x", false), ("^16.14.0", false), ("~18.19.0", false), ("<18", false), (">18", false),
            ("16 - 17", false), ("18.20.5", false), ("^0.2.3", false), ("^0", false), ("~18", true),
        ]
        let checks = cases.map { "node /buildpacks/node/bin/satisfies.js 18.20.4 '\($0.0)'; echo $?" }
        try await withPlay { play in
            let output = try await play.shell(checks.joined(separator: "\n"))
            for ((range, isMet), line) in zip(cases, output.split(separator: "\n")) {
                #expect(line == (isMet ? "0" : "1"), "\(range)")
            }
        }
    }

    @Test func `the order names every buildpack there is, in its version`() throws {
        let folder = "\(Play.root)/buildpacks"
        let order = try String(contentsOfFile: "\(folder)/order.toml", encoding: .utf8)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            guard let text = try? String(contentsOfFile: "\(folder)/\(name)/buildpack.toml", encoding: .utf8) else {
                continue
            }
            let version = text.split(separator: "\n").first { $0.hasPrefix("version = ") } ?? ""
            #expect(order.contains("id = \"martlet/\(name)\"\n\(version)"))
            #expect(text.contains("id = \"martlet/\(name)\""))
        }
    }
}
