import ArgumentParser
import Testing

@testable import Commands

@Suite struct RunGrammarTests {
    @Test(arguments: [
        "deploy shop", "deploy shop main --canary 10 -m why --detach", "rollback shop v3 --config-only", "promote shop",
        "abort shop", "releases info shop", "releases diff shop v1 v2", "ps list shop --json",
        "ps scale shop web=2 worker=1",
        "ps restart shop web worker", "ps stop shop", "ps start shop", "limits set shop web memory=1G cpus=0.5",
        "limits list shop", "domains add shop a.example/b --strip", "domains remove shop a.example",
        "domains list shop",
        "routing set shop timeout=60", "routing show shop", "maintenance on shop --page", "maintenance off shop",
        "visitors add shop eve", "visitors remove shop eve --open", "visitors list shop",
        "visitors forward shop https://a.example/ --mode soft", "volumes add shop data:/data --read-only",
        "volumes remove shop data --confirm data", "volumes list shop",
        "ports add shop 53/udp --type dns --target 5353",
        "ports remove shop 53/udp", "ports list shop", "events", "events shop -n 5 --json",
        "config set shop A=1 --stage",
        "config unset shop A --detach", "config import shop --stage",
    ])
    func `a command is read, and knows its help`(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let verb = try #require(try Martlet.parseAsRoot(words) as? any Verb)
        #expect(Martlet.helpMessage(for: type(of: verb)).contains("OVERVIEW"))
    }

    @Test(arguments: [
        "deploy", "deploy shop --canary 0", "rollback", "rollback shop latest", "limits set shop web",
        "domains add shop",
        "routing set shop", "visitors forward shop --mode soft", "visitors forward shop https://a.example/",
        "volumes add shop", "ports add shop", "ports add shop 70000", "maintenance shop", "ps", "events a b",
    ])
    func `what cannot be meant is wrong usage, or asks for help`(line: String) {
        #expect(throws: (any Error).self) {
            var command = try Martlet.parseAsRoot(line.split(separator: " ").map(String.init))
            try command.run()
        }
    }

    @Test(
        arguments: [("v3", 3), ("12", 12), ("v0", nil), ("3v", nil), ("", nil), ("v", nil), ("-1", nil)]
            as [(String, Int?)])
    func `a release is called by its number`(word: String, number: Int?) {
        #expect(ReleaseNumber(argument: word)?.number == number)
    }

    @Test(arguments: [("a.example", "/"), ("a.example/", "/"), ("a.example/b/c", "/b/c")])
    func `an address is a host with a path`(word: String, path: String) {
        #expect(DomainAddress(word).host == "a.example" && DomainAddress(word).path == path)
    }

    @Test(arguments: [(5.0, "5 s"), (119, "119 s"), (120, "2 min"), (7_200, "2 h"), (172_800, "2 d"), (-3, "0 s")])
    func `an age is shown in the unit that fits`(seconds: Double, text: String) {
        #expect(ProcessEntry.age(seconds) == text)
    }
}
