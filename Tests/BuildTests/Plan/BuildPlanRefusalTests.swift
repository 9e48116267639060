import Foundation
import Testing
import Threads

@testable import Build

/// What is wrong in a file is told with its line and the form that is accepted.
@Suite struct BuildPlanRefusalTests {
    @Test(arguments: [
        ("build:\n  metod: dockerfile", "martlet.yaml:2: 'metod' is no key of 'build'; did you mean 'method'?"),
        ("\n\nbiuld: {}", "martlet.yaml:3: 'biuld' is no key of 'martlet.yaml'; did you mean 'build'?"),
        ("build: {zzz: 1}", "martlet.yaml:1: 'zzz' is no key of 'build'"),
        ("build: {method: docker}", "martlet.yaml:1: 'docker' is no method of building"),
        (
            "build:\n  method: dokerfile",
            "martlet.yaml:2: 'dokerfile' is no method of building; did you mean 'dockerfile'?"
        ),
        (
            "build: {base: a, target: b}",
            "martlet.yaml:1: 'target' belongs to method 'dockerfile', and 'base' to 'command'; say which with 'method'"
        ),
        ("build: dockerfile", "martlet.yaml:1: 'build' takes keys with values, as in 'build: {method: dockerfile}'"),
        ("build:\n  start:", "martlet.yaml:2: 'start' has no value; give it one or leave it out"),
        ("build: {commands: {a: b}}", "martlet.yaml:1: 'commands' takes a list, as in 'commands: [make]'"),
        ("build: {commands: [[a]]}", "martlet.yaml:1: 'commands' takes a text, as in 'commands: [make]'"),
        ("build: {base: 'a b'}", "martlet.yaml:1: 'base' takes the name of an image, as in 'base: debian:12'"),
        ("build: {base: -a}", "martlet.yaml:1: 'base' takes the name of an image, as in 'base: debian:12'"),
        ("build: {cache: [a]}", "martlet.yaml:1: 'cache' takes absolute paths, as in 'cache: [/opt/cache]'"),
        ("build: {cache: [/a/../b]}", "martlet.yaml:1: 'cache' takes absolute paths, as in 'cache: [/opt/cache]'"),
        ("build: {target: 'a b'}", "martlet.yaml:1: 'target' takes the name of a stage, as in 'target: release'"),
        (
            "build: {commands: [make]}",
            "martlet.yaml:1: nothing says how the web process starts; add 'start' to 'build', as in 'start: ./serve'"
        ),
        (
            "build: {start: a}\nprocesses: {web: b}",
            "martlet.yaml:1: 'start' and 'processes.web' both say how the web process starts; keep one"
        ),
        ("build: {env: {A-B: 1}}", "martlet.yaml:1: 'A-B' is no name of a variable; use letters, digits and '_'"),
        ("build: {env: {A: }}", "martlet.yaml:1: 'A' takes a text, as in 'A: 1'"),
        (
            "build: {include: [a], exclude: [b]}",
            "martlet.yaml:1: 'include' and 'exclude' cannot be used together; keep one"
        ),
        (
            "build: {buildpacks: ['https://a/b']}",
            "martlet.yaml:1: 'https://a/b' would have to be fetched, which Martlet does not do"
        ),
        ("build: {buildpacks: [../a]}", "martlet.yaml:1: '../a' is no path in the repository"),
        ("build: {watch: ['!']}", "martlet.yaml:1: '!' is no pattern of paths, as in 'watch: [shared/, '*.proto']'"),
        ("static: {spa: true}", "martlet.yaml:1: 'static' needs 'folder', as in 'static: {folder: dist}'"),
        ("static: ../x", "martlet.yaml:1: 'static' takes a folder of the image without '..', as in 'folder: dist'"),
        ("static: {folder: a, spa: maybe}", "martlet.yaml:1: 'spa' takes 'true' or 'false', as in 'spa: true'"),
        ("port: 70000", "martlet.yaml:1: 'port' takes a number from 1 to 65535, as in 'port: 8000'"),
        ("port: http", "martlet.yaml:1: 'port' takes a number from 1 to 65535, as in 'port: 8000'"),
        ("health: up", "martlet.yaml:1: 'health' takes a path, as in 'health: /up'"),
        (
            "processes: {Web: a}",
            "martlet.yaml:1: 'Web' is no type of process; use 1-63 of a-z, 0-9 and '-', as in 'web'"
        ),
        ("processes: {web: [a]}", "martlet.yaml:1: 'web' takes a text, as in 'web: ./serve'"),
        ("- a\n- b", "martlet.yaml:1: the file takes keys with values, as in 'build: {method: dockerfile}'"),
        ("port: 1\nhealth: /up\nport: 2", "martlet.yaml:1: 'port' is given twice; keep one"),
        ("build:\n\tmethod: command", "martlet.yaml:2: found character that cannot start any token"),
        ("a: b: c", "martlet.yaml:1: mapping values are not allowed in this context"),
        ("build: {watch: [*.md]}", "martlet.yaml:1: did not find expected alphabetic or numeric character"),
        ("port: 1\n---\nport: 2", "martlet.yaml:2: but found another document"),
        ("port: &a 1", "martlet.yaml:1: anchors (&) and aliases (*) are not taken; write the value out"),
        ("health: \"\u{7}\"", "martlet.yaml:1: control characters are not allowed"),
    ])
    func `a mistake in martlet.yaml is told with its line`(yaml: String, message: String) throws {
        #expect(try TreeOfFiles.refusal(["martlet.yaml": yaml]) == message)
    }

    @Test(arguments: [
        ("../x", "'../x' is no folder in the repository; name one below its top, as in 'context: services/api'"),
        ("/etc", "'/etc' is no folder in the repository; name one below its top, as in 'context: services/api'"),
        ("a/../b", "'a/../b' is no folder in the repository; name one below its top, as in 'context: services/api'"),
        ("out", "'out' leads over a symbolic link; 'context' takes a folder itself"),
        ("out/etc", "'out/etc' leads over a symbolic link; 'context' takes a folder itself"),
        ("services/apii", "there is no folder 'services/apii' in the commit; did you mean 'services/api'?"),
        ("none", "there is no folder 'none' in the commit"),
        ("file", "'file' is a file; 'context' takes a folder"),
    ])
    func `a context that is no folder of the tree is refused`(context: String, message: String) throws {
        let files = [
            "martlet.yaml": "build:\n  context: \(context)", "out": "->/", "services/api/x": "", "file": "",
        ]
        #expect(try TreeOfFiles.refusal(files) == "martlet.yaml:2: \(message)")
    }

    @Test func `a link is never followed out of the tree`() throws {
        #expect(
            try TreeOfFiles.refusal(["martlet.yaml": "->/etc/passwd"])
                == "'martlet.yaml' is a symbolic link; it is to be the file itself")
        #expect(
            try TreeOfFiles.refusal(["Dockerfile": "->/etc/passwd"])
                == "'Dockerfile' leads over a symbolic link; name the Dockerfile itself")
        #expect(
            try TreeOfFiles.refusal(["paastech": "->/etc", "x": ""]).contains("is a symbolic link"))
        #expect(
            try TreeOfFiles.refusal(["martlet.yaml": "build: {dockerfile: d/File}", "d": "->/etc"])
                == "martlet.yaml:1: 'd/File' leads over a symbolic link; name the Dockerfile itself")
    }

    @Test func `a Dockerfile that is named has to be there`() throws {
        #expect(
            try TreeOfFiles.refusal(["martlet.yaml": "build:\n  method: dockerfile"])
                == "martlet.yaml:2: there is no file 'Dockerfile' in the commit")
        #expect(
            try TreeOfFiles.refusal(["martlet.yaml": "build: {dockerfile: ../Dockerfile}"])
                == "martlet.yaml:1: '../Dockerfile' is no path below the folder that is built, "
                + "as in 'dockerfile: docker/Dockerfile'")
    }

    @Test func `a mistake in the settings is told as theirs`() throws {
        #expect(
            try TreeOfFiles.refusal([:], settings: "port: 1\nbuild: {metod: x}")
                == "settings:2: 'metod' is no key of 'build'; did you mean 'method'?")
        #expect(throws: BuildError.self) { try BuildPlan.check(settings: "build: {context: ../x}") }
        #expect(throws: BuildError.self) { try BuildPlan.check(settings: "build: {cache: [x]}") }
        try BuildPlan.check(settings: "build: {context: services/api, commands: [make]}")
    }

    @Test func `a text that unfolds without end is refused at once`() throws {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let alias = "*a\(level - 1)"
            bomb += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
        }
        let message = "martlet.yaml: anchors (&) and aliases (*) are not taken; write the values out"
        #expect(try TreeOfFiles.refusal(["martlet.yaml": bomb]) == message)
        #expect(try TreeOfFiles.refusal(["martlet.yaml": bomb + "? *a9\n: 1\n"]) == message)
    }

    @Test(arguments: [
        ("[", 60_000, ""), ("- ", 30_000, ""), ("{a: ", 15_000, ""), ("? ", 990, "a"), ("- ", 990, "a"),
        ("[", 990, "]"), ("{a: ", 990, "}"), ("{? ", 990, "}"), ("[a: ", 990, "]"),
    ])
    func `a text that is nested without end is refused, even where the stack is small`(
        opening: String, count: Int, closing: String
    ) async throws {
        let text = String(repeating: opening, count: count) + String(repeating: closing, count: count)
        let messages = try await onOwnThread { () throws(any Error) in
            [
                try TreeOfFiles.refusal(["martlet.yaml": text]),
                try TreeOfFiles.refusal(["app.json": text.replacing("a: ", with: "\"a\": ")]),
                try TreeOfFiles.refusal(["project.toml": "a = " + text.replacing("a: ", with: "a = ")]),
            ]
        }
        #expect(messages[0].hasPrefix("martlet.yaml:"))
        #expect(messages[1].contains("app.json"))
        #expect(messages[2].contains("project.toml"))
    }

    @Test func `what is no text, or too much of it, is refused`() throws {
        #expect(
            try TreeOfFiles.refusal(["martlet.yaml": String(repeating: "#", count: 65 << 10)])
                == "'martlet.yaml' is longer than 64 KiB, which is the limit")
        #expect(try TreeOfFiles.refusal(["martlet.yaml": "a: \0"]) == "'martlet.yaml' is not text in UTF-8")
        #expect(try TreeOfFiles.refusal(["martlet.yaml/x": ""]) == "'martlet.yaml' is a folder; it is to be a file")
    }

    @Test func `control characters of a file do not reach the message`() throws {
        let message = try TreeOfFiles.refusal(["martlet.yaml": "\"a\\e[31mb\": 1"])
        #expect(message == "martlet.yaml:1: 'a^[[31mb' is no key of 'martlet.yaml'")
    }
}
