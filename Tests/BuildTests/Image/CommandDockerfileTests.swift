import Foundation
import Testing

@testable import Build

@Suite struct CommandDockerfileTests {
    private func text(_ change: (inout CommandPlan) -> Void, base: String = "debian:12", port: Int? = nil) throws
        -> String
    {
        var plan = CommandPlan()
        change(&plan)
        return try CommandDockerfile(
            plan, base: base, port: port, user: .usual, app: UUID(), hasAuthorities: true, digest: ""
        ).text()
    }

    @Test func `each command is one line, so that it cannot begin another instruction`() throws {
        let written = try text { $0.commands = ["a\nRUN b", "c \\", "d"] }
        let lines = written.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("RUN --mount") }.count == 3)
        #expect(lines.allSatisfy { !$0.hasPrefix("RUN b") && !$0.hasSuffix("\\") })
    }

    @Test func `programs that install packages run as root, and nothing else does`() throws {
        let lines = try text { $0.commands = ["apt-get install -y x", "make apt-get"] }.split(separator: "\n")
        let root = lines.indices.filter { lines[$0] == "USER 0:0" }
        #expect(root.count == 2)
        #expect(lines[root[1] + 1].contains("apt-get install") && lines[root[1] + 2] == "USER 1000:1000")
        #expect(lines[root[1] + 3].contains("make apt-get"))
    }

    @Test func `apps do not share caches`() throws {
        let one = try text { $0.commands = ["a"] }
        let two = try text { $0.commands = ["a"] }
        #expect(one != two)
    }

    @Test func `the port is exposed`() throws {
        let written = try text({ _ in }, port: 8080)
        #expect(written.contains("\nEXPOSE 8080\n"))
    }

    @Test(arguments: ["", "-f", "a b", "a\nRUN x", "$X", "a\\"])
    func `what is no image's name is refused`(name: String) {
        #expect(throws: BuildError.self) { try text({ _ in }, base: name) }
    }

    @Test(arguments: ["cache", "/", "/a,type=bind", "/a b", "/../x", "/$HOME"])
    func `what is no absolute path is no cache`(path: String) {
        #expect(throws: BuildError.self) { try text { $0.caches = [path] } }
    }

    @Test func `a command longer than BuildKit reads is refused`() {
        #expect(throws: BuildError.self) { try text { $0.commands = [String(repeating: "x", count: 66_000)] } }
        #expect(throws: BuildError.self) { try text { $0.commands = ["a\0b"] } }
    }

    @Test(arguments: [
        ("python app.py --port $PORT", "exec python app.py --port $PORT"), ("./run", "exec ./run"),
        ("a && b", "a && b"),
        ("A=1 ./run", "A=1 ./run"), ("cd x", "cd x"), ("a; b", "a; b"), ("a $(b)", "a $(b)"),
        ("\"a b\" c", "\"a b\" c"),
        ("exec a", "exec a"), ("a\nb", "a\nb"), ("", ""),
    ])
    func `one program takes the shell's place`(command: String, shell: String) {
        #expect(StartCommand.shell(command) == shell)
    }

    @Test(arguments: [
        ("", "1000:1000"), ("root", "1000:1000"), ("0", "1000:1000"), ("0:5", "1000:1000"), ("33", "33:33"),
        ("33:44", "33:44"), ("app", "1000:1000"), ("33:app", "33:33"),
    ])
    func `an image's user is kept where it is a number and not root`(declared: String, user: String) {
        #expect(ImageUser(declared: declared).text == user)
    }
}
