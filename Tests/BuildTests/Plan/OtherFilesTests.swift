import Foundation
import Platform
import Testing

@testable import Build

/// The files of other systems.
@Suite struct OtherFilesTests {
    @Test func `a Procfile's lines are processes`() throws {
        let text = "# a comment\n// another\r\n\nweb:   gunicorn app:app  \r\nworker-2: FOO=1 ./work: now\nrelease: ./r"
        #expect(
            try Procfile.parse(text, file: "Procfile") == [
                ProcessDeclaration(type: "web", shell: "gunicorn app:app"),
                ProcessDeclaration(type: "worker-2", shell: "FOO=1 ./work: now"),
                ProcessDeclaration(type: "release", shell: "./r"),
            ])
    }

    @Test(arguments: [
        ("web: a\nWeb: b", "Procfile:2: 'Web' is no type of process; use 1-63 of a-z, 0-9 and '-', as in 'web'"),
        ("-a: b", "Procfile:1: '-a' is no type of process; use 1-63 of a-z, 0-9 and '-', as in 'web'"),
        ("web: a\n\nweb: b", "Procfile:3: 'web' is declared on line 1 already"),
        ("web: a\nworker", "Procfile:2: 'worker' has no ':'"),
        ("web:  ", "Procfile:1: 'web' has no command behind its ':'"),
        ("# nothing\n", "Procfile: it declares no process"), ("", "Procfile: it declares no process"),
    ])
    func `a mistake in a Procfile is told with its line`(text: String, message: String) throws {
        #expect(try TreeOfFiles.refusal(["Dockerfile": "", "Procfile": text]) == message)
    }

    @Test func `a project descriptor of schema 0_2 is understood`() throws {
        let toml = """
            [_]
            schema-version = "0.2"
            id = "x"
            [io.buildpacks]
            builder = "example/builder:24"
            exclude = ["*.md", "/docs"]
            [[io.buildpacks.group]]
            id = "martlet/node"
            version = "1.0.0"
            [[io.buildpacks.group]]
            uri = "buildpacks/mine"
            [[io.buildpacks.pre.group]]
            id = "a"
            [[io.buildpacks.build.env]]
            name = "A"
            value = "b c"
            """
        let plan = try TreeOfFiles.plan(["project.toml": toml])
        var expected = BuildpackPlan()
        expected.builder = "example/builder:24"
        expected.buildpacks = ["martlet/node@1.0.0", "./buildpacks/mine"]
        expected.environment = ["A": "b c"]
        expected.excluded = ["*.md", "/docs"]
        #expect(plan.method == .buildpack(expected))
        #expect(plan.remarks == ["project.toml: 'io.buildpacks.pre' is not used"])
    }

    @Test func `so is the older one`() throws {
        let toml = """
            [project]
            id = "x"
            [build]
            include = ["src/"]
            [[build.buildpacks]]
            uri = "urn:cnb:registry:martlet/go@1"
            [[build.env]]
            name = "A"
            value = "b"
            """
        var expected = BuildpackPlan()
        expected.buildpacks = ["martlet/go@1"]
        expected.environment = ["A": "b"]
        expected.included = ["src/"]
        #expect(try TreeOfFiles.plan(["project.toml": toml]).method == .buildpack(expected))
    }

    @Test(arguments: [
        ("a = 1\nb = ", "project.toml:2: "),
        ("[_]\nschema-version = '0.3'\n[io.buildpacks]", "project.toml:2: schema-version '0.3' is not known; '0.2' is"),
        (
            "[io.buildpacks]\ngroup = 'x'",
            "project.toml:2: 'group' takes tables, as in '[[io.buildpacks.group]] with id = \"martlet/python\"'"
        ),
        (
            "[[io.buildpacks.group]]\nuri = 'docker://x'",
            "project.toml:2: 'docker://x' would have to be fetched, which Martlet does not do"
        ),
        ("[[io.buildpacks.group]]\nuri = '/etc'", "project.toml:2: '/etc' is no path in the repository"),
        ("[[io.buildpacks.group]]\nuri = '../x'", "project.toml:2: '../x' is no path in the repository"),
        (
            "[io.buildpacks]\ninclude = [1]",
            "project.toml:2: 'include' takes a list of patterns, as in 'include = [\"*.md\"]'"
        ),
    ])
    func `a mistake in project_toml is told with its line`(text: String, message: String) throws {
        #expect(try TreeOfFiles.refusal(["project.toml": text]).hasPrefix(message))
    }

    @Test(arguments: [
        ("env: [A=1, B=x=y]", ["A": "1", "B": "x=y"]), ("env: [{name: A, value: 1}]", ["A": "1"]),
        ("env: {A: 1, B: ''}", ["A": "1", "B": ""]), ("builder:", [:]),
    ])
    func `paastech's variables are read in each form`(yaml: String, variables: [String: String]) throws {
        let text = "buildpacks:\n  path: ./app\n  buildpack: martlet/node\n  extra: 1\n  \(yaml)\n"
        let plan = try TreeOfFiles.plan(["paastech/buildpacks.yaml": text, "app/x": "", "app/Procfile": "web: ./x"])
        var expected = BuildpackPlan()
        expected.buildpacks = ["martlet/node"]
        expected.environment = variables
        #expect(plan.method == .buildpack(expected))
        #expect(plan.context == "app")
        #expect(plan.processes.map(\.type) == ["web"])
        #expect(plan.remarks == ["paastech/buildpacks.yaml: 'extra' is not used"])
    }

    @Test func `a mistake in paastech's file is told with its line`() throws {
        #expect(
            try TreeOfFiles.refusal(["paastech/buildpacks.yaml": "buildpacks:\n  env: [A]"])
                == "paastech/buildpacks.yaml:2: 'env' takes names of variables with values, as in 'env: [DEBUG=1]'")
        #expect(
            try TreeOfFiles.refusal(["paastech/buildpacks.yaml": "buildpacks: {path: none}"])
                == "paastech/buildpacks.yaml: there is no folder 'none' in the commit")
        #expect(
            try TreeOfFiles.refusal([
                "paastech/buildpacks.yaml": "buildpacks: {path: a}", "martlet.yaml": "build: {context: b}", "a/x": "",
                "b/x": "",
            ]) == "paastech/buildpacks.yaml: 'path' is 'a', but 'build.context' is 'b'; leave one out")
    }

    @Test func `buildpacks that are only asked for are named by the files of other systems`() throws {
        let plan = try TreeOfFiles.plan([
            "martlet.yaml": "build: {context: app, env: {A: mine}}", "Dockerfile": "", "app/x": "",
            "project.toml": """
            [[io.buildpacks.group]]
            uri = "./app/pack"
            [[io.buildpacks.build.env]]
            name = "A"
            value = "theirs"
            """,
        ])
        var expected = BuildpackPlan()
        expected.buildpacks = ["./pack"]
        expected.environment = ["A": "mine"]
        #expect(plan.method == .buildpack(expected))
        #expect(
            try TreeOfFiles.refusal([
                "martlet.yaml": "build: {context: app}", "app/x": "",
                "project.toml": "[[io.buildpacks.group]]\nuri = './pack'",
            ]) == "project.toml:2: './pack' is not in 'app', the folder that is built")
    }

    @Test(arguments: [
        ("{\n  \"a\": 1,\n  b\n}", "app.json:3: it is no JSON: "), ("[1]", "app.json:1: it is to be a JSON object"),
        ("{\"buildpacks\": {}}", "app.json: 'buildpacks' takes a list"),
        ("{\"buildpacks\": [{}]}", "app.json: a buildpack needs 'url'"),
        ("{\"healthchecks\": []}", "app.json: 'healthchecks' takes lists by process"),
        (
            "{\"healthchecks\": {\"web\": [{\"type\": \"startup\", \"path\": \"up\"}]}}",
            "app.json: healthchecks.web: the path of a health check is as in '/up', not 'up'"
        ), (String(repeating: "[", count: 60_000), "app.json"),
    ])
    func `a mistake in app_json is told`(text: String, message: String) throws {
        #expect(try TreeOfFiles.refusal(["app.json": text]).hasPrefix(message))
    }
}
