import Foundation
import Glibc

/// What a DNS provider asks for, read from a file that nobody else may read.
struct DNSCredentials {
    /// For lego's environment.
    let values: [String: String]

    /// Reads it anew for each use: it may be changed while the daemon runs.
    ///
    /// - Throws: `ACMEFailure`, without anything of the file's content.
    init(file: String) throws(ACMEFailure) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.problem(file, String(cString: strerror(errno)).lowercased()) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Self.problem(file, "it is not a file")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0, status.st_mode & 0o077 == 0 else {
            throw Self.problem(file, "others may read it; make it root's alone: chown root, chmod 600")
        }
        guard let data = try? handle.readToEnd() ?? Data(), data.count <= 65_536,
            let text = String(validating: data, as: UTF8.self)
        else { throw Self.problem(file, "it is not text of at most 64 KiB") }
        values = try Self.parse(text, file)
    }

    /// The `NAME=VALUE` lines of a text; empty ones and those that begin with `#` say nothing.
    static func parse(_ text: String, _ file: String) throws(ACMEFailure) -> [String: String] {
        var values: [String: String] = [:]
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "="), equals != line.startIndex else {
                throw problem(file, "line \(number + 1) is not NAME=VALUE")
            }
            let name = String(line[..<equals])
            guard isAllowed(name) else {
                throw problem(
                    file,
                    "line \(number + 1) sets '\(name.prefix(60).filter(\.isASCII))', which is no setting of a DNS provider"
                )
            }
            values[name] = String(line[line.index(after: equals)...])
        }
        return values
    }

    /// Whether a variable can only mean something to a provider: not to the loader, the shell, Go or lego itself.
    private static func isAllowed(_ name: String) -> Bool {
        let isPlain =
            name.utf8.allSatisfy { (65...90).contains($0) || (48...57).contains($0) || $0 == 95 }
            && !(48...57).contains(name.utf8.first ?? 48)
        let others: Set = [
            "PATH", "HOME", "SHELL", "IFS", "ENV", "BASH_ENV", "USER", "TMPDIR", "GODEBUG", "GOTRACEBACK", "GOMAXPROCS",
            "GOMEMLIMIT", "GOGC", "SSL_CERT_FILE", "SSL_CERT_DIR",
        ]
        return isPlain && !others.contains(name)
            && !["LD_", "LEGO_", "MARTLET_", "GLIBC_"].contains { name.hasPrefix($0) }
    }

    private static func problem(_ file: String, _ why: String) -> ACMEFailure {
        ACMEFailure("cannot use MARTLET_DNS_CREDENTIALS_FILE '\(file)': \(why)", isOurs: true)
    }
}
