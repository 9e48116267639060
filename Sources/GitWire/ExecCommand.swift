/// What a client wants to run on the server: git's own requests, or words for our commands.
package enum ExecCommand: Hashable, Sendable {
    /// A push to the repository that the client calls by this path.
    case receivePack(String)
    /// A fetch from the repository that the client calls by this path.
    case uploadPack(String)
    /// A program that git or a file transfer asks for and that is not here, such as `git-lfs-authenticate` or `scp`.
    case unsupportedGit(String)
    /// The words of one of our commands; at least one.
    case command([String])

    /// The request in `text`, the command of an SSH exec request (RFC 4254 §6.5).
    ///
    /// - Throws: `WireError` for a line that cannot be split into words, has none (`WireError.emptyCommand`), or names
    ///   no repository or several to git.
    package init(_ text: some StringProtocol) throws(WireError) {
        var words = try ShellWords.split(text)
        guard let first = words.first else { throw .emptyCommand }
        var program = String(decoding: first.utf8.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
        if program == "git", words.count > 1 {
            words.removeFirst()
            program = "git-\(words[0])"
        }
        switch program {
        case "git-receive-pack": self = .receivePack(try Self.path(in: words, of: program))
        case "git-upload-pack": self = .uploadPack(try Self.path(in: words, of: program))
        case "git", "scp", "rsync", "sftp-server": self = .unsupportedGit(program)
        case _ where program.utf8.starts(with: "git-".utf8):
            self = .unsupportedGit(ControlCharacters.escape(Array(program.utf8), limit: 60))
        default: self = .command(words)
        }
    }

    private static func path(in words: [String], of program: String) throws(WireError) -> String {
        guard words.count == 2 else {
            throw WireError("'\(program)' takes one repository, not \(words.count - 1)")
        }
        return words[1]
    }

    /// The name of the app that a client means by `path`: `shop` for `shop`, `/shop.git`, `//shop.git/`; nil when
    /// it is not the name of one thing, as `~bob/shop`, `../shop`, `a/../b`. Whether an app can have this name is not
    /// checked.
    package static func appName(fromPath path: String) -> String? {
        let slash = UInt8(ascii: "/")
        var name = Array(path.utf8)[...].drop { $0 == slash }
        while name.last == slash { name.removeLast() }
        if name.suffix(4).elementsEqual(".git".utf8) { name.removeLast(4) }
        let isPlain = name.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != slash }
        guard isPlain, !name.isEmpty, name.first != UInt8(ascii: "~"), !name.elementsEqual(".".utf8),
            !name.elementsEqual("..".utf8)
        else { return nil }
        return String(decoding: name, as: UTF8.self)
    }
}
