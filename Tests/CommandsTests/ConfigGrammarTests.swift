import ArgumentParser
import Platform
import Testing

@testable import Commands

@Suite struct ConfigGrammarTests {
    private func parse<V: Verb>(_ words: String, as type: V.Type = V.self) throws -> V {
        try #require(try Martlet.parseAsRoot(words.split(separator: " ").map(String.init)) as? V)
    }

    @Test(
        arguments: [
            ("config set shop A=1", nil), ("config set shop A=1 B=-2 --build", .build),
            ("config set shop --both A=1", .both),
            ("config set --run shop A -", .run),
        ] as [(String, ConfigScope?)])
    func `variables are set for whom the flags name`(words: String, scope: ConfigScope?) throws {
        let verb = try parse(words, as: ConfigSet.self)
        #expect(verb.app == "shop" && verb.flags.scope == scope)
        #expect(verb.variables.allSatisfy { !$0.hasPrefix("--") })
    }

    @Test(arguments: [
        "config set shop", "config set", "config set shop A=1 --run --build", "config get shop", "config unset shop",
        "builds set shop --clear method=command", "doctor now", "secrets",
    ])
    func `what cannot be meant is wrong usage, or asks for help`(words: String) {
        #expect(throws: (any Error).self) {
            var command = try Martlet.parseAsRoot(words.split(separator: " ").map(String.init))
            try command.run()
        }
    }

    @Test func `words are names and values`() throws {
        let values = try ConfigSet.values(of: ["A=1", "B=", "C=x=y z"])
        #expect(try values == [ConfigName("A"): "1", ConfigName("B"): "", ConfigName("C"): "x=y z"])
        for words in [["A"], ["A=1", "s3cret"], ["A=1", "A=2"], ["9=s3cret"], ["PORT=s3cret"]] {
            let refusal = #expect(throws: Refusal.self) { try ConfigSet.values(of: words) }
            #expect(refusal?.exitStatus == 2)
            #expect(refusal?.text.contains("s3cret") == false)
        }
    }

    @Test(arguments: [("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a"), ("", ""), ("\n", "")])
    func `a value from standard input loses the line feed that echo adds`(text: String, expected: String) {
        #expect(text.withoutLastLineFeed == expected)
    }

    @Test func `a diagnosis is a line, with what to do below it`() {
        let lines = DoctorCommand.lines([
            Diagnosis("clock", .ok, "2026"), Diagnosis("docker engine", .problem, "gone", advice: "start it"),
        ])
        #expect(
            lines == [
                "ok       clock          2026", "problem  docker engine  gone", "                        -> start it",
            ])
    }
}
