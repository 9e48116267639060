import Crypto
import Testing

@testable import Build

@Suite struct BuildVariablesTests {
    @Test func `the script quotes what a shell would take for its own`() throws {
        let variables = try BuildVariables(["B": "it's $HOME `x`\n\\", "A": ""])
        #expect(variables.script == "export A=''\nexport B='it'\\''s $HOME `x`\n\\'\n")
    }

    @Test func `each variable is a secret, beside all together and the certificates`() throws {
        let secrets = try BuildVariables(["A": "1", "env": "2", "ca": "3"]).secrets(authorities: "/ca.crt")
        #expect(secrets.map(\.id) == ["env", "ca", "A"])
        let without = try BuildVariables([:]).secrets(authorities: nil)
        #expect(without.map(\.id) == ["env"])
    }

    @Test(arguments: ["", "1A", "A-B", "A,src=/etc/shadow", "A B", "É"])
    func `a name that no shell takes is refused`(name: String) {
        #expect(throws: BuildError.self) { try BuildVariables([name: ""]) }
    }

    @Test func `a digest differs with a value and with the key`() throws {
        let (key, other) = (SymmetricKey(size: .bits256), SymmetricKey(size: .bits256))
        let (one, two) = (try BuildVariables(["A": "1"]), try BuildVariables(["A": "2"]))
        #expect(one.digest(key) == one.digest(key))
        #expect(one.digest(key) != two.digest(key))
        #expect(one.digest(key) != one.digest(other))
    }

    @Test func `a Dockerfile that takes a variable as an argument is told of the secret`() {
        let text = DockerfileText("FROM x\n  arg TOKEN=1 OTHER\n# ARG NO\nRUN ARG NO\n")
        #expect(text.arguments == ["TOKEN", "OTHER"])
        #expect(text.remarks(on: ["NO", "TOKEN"]).map { $0.prefix(9) } == ["ARG TOKEN"])
    }
}
