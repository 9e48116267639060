import Git
import GitWire
import Testing

/// That we refuse the objects that git refuses (`receive.fsckObjects`), and where we are milder.
@Suite struct ObjectValidationDifferentialTests {
    /// An object, as the last of a pack, behind blobs that it may refer to.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let kind: UInt8
        let content: [UInt8]
        /// Whether git is stricter.
        var isMild = false
        var testDescription: String { name }
    }

    private static let id = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    private static let parent = "1111111111111111111111111111111111111111"
    private static let tree = "tree \(id)\n"
    private static let person = "A <a@b> 1 +0000\n"
    private static let people = "author \(person)committer \(person)"

    static let commits: [Case] = [
        commit("plain", "\(tree)\(people)\nmessage"), commit("no message", "\(tree)\(people)"),
        commit("no end of header", String("\(tree)\(people)".dropLast())), commit("empty", ""),
        commit("no tree", "\(people)\nx"), commit("short tree", "tree 4b82\n\(people)\nx"),
        commit("parent", "\(tree)parent \(parent)\n\(people)\nx"),
        commit("bad parent", "\(tree)parent 12\n\(people)\nx"),
        commit("no author", "\(tree)committer \(person)\nx"), commit("no committer", "\(tree)author \(person)\nx"),
        commit("two authors", "\(tree)author \(person)\(people)\nx"),
        commit("NUL in header", "\(tree)author A\0 <a@b> 1 +0000\ncommitter \(person)\nx"),
        commit("extra header", "\(tree)\(people)encoding latin1\n\nx"),
        Case(name: "NUL in message", kind: 1, content: Array("\(tree)\(people)\na\0b".utf8), isMild: true),
        authored("no email", "A 1 +0000"), authored("empty name", " <a@b> 1 +0000"),
        authored("no name", "<a@b> 1 +0000"), authored("no space before email", "A<a@b> 1 +0000"),
        authored("bad name", "A> <a@b> 1 +0000"), authored("bad email", "A <a<b> 1 +0000"),
        authored("unclosed email", "A <a 1 +0000"), authored("no space before date", "A <a@b>1 +0000"),
        authored("no date", "A <a@b> +0000"), authored("letters for a date", "A <a@b> x +0000"),
        authored("zero date", "A <a@b> 0 +0000"), authored("padded date", "A <a@b> 01 +0000"),
        authored("largest date", "A <a@b> 8999999999999999999 +0000"),
        authored("date too large", "A <a@b> 18446744073709551615 +0000"),
        authored("negative date", "A <a@b> -1 +0000"), authored("no zone", "A <a@b> 1"),
        authored("empty zone", "A <a@b> 1 "), authored("zone without sign", "A <a@b> 1 0000"),
        authored("letters for a zone", "A <a@b> 1 +00x0"), authored("trailing text", "A <a@b> 1 +0000 x"),
        Case(
            name: "long zone", kind: 1,
            content: Array("\(tree)author A <a@b> 1 +051800\ncommitter \(person)\nx".utf8), isMild: true),
    ]

    static let tags: [Case] = [
        tag("plain", "object \(id)\ntype tree\ntag v1\ntagger \(person)\nx"),
        tag("no tagger", "object \(id)\ntype tree\ntag v1\n\nx"),
        tag("no object", "type tree\ntag v1\n"), tag("bad object", "object 12\ntype tree\ntag v1\n"),
        tag("no type", "object \(id)\ntag v1\n"), tag("bad type", "object \(id)\ntype cat\ntag v1\n"),
        tag("no tag", "object \(id)\ntype tree\n"), tag("bad tagger", "object \(id)\ntype tree\ntag v\ntagger x\n\n"),
        tag("NUL", "object \(id)\ntype tree\ntag v\0\n\n"), tag("no end", "object \(id)\ntype tree\ntag v1"),
    ]

    static let trees: [Case] =
        [
            ".git", ".GIT", ".git.", ".git ", ".git. .", "git~1", "GIT~1.", "git~2", ".git::$INDEX_ALLOCATION",
            ".git:x",
            ".g\u{200c}it", "\u{feff}.git", ".gi\u{206a}T", "..git", ".gitx", ".git\\x", "a\\.git\\b", "a\\b",
            "\u{212a}", ".GI\u{130}T", ".", "..", "...", "a/b", "/", "", ".gitignore", "g", ".g",
        ].flatMap { [entry($0, "100644"), entry($0, "40000")] }
        + [
            entry("a", "100755"), entry("a", "120000"), entry("a", "160000"), entry("a", "100664"),
            entry(".gitmodules", "120000"), entry(".GITMODULES", "120000"), entry("gitmod~1", "120000"),
            entry("GITMOD~4 ", "120000"), entry("gitmod~5", "120000"), entry("gi7eba~1", "120000"),
            entry("gi7eb~10", "120000"), entry("g~123456", "120000"), entry("gi7eba~0", "120000"),
            entry(".gitmodules. .", "120000"), entry(".gitmodules:x", "120000"), entry(".gitm\u{200d}odules", "120000"),
            entry(".gitmodulesx", "120000"), entry(".gitattributes", "120000"),
            Case(name: "padded mode", kind: 2, content: bytes("0100644 a"), isMild: true),
            Case(name: "unsorted", kind: 2, content: bytes("100644 b") + bytes("100644 a")),
            Case(name: "twice", kind: 2, content: bytes("100644 a") + bytes("100644 a")),
            Case(name: "file and folder", kind: 2, content: bytes("100644 a") + bytes("40000 a")),
            Case(
                name: "file and folder apart", kind: 2,
                content: bytes("100644 a") + bytes("100644 a.b") + bytes("40000 a")),
            Case(
                name: "neighbours", kind: 2,
                content: bytes("100644 a") + bytes("100644 a-b") + bytes("40000 a-c") + bytes("100644 a.b")
                    + bytes("40000 ab")),
            Case(name: "null ID", kind: 2, content: Array("100644 a\0".utf8) + [UInt8](repeating: 0, count: 20)),
            Case(name: "cut off", kind: 2, content: bytes("100644 a").dropLast()),
            Case(name: "no name end", kind: 2, content: Array("100644 a".utf8)),
        ]

    static let modules: [Case] = [
        modules("plain", "[submodule \"a\"]\n\tpath = a\n\turl = https://example.org/a.git\n"),
        modules("relative", "[submodule \"a\"]\n path = a\n url = ../a.git\n"),
        modules("option", "[submodule \"a\"]\n path = a\n url = --upload-pack=x\n"),
        modules("quoted option", "[submodule \"a\"]\n url = \"-x\"\n"),
        modules("joined lines", "[submodule \"a\"]\n url = \\\n-x\n"),
        modules("path option", "[submodule \"a\"]\n path = -x\n url = a:b\n"),
        modules("command", "[submodule \"a\"]\n update = !rm -rf /\n url = a:b\n"),
        modules("checkout", "[submodule \"a\"]\n update = checkout\n url = a:b\n"),
        modules("name above", "[submodule \"../x\"]\n url = a:b\n"),
        modules("name", "[submodule \"..x\"]\n url = a:b\n"),
        modules("name inside", "[submodule \"a/../x\"]\n url = a:b\n"),
        modules("name inside, backslashes", "[submodule \"a\\\\..\\\\x\"]\n url = a:b\n"),
        modules("line feed", "[submodule \"a\"]\n url = https://example.org/%0aevil\n"),
        modules("escaped line feed", "[submodule \"a\"]\n url = \"https://x/\\nevil\"\n"),
        modules("no host", "[submodule \"a\"]\n url = https:///x\n"),
        modules("no host either", "[submodule \"a\"]\n url = http::https:///x\n"),
        modules("leaves the host", "[submodule \"a\"]\n url = \"../../../../:evil.example.org/x\"\n"),
        modules("comment", "# [submodule \"..\"]\n[submodule \"a\"] ; url = -x\n url = a # -x\n"),
        modules("other section", "[core]\n url = -x\n"), modules("no configuration", "{}\n"),
        modules("upper case", "[SubModule \"a\"]\n URL = -x\n"),
    ]

    static let attributes: [Case] = [
        special(".gitattributes", "plain attributes", "*.c diff\n"),
        special(".gitattributes", "long line", String(repeating: "a", count: 2100) + "\n"),
        special(".gitattributes", "long last line", "a\n" + String(repeating: "a", count: 2100)),
        special(".GITATTRIBUTES", "another case", String(repeating: "a", count: 2100) + "\n"),
        special("gi7d29~1", "short name", String(repeating: "a", count: 2100) + "\n"),
        special("attributes", "another file", String(repeating: "a", count: 2100) + "\n"),
    ]

    @Test(arguments: [commits, tags, trees, modules, attributes])
    func `what git refuses is refused`(cases: [Case]) async throws {
        try await Scratch.with { scratch in
            for object in cases {
                let pack = try await pack(object, scratch)
                let git = try await shell(
                    "git index-pack --fsck-objects --stdin >&2 && echo fine || echo refused", in: scratch.client,
                    input: pack)
                let ours = try await judge(pack, scratch)
                let isRefused = git.text == "refused" && !object.isMild
                #expect((ours != nil) == isRefused, "\(object.name): git \(git.text) \(git.errors), we \(ours ?? "-")")
            }
        }
    }

    /// Our refusal of a pack; nil if there is none.
    private func judge(_ pack: [UInt8], _ scratch: Scratch) async throws -> String? {
        let quarantine = try Quarantine(repository: scratch.server)
        defer { quarantine.cancel() }
        do {
            _ = try await quarantine.append(pack)
            _ = try await quarantine.finish()
            try await quarantine.discard()
            return nil
        } catch {
            try await quarantine.discard()
            return "\(error)"
        }
    }

    /// A pack of the object; in front of it, for a file with a special name, the tree that gives it the name.
    private func pack(_ object: Case, _ scratch: Scratch) async throws -> [UInt8] {
        guard object.kind == 3 else {
            var pack = PackBuilder(count: 1)
            pack.add(type: object.kind, object.content)
            return try await pack.finished()
        }
        let id = try await scratch.object("git hash-object --stdin", input: object.content)
        let name = object.name.prefix { $0 != ":" }
        var pack = PackBuilder(count: 2)
        pack.add(type: 2, Array("100644 \(name)\0".utf8) + id.bytes)
        pack.add(type: 3, object.content)
        return try await pack.finished()
    }

    private static func commit(_ name: String, _ text: String) -> Case {
        Case(name: name, kind: 1, content: Array(text.utf8))
    }

    private static func authored(_ name: String, _ author: String) -> Case {
        commit(name, "\(tree)author \(author)\ncommitter \(person)\nx")
    }

    private static func tag(_ name: String, _ text: String) -> Case {
        Case(name: name, kind: 4, content: Array(text.utf8))
    }

    private static func entry(_ name: String, _ mode: String) -> Case {
        Case(name: "\(mode) '\(name)'", kind: 2, content: bytes("\(mode) \(name)"))
    }

    private static func bytes(_ entry: String) -> [UInt8] {
        Array(entry.utf8) + [0] + [UInt8](repeating: 0x11, count: 20)
    }

    private static func modules(_ name: String, _ text: String) -> Case { special(".gitmodules", name, text) }

    private static func special(_ file: String, _ name: String, _ text: String) -> Case {
        Case(name: "\(file): \(name)", kind: 3, content: Array(text.utf8))
    }
}
