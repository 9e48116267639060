import Foundation
import Platform
import Testing

@testable import Build

/// How a commit's files and its app's settings decide what is built.
@Suite struct BuildPlanTests {
    @Test func `the first that says how decides`() throws {
        let yaml = "build: {base: debian:12, start: ./serve}"
        let project = "[[io.buildpacks.group]]\nid = 'martlet/go'"
        let paastech = "buildpacks: {buildpack: martlet/ruby}"
        #expect(try Self.method(["martlet.yaml": yaml, "Dockerfile": "", "project.toml": project]) == "command")
        #expect(
            try Self.method(["Dockerfile": "", "project.toml": project], settings: "build: {start: ./serve}")
                == "command")
        #expect(
            try Self.method(["Dockerfile": "", "project.toml": project, "paastech/buildpacks.yaml": paastech])
                == "buildpack [martlet/ruby]")
        #expect(try Self.method(["Dockerfile": "", "project.toml": project]) == "buildpack [martlet/go]")
        #expect(try Self.method(["Dockerfile": "", "project.toml": "[tool]\nname = 'x'"]) == "dockerfile")
        #expect(try Self.method(["Dockerfile": ""]) == "dockerfile")
        #expect(try Self.method(["index.html": ""]) == "buildpack []")
        #expect(try Self.method([:]) == "buildpack []")
    }

    @Test(arguments: [
        ("build: {dockerfile: a/File}", "dockerfile"), ("build: {target: release}", "dockerfile"),
        ("build: {commands: [make]}", "command"), ("build: {base: 'debian:12'}", "command"),
        ("build: {start: ./run}", "command"), ("build: {cache: [/c]}", "command"),
        ("build: {buildpacks: [martlet/go]}", "buildpack [martlet/go]"), ("build: {builder: b}", "buildpack []"),
        ("build: {env: {A: 1}}", "buildpack []"), ("build: {context: sub}", "dockerfile"), ("static: .", "dockerfile"),
        ("build: {method: buildpack}", "buildpack []"),
    ])
    func `keys that belong to one method imply it`(yaml: String, method: String) throws {
        let files = [
            "martlet.yaml": yaml, "Dockerfile": "", "a/File": "", "sub/Dockerfile": "", "Procfile": "web: ./serve",
        ]
        #expect(try Self.method(files) == method)
    }

    @Test func `a block of the file is taken instead of the same block of the settings`() throws {
        let settings = """
            build: {context: old, start: ./old, cache: [/old]}
            health: /old
            port: 1000
            processes: {worker: old}
            """
        let plan = try TreeOfFiles.plan(
            ["martlet.yaml": "build: {start: ./new}\nhealth: /new", "x": ""], settings: settings)
        var command = CommandPlan()
        command.start = "./new"
        #expect(plan.method == .command(command))
        #expect(plan.context == "")
        #expect(plan.healthPath == "/new")
        #expect(plan.port == 1000)
        #expect(plan.processes == [ProcessDeclaration(type: "worker", shell: "old")])
    }

    @Test func `everything that martlet.yaml may say reaches the plan`() throws {
        let yaml = """
            build:
              method: command
              context: ./services//api/
              watch: [shared/, '*.md']
              base: registry.example:5000/debian:12
              commands: |
                make
                make install
              start: ./serve
              cache: [/home/app/.cache, /opt/x/]
            static: {folder: /srv/site/, spa: true}
            processes: {worker: ./work, release: ./migrate}
            health: /up?now=1
            port: 8000
            """
        var command = CommandPlan()
        command.base = "registry.example:5000/debian:12"
        command.commands = ["make\nmake install\n"]
        command.start = "./serve"
        command.caches = ["/home/app/.cache", "/opt/x"]
        var expected = BuildPlan(.command(command))
        expected.context = "services/api"
        expected.watch = ["shared/", "*.md"]
        var site = SitePlan(folder: "/srv/site")
        site.isSinglePage = true
        expected.site = site
        expected.processes = [
            ProcessDeclaration(type: "worker", shell: "./work"),
            ProcessDeclaration(type: "release", shell: "./migrate"),
        ]
        expected.healthPath = "/up?now=1"
        expected.port = 8000
        expected.remarks = ["processes are not started: the app's files are served instead"]
        #expect(try TreeOfFiles.plan(["martlet.yaml": yaml, "services/api/app.py": ""]) == expected)
    }

    @Test func `a build with buildpacks is told all that was said`() throws {
        let yaml = """
            build:
              context: app
              buildpacks: [martlet/node@1.0.0, ./buildpacks/mine, packs.tgz]
              env: {NODE_ENV: production, LEVEL: 3, EMPTY: ''}
              exclude: ['*.md']
            """
        var buildpack = BuildpackPlan()
        buildpack.buildpacks = ["martlet/node@1.0.0", "./buildpacks/mine", "./packs.tgz"]
        buildpack.environment = ["NODE_ENV": "production", "LEVEL": "3", "EMPTY": ""]
        buildpack.excluded = ["*.md"]
        #expect(try TreeOfFiles.plan(["martlet.yaml": yaml, "app/x": ""]).method == .buildpack(buildpack))
    }

    @Test func `keys of another method than the one that is named are remarked on`() throws {
        let plan = try TreeOfFiles.plan([
            "martlet.yaml": "build:\n  method: dockerfile\n  base: debian:12\n", "Dockerfile": "",
        ])
        #expect(plan.remarks == ["martlet.yaml:3: 'base' means nothing to method 'dockerfile'"])
    }

    @Test func `the file may be in the folder that the settings name`() throws {
        let files = [
            "api/martlet.yaml": "build: {target: release}\nport: 99", "api/Dockerfile": "", "Dockerfile": "",
        ]
        let plan = try TreeOfFiles.plan(files, settings: "build: {context: api, watch: [shared/]}\nport: 5")
        #expect(plan.context == "api")
        #expect(plan.watch == ["shared/"])
        #expect(plan.port == 99)
        var dockerfile = DockerfilePlan()
        dockerfile.target = "release"
        #expect(plan.method == .dockerfile(dockerfile))
        #expect(
            try TreeOfFiles.refusal(
                ["api/martlet.yaml": "build: {context: web}", "web/x": ""], settings: "build: {context: api}")
                == "api/martlet.yaml:1: 'context' is 'api' by the app's settings; leave it out here")
    }

    @Test func `processes are those of martlet.yaml, or of the Procfile`() throws {
        let procfile = "web: ./serve\nworker: ./work\nrelease: ./migrate"
        let files = ["Dockerfile": "", "Procfile": procfile]
        #expect(try TreeOfFiles.plan(files).processes.map(\.type) == ["web", "worker", "release"])
        let both = files.merging(["martlet.yaml": "processes: {web: ./other}"]) { $1 }
        let plan = try TreeOfFiles.plan(both)
        #expect(plan.processes == [ProcessDeclaration(type: "web", shell: "./other")])
        #expect(plan.remarks == ["Procfile is not used: martlet.yaml declares the processes"])
        let started = files.merging(["martlet.yaml": "build: {start: ./run}"]) { $1 }
        #expect(try TreeOfFiles.plan(started).processes.map(\.type) == ["worker", "release"])
        let inFolder = ["martlet.yaml": "build: {context: a}", "a/Procfile": "web: ./a", "Procfile": "web: ./b"]
        #expect(try TreeOfFiles.plan(inFolder).processes == [ProcessDeclaration(type: "web", shell: "./a")])
    }

    @Test func `app.json says the health check and the buildpacks where nothing else does`() throws {
        let json = """
            {"buildpacks": [{"url": "heroku/nodejs"}, {"url": "./mine"}, {"url": "https://example.com/x.git"}],
             "healthchecks": {"web": [{"type": "readiness", "path": "/ready"}, {"type": "startup", "path": "/up"}]},
             "cron": [], "name": "x"}
            """
        let plan = try TreeOfFiles.plan(["app.json": json])
        var buildpack = BuildpackPlan()
        buildpack.buildpacks = ["martlet/node", "./mine"]
        #expect(plan.method == .buildpack(buildpack))
        #expect(plan.healthPath == "/up")
        #expect(
            plan.remarks == [
                "app.json: 'cron' is not used", "app.json: 'martlet/node' stands in for 'heroku/nodejs'",
                "app.json: 'https://example.com/x.git' is not used: it does not come with Martlet",
            ])
        let other = try TreeOfFiles.plan(["app.json": json, "Dockerfile": "", "martlet.yaml": "health: /mine"])
        #expect(other.method == .dockerfile(DockerfilePlan()))
        #expect(other.healthPath == "/mine")
    }

    @Test func `a static site needs no start`() throws {
        let plan = try TreeOfFiles.plan(["martlet.yaml": "build: {commands: [make]}\nstatic: dist"])
        #expect(plan.site == SitePlan(folder: "dist"))
    }

    @Test func `what nothing is found in is told what would do`() throws {
        let error = BuildPlan.nothingFound(context: "api", detected: ["python (requirements.txt)"])
        #expect(error.description == "nothing in 'api' says how to build the app")
        let hint = try #require(error.hint)
        #expect(hint.contains("looked for: martlet.yaml, paastech/buildpacks.yaml, project.toml, Dockerfile\n"))
        #expect(hint.contains("python (requirements.txt)"))
        let lines = hint.split(separator: "\n")
        let start = try #require(lines.firstIndex(of: "  build:"))
        let sample = lines[start..<start + 3].map { $0.dropFirst(2) }.joined(separator: "\n")
        #expect(try Self.method(["martlet.yaml": sample]) == "command")
    }

    private static func method(_ files: [String: String], settings: String? = nil) throws -> String {
        switch try TreeOfFiles.plan(files, settings: settings).method {
        case .dockerfile: "dockerfile"
        case .command: "command"
        case .buildpack(let plan): "buildpack [\(plan.buildpacks.joined(separator: " "))]"
        }
    }
}
