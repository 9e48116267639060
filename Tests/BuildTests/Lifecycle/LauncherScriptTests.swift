import Foundation
import Glibc
import TestKit
import Testing

@testable import Build

/// Runs launchers by the shell of this machine, with a scratch folder for the app's.
@Suite struct LauncherScriptTests {
    private struct Launch {
        var script = LauncherScript()
        var type = "launcher"
        var arguments: [String] = []
        var environment: [String: String] = [:]
        var files: [String: String] = [:]
        var programs: [String: String] = [:]
    }

    private func run(_ launch: Launch) async throws -> Command.Result {
        let folder = try Scratch()
        defer { folder.remove() }
        try folder.write("app/here", "")
        for (name, text) in launch.files { try folder.write("app/\(name)", text) }
        for (name, text) in launch.programs {
            try folder.write(name, text)
            chmod("\(folder.path)/\(name)", 0o755)
        }
        let text = launch.script.text.replacing("/workspace", with: "\(folder.path)/app")
            .replacing("/layers", with: "\(folder.path)/layers")
        try folder.write("launcher", text)
        chmod("\(folder.path)/launcher", 0o755)
        let path = "\(folder.path)/\(launch.type)"
        if launch.type != "launcher" { symlink("launcher", path) }
        return try await Command(["sh", path] + launch.arguments, environment: launch.environment).run()
    }

    private func output(_ launch: Launch) async throws -> String {
        let result = try await run(launch)
        #expect(result.status == 0, "\(result)")
        return result.output
    }

    private func script(_ processes: LaunchProcess..., defaultType: String? = nil) -> LauncherScript {
        var script = LauncherScript()
        script.processes = processes
        script.defaultType = defaultType
        return script
    }

    private let hostile = "a'b \"c\" $HOME `id` \\ \n*;&|"

    @Test func `a process gets its words as they are`() async throws {
        let process = LaunchProcess(
            type: "web", command: ["printf", "<%s>", hostile], arguments: ["", "two words", hostile])
        let found = try await output(Launch(script: script(process), type: "web"))
        #expect(found == "<\(hostile)><><two words><\(hostile)>")
    }

    @Test func `arguments at the start stand in for those of the process, or follow them before API 0_9`() async throws
    {
        var process = LaunchProcess(type: "web", command: ["printf", "<%s>"], arguments: ["a"])
        #expect(try await output(Launch(script: script(process), type: "web", arguments: ["b", "c"])) == "<b><c>")
        process.hasReplaceableArguments = false
        #expect(try await output(Launch(script: script(process), type: "web", arguments: ["b", "c"])) == "<a><b><c>")
    }

    @Test func `a process that a shell starts reads the profile and expands its words`() async throws {
        var process = LaunchProcess(
            type: "web", command: ["echo \"$FROM\" $((1 + 1))"], isDirect: false, hasReplaceableArguments: false)
        let files = [".profile": "export FROM=profile\n"]
        #expect(try await output(Launch(script: script(process), type: "web", files: files)) == "profile 2\n")
        process.command = ["printf"]
        process.arguments = ["<%s>", "$FROM x", "*"]
        #expect(try await output(Launch(script: script(process), type: "web", files: files)) == "<profile x><*>")
        process.isDirect = true
        #expect(try await output(Launch(script: script(process), type: "web", files: files)) == "<$FROM x><*>")
    }

    @Test func `a process starts in its folder`() async throws {
        let process = LaunchProcess(type: "web", command: ["pwd"], folder: "sub")
        let found = try await output(Launch(script: script(process), type: "web", files: ["sub/x": ""]))
        #expect(found.hasSuffix("/app/sub\n"))
    }

    @Test func `a command of the user's is started as it is after two dashes, else by a shell`() async throws {
        let files = [".profile": "export FROM=profile\n"]
        var launch = Launch(arguments: ["--", "sh", "-c", "echo ${FROM-none} $0", "x"], files: files)
        #expect(try await output(launch) == "none x\n")
        launch.arguments = ["echo $FROM; echo two"]
        #expect(try await output(launch) == "profile\ntwo\n")
        launch.arguments = ["printf", "<%s>", "$FROM"]
        #expect(try await output(launch) == "<$FROM>")
        launch.arguments = []
        launch.script = script(LaunchProcess(type: "b", command: ["x"]), LaunchProcess(type: "a", command: ["x"]))
        let result = try await run(launch)
        #expect(result.status == 1)
        #expect(result.errors == "launcher: no process type is the default; there are: b a\n")
    }

    @Test func `the environment is changed in order, some of it for one process only`() async throws {
        var launch = Launch(
            script: script(LaunchProcess(type: "web", command: ["sh", "-c", "printf '%s\\n' \"$A|$B|$C|$D|$E\""])),
            type: "web")
        launch.script.changes = LayerChanges(common: [
            .init("A", .override, hostile), .init("B", .append, "'b'", delimiter: "$"),
            .init("C", .prepend, "c", delimiter: ":"),
            .init("D", .default, "d"), .init("bad-name", .override, "x"),
        ])
        launch.script.changes.add([.init("E", .override, "web")], for: "web")
        launch.script.changes.add([.init("E", .override, "other")], for: "other")
        launch.environment = ["B": "old", "D": "mine"]
        #expect(try await output(launch) == "\(hostile)|old$'b'|c|mine|web\n")
        #expect(launch.script.unusable == ["bad-name"])
    }

    @Test func `what programs in exec_d write to descriptor 3 is set, never run`() async throws {
        var launch = Launch(
            script: script(LaunchProcess(type: "web", command: ["sh", "-c", "printf '%s\\n' \"$A|$B|$C|$D\""])),
            type: "web")
        launch.script.layers = ["/layers/bp/x", "/layers/bp/none"]
        launch.programs = [
            "layers/bp/x/exec.d/1": """
            #!/bin/sh
            echo shown
            cat >&3 <<'END'
            # comment

            A = "$(touch ran) `id` \\"q\\" \\\\ \\u00fc\\U0001F600\\tt"
              B='literal \\n $X'
            "C"   =   "1"
            END
            """,
            "layers/bp/x/exec.d/2": "#!/bin/sh\necho \"C = '${C}2'\" >&3\n",
            "layers/bp/x/exec.d/web/1": "#!/bin/sh\necho 'D = \"web\"' >&3\n",
            "layers/bp/x/exec.d/other/1": "#!/bin/sh\necho 'D = \"other\"' >&3\n",
        ]
        let found = try await output(launch)
        #expect(
            found == "shown\n$(touch ran) `id` \"q\" \\ ü😀\tt|literal \\n $X|12|web\n")
    }

    @Test(arguments: [
        ("PATH;id = \"x\"", "'PATH;id' is no name of a variable"), ("A = x", "the value of 'A' is no string"),
        ("A", "'A' is no 'name = \"value\"'"), ("A = \"\\q\"", "'\\q' is no escape of TOML"),
        ("A = \"\"\"x\"\"\"", "'A' has more than one line; write them as '\\n'"),
    ])
    func `what is no assignment stops the start`(line: String, message: String) async throws {
        var launch = Launch(script: script(LaunchProcess(type: "web", command: ["echo", "started"])), type: "web")
        launch.script.layers = ["/layers/bp/x"]
        launch.programs = ["layers/bp/x/exec.d/1": "#!/bin/sh\ncat >&3 <<'END'\n\(line)\nEND\n"]
        let result = try await run(launch)
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(message))
    }

    @Test func `a program in exec_d that fails stops the start`() async throws {
        var launch = Launch(script: script(LaunchProcess(type: "web", command: ["echo"])), type: "web")
        launch.script.layers = ["/layers/bp/x"]
        launch.programs = ["layers/bp/x/exec.d/1": "#!/bin/sh\nexit 3\n"]
        let result = try await run(launch)
        #expect(result.status == 1)
        #expect(result.errors.contains("exec.d/1' failed"))
    }
}
