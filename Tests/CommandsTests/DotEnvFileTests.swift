import Platform
import Testing

@testable import Commands

@Suite struct DotEnvFileTests {
    private func read(_ text: String) throws -> [String: String] {
        Dictionary(uniqueKeysWithValues: try DotEnvFile.read(text).map { ($0.key.description, $0.value) })
    }

    @Test(arguments: [
        ("A=1", ["A": "1"]), ("A=1\r\nB=2\r\n", ["A": "1", "B": "2"]), ("\u{FEFF}A=1", ["A": "1"]),
        ("export A=1\n  export\tB = 2", ["A": "1", "B": "2"]), ("export=1", ["export": "1"]),
        ("A=\nB=", ["A": "", "B": ""]),
        ("# no\n\n  # no\nA=1 # no", ["A": "1"]), ("A=b#c", ["A": "b#c"]), ("A=#no", ["A": ""]),
        ("A=a b  ", ["A": "a b"]), ("A=a=b", ["A": "a=b"]), ("A=1\nA=2", ["A": "2"]), ("A=$B ${C}", ["A": "$B ${C}"]),
        ("A='a # \\n \"b\" $C'", ["A": "a # \\n \"b\" $C"]), ("A='x\ny'\nB=1", ["A": "x\ny", "B": "1"]),
        ("A=\"x\\ny\\t\\\"z\\\" \\\\ \\$ \\q\"", ["A": "x\ny\t\"z\" \\ $ \\q"]),
        ("A=\"-----BEGIN\nabc\n-----END\n\" # key\nB='' # none", ["A": "-----BEGIN\nabc\n-----END\n", "B": ""]),
        ("A=\"x\r\ny\"", ["A": "x\ny"]), ("A=it's", ["A": "it's"]), ("", [:]),
    ])
    func `what other readers of such files read is read`(text: String, expected: [String: String]) throws {
        #expect(try read(text) == expected)
    }

    @Test(arguments: [
        ("A=1\nnonsense", "line 2: this is not NAME=VALUE"), ("export A", "line 1: this is not NAME=VALUE"),
        ("\n\nA='s3cret\nmore", "line 3: the quote of 'A' is not closed"),
        ("A=\"x\ny\" z", "line 2: there is more behind the closing quote of 'A'"),
        ("A=\"\n\n\"\n9=1", "line 4: '9' is not a variable's name"), ("=1", "line 1: '' is not a variable's name"),
        ("PORT=80", "line 1: 'PORT' cannot be set: Martlet sets it itself; use another name, or remove the line"),
    ])
    func `a mistake is told with its line, and without the value`(text: String, words: String) {
        let refusal = #expect(throws: Refusal.self) { try DotEnvFile.read(text) }
        #expect(refusal?.text.hasPrefix(words) == true, "\(String(describing: refusal))")
        #expect(refusal?.text.contains("s3cret") == false)
    }
}
