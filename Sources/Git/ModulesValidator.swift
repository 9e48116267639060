/// Judges a new `.gitmodules` the way `git fsck` does: names that lead out of the folder for submodules, and URLs, paths
/// and update commands that would make whoever clones run something else than git's transport.
enum ModulesValidator {
    /// Throws if a file of `size` bytes is too large to be looked at.
    static func limit(_ size: Int) throws(GitError) {
        guard size <= 1 << 20 else { throw refusal("'.gitmodules' is larger than 1 MiB") }
    }

    /// Throws what is wrong with a file; one that is no configuration is let through, as git does not use it either.
    static func validate(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var reader = ConfigReader(bytes)
        while let (section, name, key, value) = reader.next() {
            guard section == "submodule", let name else { continue }
            guard isValid(name: name) else { throw refusal("submodule name '\(printable(name))' is not allowed") }
            guard let value else { continue }
            switch key {
            case "url" where !isValid(url: value): throw refusal("submodule URL '\(printable(value))' is not allowed")
            case "path" where value.first == UInt8(ascii: "-"):
                throw refusal("submodule path '\(printable(value))' is not allowed")
            case "update" where value.first == UInt8(ascii: "!"):
                throw refusal("submodule update setting '\(printable(value))' is not allowed")
            default: break
            }
        }
    }

    private static func isValid(name: [UInt8]) -> Bool {
        !name.isEmpty
            && !name.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
                .contains { $0.elementsEqual("..".utf8) }
    }

    /// No option of a command; no line feed, however written, since credentials are passed on in lines; relative only
    /// as far as there is something left; a host where there has to be one.
    private static func isValid(url: [UInt8]) -> Bool {
        guard url.first != UInt8(ascii: "-") else { return false }
        let isRelative = url.starts(with: "./".utf8) || url.starts(with: "../".utf8)
        if isRelative || url.starts(with: "git://".utf8) {
            guard !decoded(url).contains(UInt8(ascii: "\n")) else { return false }
            return !isRelative || !leavesHost(url)
        }
        for prefix in ["http::", "https::", "ftp::", "ftps::"] where url.starts(with: prefix.utf8) {
            return isValid(web: Array(url.dropFirst(prefix.utf8.count)))
        }
        for prefix in ["http://", "https://", "ftp://", "ftps://"] where url.starts(with: prefix.utf8) {
            return isValid(web: url)
        }
        return true
    }

    private static func isValid(web url: [UInt8]) -> Bool {
        guard !decoded(url).contains(UInt8(ascii: "\n")) else { return false }
        guard let scheme = url.firstIndex(of: UInt8(ascii: ":")), url[scheme...].starts(with: "://".utf8) else {
            return false
        }
        let authority = url[(scheme + 3)...].prefix { !"/?#".utf8.contains($0) }
        let host = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
        return !host.isEmpty && host.first != UInt8(ascii: ":")
    }

    /// Whether a relative URL consists of "../" and then nothing or a ":", which would replace the host.
    private static func leavesHost(_ url: [UInt8]) -> Bool {
        var rest = url[...]
        var isAbove = false
        while true {
            if rest.starts(with: "../".utf8) {
                rest = rest.dropFirst(3)
                isAbove = true
            } else if rest.starts(with: "./".utf8) {
                rest = rest.dropFirst(2)
            } else {
                return isAbove && (rest.isEmpty || rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: "/"))
            }
        }
    }

    /// The URL with "%0a" and the like replaced by what they stand for.
    private static func decoded(_ url: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        var position = 0
        while position < url.count {
            if url[position] == UInt8(ascii: "%"), position + 2 < url.count,
                let byte = UInt8(String(decoding: url[(position + 1)...(position + 2)], as: UTF8.self), radix: 16)
            {
                decoded.append(byte)
                position += 3
            } else {
                decoded.append(url[position])
                position += 1
            }
        }
        return decoded
    }

    private static func refusal(_ reason: String) -> GitError {
        GitError(operation: "read '.gitmodules'", reason: reason)
    }
}

/// Judges a new `.gitattributes` the way `git fsck` does: older versions of git overflow on huge ones.
enum AttributesValidator {
    /// Throws if a file of `size` bytes is larger than git reads.
    static func limit(_ size: Int) throws(GitError) {
        guard size <= 100 << 20 else { throw refusal("'.gitattributes' is larger than 100 MiB") }
    }

    /// Throws if a line is longer than git reads.
    static func validate(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var start = 0
        for (position, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            guard position - start < 2048 else { throw refusal("'.gitattributes' has lines that are too long") }
            start = position + 1
        }
        guard bytes.count - start < 2048 else { throw refusal("'.gitattributes' has lines that are too long") }
    }

    private static func refusal(_ reason: String) -> GitError {
        GitError(operation: "read '.gitattributes'", reason: reason)
    }
}
