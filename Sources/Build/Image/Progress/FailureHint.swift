import Foundation

/// What to do about the usual causes of a failed step.
struct FailureHint {
    /// The folder that is built.
    let context: String
    /// The images of this machine that a build may begin with.
    let localImages: [String]
    /// The IDs of the secrets that the build was given.
    let secrets: [String]
    /// Whether the repository's `.dockerignore` has a say.
    let honoursIgnoreFile: Bool

    /// What to do about `failure`; nil when nothing better can be said than the log says.
    func text(for failure: StepFailure) -> String? {
        if failure.exitCode != nil { return programHint(failure) }
        let reason = failure.reason
        if let name = Self.between("secret ", " not found", in: reason) { return secretHint(name) }
        if failure.command.hasPrefix("resolve image config for ") { return syntaxHint(failure.command) }
        if reason.hasSuffix(": not found"), let path = Self.between("\"", "\" not found", in: reason) {
            return pathHint(path)
        }
        if isOutOfReach(reason) { return registryHint(failure) }
        if reason.contains("target stage ") { return "name a stage of the Dockerfile: 'FROM … AS NAME'" }
        return Self.common(in: reason)
    }

    private func programHint(_ failure: StepFailure) -> String? {
        let last = failure.lastLines.suffix(5).joined(separator: "\n")
        if let name = secrets(missingIn: last) { return secretHint(name) }
        if let hint = Self.common(in: last) { return hint }
        return switch failure.exitCode {
        case 126: Self.denied
        case 127: "command not found: the image does not have that program; install it in an earlier step"
        case 137: "it was killed, most likely because memory ran out"
        default: nil
        }
    }

    private static func common(in text: String) -> String? {
        let text = text.lowercased()
        return common.first { text.contains($0.text) }?.hint
    }

    /// What programs and BuildKit itself print, in lower case, and what it means.
    private static let common = [
        (text: "no space left on device", hint: "the disk is full: an admin can run 'gc'"),
        (text: "can't fork", hint: tooMany), (text: "cannot fork", hint: tooMany),
        (text: "fork: resource temporarily", hint: tooMany), (text: "fork: retry", hint: tooMany),
        (text: "permission denied", hint: denied),
        (text: "could not resolve host", hint: unresolved), (text: "bad address", hint: unresolved),
        (text: "temporary failure in name resolution", hint: unresolved),
        (text: "temporary failure resolving", hint: unresolved), (text: "no such host", hint: unresolved),
        (text: "certificate_verify_failed", hint: untrusted), (text: "certificate verify failed", hint: untrusted),
        (
            text: "no such file or directory",
            hint: "the file is not in the image; 'COPY' it in an earlier step, and mind '.dockerignore'"
        ),
        (
            text: "unknown instruction",
            hint: "correct the Dockerfile; instructions are words such as FROM, COPY, RUN, CMD"
        ),
    ]

    private static let tooMany = "no more processes may be started: it runs too many at once"
    private static let denied =
        "permission denied: see who owns the file and whether it is executable: 'git update-index --chmod=+x FILE'"
    private static let untrusted =
        "the server's certificate is not trusted: add '--mount=type=secret,id=ca,target=/etc/ssl/certs/ca-certificates.crt' to RUN"
    private static let unresolved =
        "the name of a server was not found: it is misspelt, or this machine cannot reach it"

    private func isOutOfReach(_ reason: String) -> Bool {
        [
            "failed to do request", "no such host", "connection refused", "i/o timeout", "pull access denied",
            "manifest unknown", "network is unreachable", "TLS handshake",
        ].contains { reason.contains($0) }
    }

    private func registryHint(_ failure: StepFailure) -> String {
        guard failure.baseImage != nil || failure.command.hasPrefix("FROM ") else { return Self.unresolved }
        let here = localImages.isEmpty ? "" : "; here are: \(localImages.prefix(12).joined(separator: ", "))"
        return "no registry gave this image, and it is not on this machine\(here)"
    }

    private func syntaxHint(_ command: String) -> String {
        let image = command.dropFirst("resolve image config for docker.io/".count)
        return
            "the line '# syntax=\(image)' needs a registry, and none was reached: remove it; cache and secret mounts work without"
    }

    private func secretHint(_ name: String) -> String {
        let known = secrets.sorted().joined(separator: ", ")
        return
            "there is no build-scoped config variable '\(name)': set it with 'config set --build'; secrets of this build: \(known)"
    }

    /// The secret whose file a program did not find; a mount that is not required is left out silently.
    private func secrets(missingIn text: String) -> String? {
        guard text.contains("o such file") || text.contains("not found"),
            let path = Self.between("/run/secrets/", nil, in: text)
        else { return nil }
        let name = String(path.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == "." })
        return name.isEmpty || secrets.contains(name) ? nil : name
    }

    private func pathHint(_ path: String) -> String {
        let name = path.drop { $0 == "/" }
        let file = "\(context)/\(name)"
        if !name.split(separator: "/").contains(".."), FileManager.default.fileExists(atPath: file) {
            return honoursIgnoreFile
                ? "'\(name)' is in the repository, but '.dockerignore' leaves it out"
                : "'\(name)' is in the repository, but not within what this step copies from"
        }
        return "'\(name)' is not in the repository; \(listing(of: String(name)))"
    }

    /// What is beside a missing file.
    private func listing(of path: String) -> String {
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        let isInside = !parent.split(separator: "/").contains("..")
        let found = isInside ? try? FileManager.default.contentsOfDirectory(atPath: "\(context)/\(parent)") : nil
        guard let names = found else { return "nor is the folder '\(parent)'" }
        let shown = names.sorted().prefix(12).joined(separator: ", ")
        let place = parent.isEmpty ? "the folder that is built" : "'\(parent)'"
        return names.isEmpty ? "\(place) is empty" : "\(place) has: \(shown)\(names.count > 12 ? " …" : "")"
    }

    private static func between(_ start: String, _ end: String?, in text: String) -> String? {
        guard let from = text.range(of: start) else { return nil }
        guard let end else { return String(text[from.upperBound...]) }
        guard let to = text.range(of: end, range: from.upperBound..<text.endIndex) else { return nil }
        return String(text[from.upperBound..<to.lowerBound])
    }
}
