import Testing

@testable import GitWire

@Suite struct ControlCharactersTests {
    @Test(arguments: [
        ("plain text", "plain text"), ("caf\u{E9} 🦅 日本", "caf\u{E9} 🦅 日本"), ("a\tb", "a\tb"), ("", ""),
        ("\u{1B}[31mred\u{1B}[0m", "\u{1B}[31mred\u{1B}[0m"),
        ("\u{1B}[1;38:5:9mx\u{1B}[m", "\u{1B}[1;38:5:9mx\u{1B}[m"),
        ("\u{1B}[31mred", "\u{1B}[31mred\u{1B}[0m"), ("\u{1B}[8mhidden", "\u{1B}[8mhidden\u{1B}[0m"),
        ("\u{1B}[0mx", "\u{1B}[0mx"),
        ("50%\r100%\r", "100%"), ("a\r", "a"), ("50%\r\u{1B}[K100%", "100%"), ("\r\r", ""), ("\ra", "a"),
        ("\u{1B}[2Jx", "^[[2Jx"), ("\u{1B}[1Ax", "^[[1Ax"), ("\u{1B}]0;title\u{7}", "^[]0;title^G"),
        ("a\u{8}b", "a^Hb"), ("\0", "^@"), ("\u{7F}", "^?"),
        ("\u{9B}31m", "\\u{9b}31m"), ("\u{85}", "\\u{85}"), ("\u{202E}evil", "\\u{202e}evil"), ("\u{1B}", "^["),
        ("\u{1B}[", "^[["), ("\u{1B}[31", "^[[31"),
        ("\u{1B}[?25lx", "^[[?25lx"), ("\u{1B}[31\u{1B}[0m", "^[[31\u{1B}[0m"), ("a\nb", "a^Jb"),
        ("\u{1B}[>4;1m", "^[[>4;1m"),
        ("\u{1B}[" + String(repeating: "1;", count: 40) + "m", "^[[" + String(repeating: "1;", count: 40) + "m"),
    ]) func `what steers a terminal becomes visible`(_ line: String, _ shown: String) {
        #expect(ControlCharacters.neutralise(bytes(line)) == shown)
    }

    @Test func `what is not UTF-8 is replaced`() {
        #expect(ControlCharacters.neutralise([0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
        #expect(ControlCharacters.neutralise([0x9B, 0x33, 0x31, 0x6D]) == "\u{FFFD}31m")
        #expect(ControlCharacters.neutralise([0xC3]) == "\u{FFFD}")
    }

    @Test func `of random bytes only colours and tabs are left to control`() {
        var generator = SeededGenerator(state: 5)
        for _ in 0..<2_000 {
            let line = (0..<20).map { _ in
                [0x1B, 0x5B, 0x6D, 0x4B, 0x30, 0x3B, 0x0D, 0xC2, UInt8.random(in: 0...255, using: &generator)]
                    .randomElement(using: &generator) ?? 0
            }
            var shown = ControlCharacters.neutralise(line)
            shown.replace(/\u{1B}\[[0-9;:]*m/.matchingSemantics(.unicodeScalar), with: "")
            let harmless = shown.unicodeScalars.allSatisfy { $0 == "\t" || $0.properties.generalCategory != .control }
            #expect(harmless, "\(line)")
        }
    }

    @Test func `in a message colours are visible too and the length is bounded`() {
        #expect(ControlCharacters.escape(bytes("a\u{1B}[31m\tb"), limit: 100) == "a^[[31m^Ib")
        #expect(ControlCharacters.escape(bytes("abcdef"), limit: 3) == "abc…")
    }
}
