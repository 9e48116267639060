import Platform
import Testing

@testable import Build

/// How processes run, as `martlet.yaml`, `Procfile` and `app.json` say together.
@Suite struct ProcessBlockTests {
    @Test func `a block says how a type runs`() throws {
        let yaml = """
            processes:
              web: {command: ./serve, quantity: 2, memory: 1.5G, cpus: 0.5, strategy: stop-first, drain: 2h, stop: 90}
              worker: {command: ./work, health: /alive}
              release: {command: ./seed, timeout: 1h30m}
            """
        let processes = try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": yaml]).processes
        var web = ProcessDeclaration(type: "web", shell: "./serve")
        web.quantity = 2
        web.memoryBytes = 3 << 29
        web.cpus = 0.5
        web.strategy = .stopFirst
        web.drainSeconds = 7200
        web.stopSeconds = 90
        var worker = ProcessDeclaration(type: "worker", shell: "./work")
        worker.checks = HealthChecks(startup: HealthProbe(.http(.init(path: "/alive"))))
        var release = ProcessDeclaration(type: "release", shell: "./seed")
        release.timeout = 5400
        #expect(processes == [web, worker, release])
    }

    @Test func `web may leave its command to the image`() throws {
        let plan = try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": "processes: {web: {quantity: 3}}"])
        #expect(plan.processes.map(\.type) == ["web"])
        #expect(plan.processes[0].command == nil)
        #expect(plan.processes[0].quantity == 3)
        let started = try TreeOfFiles.plan(["martlet.yaml": "build: {start: ./run}\nprocesses: {web: {cpus: 2}}"])
        #expect(started.processes[0].command == nil)
    }

    @Test func `a block without commands says how the Procfile's processes run`() throws {
        let files = ["Dockerfile": "", "Procfile": "web: ./serve\nworker: ./work\nrelease: ./seed"]
        let yaml = "processes: {worker: {quantity: 2}, release: {timeout: 60}}"
        let plan = try TreeOfFiles.plan(files.merging(["martlet.yaml": yaml]) { $1 })
        #expect(plan.processes.map(\.type) == ["web", "worker", "release"])
        #expect(plan.processes[1].quantity == 2)
        #expect(plan.processes[1].command == ["/bin/sh", "-c", "./work"])
        #expect(plan.processes[2].timeout == 60)
        #expect(plan.remarks == [])
        let clock = ["martlet.yaml": "processes:\n  clock: {quantity: 1}"]
        let other = try TreeOfFiles.refusal(files.merging(clock) { $1 })
        #expect(
            other == "martlet.yaml:2: 'clock' has no command; add one, as in 'clock: {command: ./run}'")
    }

    @Test func `release is short for the release command`() throws {
        var plan = try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": "release: ./seed"])
        #expect(plan.processes == [ProcessDeclaration(type: "release", shell: "./seed")])
        let files = ["Dockerfile": "", "Procfile": "web: a\nrelease: b", "martlet.yaml": "release: ./seed"]
        plan = try TreeOfFiles.plan(files)
        #expect(plan.processes.map(\.type) == ["web", "release"])
        #expect(plan.processes[1] == ProcessDeclaration(type: "release", shell: "./seed"))
        #expect(plan.remarks == ["Procfile: 'release' is not used: martlet.yaml says what runs"])
        plan = try TreeOfFiles.plan(
            ["Dockerfile": "", "martlet.yaml": "processes: {release: own}"], settings: "release: stored")
        #expect(plan.processes == [ProcessDeclaration(type: "release", shell: "own")])
    }

    @Test(arguments: [
        (
            "processes: {release: a}\nrelease: b",
            "2: 'release' and 'processes.release' on line 1 both say what runs before a release serves; keep one"
        ),
        (
            "health: /up\nprocesses:\n  web: {health: /ok}",
            "1: 'health' and 'processes.web.health' on line 3 both say how the web process is checked; keep one"
        ),
        ("release: {memory: 1G, command: a}", "1: 'memory' means nothing to type 'release', which runs once"),
        ("processes: {web: {timeout: 5}}", "1: 'timeout' belongs to type 'release' alone; others run on"),
        ("release: {timeout: 5}", "1: 'release' has no command; add one, as in 'release: {command: ./run}'"),
        ("processes: {web: {memory: 1M}}", "1: 'memory' takes a size from 16 MiB to 8 GiB, as in 'memory: 512M'"),
        (
            "processes: {web: {memory: 1.0000001G}}",
            "1: 'memory' takes a size from 16 MiB to 8 GiB, as in 'memory: 512M'"
        ),
        ("processes: {web: {memory: -1G}}", "1: 'memory' takes a size from 16 MiB to 8 GiB, as in 'memory: 512M'"),
        (
            "processes: {web: {strategy: exclusive, quantity: 2}}",
            "1: there is never more than one of 'web': its strategy is 'exclusive'"
        ),
        ("processes: {web: {cpus: 1e3}}", "1: 'cpus' takes a number from 0.05 to 8, as in 'cpus: 0.5'"),
        ("processes: {web: {quantity: 101}}", "1: 'quantity' takes a number from 0 to 100, as in 'quantity: 2'"),
        ("processes: {web: {drain: 2d}}", "1: 'drain' takes a time from 0 s to 1 d, as in 'drain: 30s'"),
        ("processes: {web: {drain: 500ms}}", "1: 'drain' takes whole seconds, as in 'drain: 30s'"),
        ("processes: {web: {stop: 5 minutes}}", "1: 'stop' takes a time from 0 s to 1 d, as in 'stop: 5m'"),
        ("processes: {web: {stop: }}", "1: 'stop' has no value; give it one or leave it out"),
        (
            "processes: {web: {strategy: stop}}",
            "1: 'strategy' takes one of start-first, stop-first, exclusive, as in 'strategy: stop-first', not 'stop'"
        ),
        ("processes: {web: {comand: a}}", "1: 'comand' is no key of 'web'; did you mean 'command'?"),
        ("migrate: {status: a}", "1: 'migrate' needs 'up', as in 'migrate: {status: ./pending, up: ./migrate}'"),
        ("migrate: {up: a, compatible: maybe}", "1: 'compatible' takes 'true' or 'false', as in 'compatible: true'"),
    ])
    func `a mistake is told with its line`(yaml: String, message: String) throws {
        #expect(try TreeOfFiles.refusal(["Dockerfile": "", "martlet.yaml": yaml]) == "martlet.yaml:\(message)")
    }

    @Test(arguments: [
        ("30", 30.0), ("30s", 30), ("1500ms", 1.5), ("0.5s", 0.5), ("5m", 300), ("5min", 300), ("1h30m", 5400),
        ("1d", 86_400), ("30 s", nil), ("s", nil), ("5x", nil), ("1h30", nil), ("30 1h", nil), ("-5", nil),
        ("1e3", nil),
        ("", nil), (".5s", nil), ("5.s", nil), ("1m 30s", nil),
    ])
    func `times are numbers with units`(text: String, seconds: Double?) throws {
        let root = try #require(try Setting.parse("a: '\(text)'", file: "f"))
        let setting = try #require(try root.fields(["a"], example: "")["a"])
        let found = try? setting.seconds(0...1e6, example: "")
        #expect(found == seconds)
    }

    @Test(arguments: [
        ("1000", 1000), ("1k", 1024), ("1K", 1024), ("2M", 2 << 20), ("2MB", 2 << 20), ("2MiB", 2 << 20),
        ("1.5g", 3 << 29),
        ("100b", 100), ("1T", 1 << 40), ("M", nil), ("1 M", nil), ("1iB", nil), ("1.5", nil), ("0x10", nil),
    ])
    func `sizes are numbers with units of 1024`(text: String, bytes: Int?) throws {
        let root = try #require(try Setting.parse("a: '\(text)'", file: "f"))
        let setting = try #require(try root.fields(["a"], example: "")["a"])
        let found = try? setting.bytes(0...1 << 50, example: "")
        #expect(found == bytes)
    }

    @Test func `a migration is read`() throws {
        let yaml = "migrate: {status: ./pending, up: ./up now, compatible: true, timeout: 10m}"
        #expect(
            try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": yaml]).migration
                == MigrationPlan(
                    status: ["/bin/sh", "-c", "./pending"], up: ["/bin/sh", "-c", "./up now"], isCompatible: true,
                    timeout: 600))
        let short = try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": "migrate: {up: ./up}"]).migration
        #expect(short == MigrationPlan(status: nil, up: ["/bin/sh", "-c", "./up"], isCompatible: false))
    }
}
