import Foundation
import Platform

/// The Dockerfile of a build with shell commands. Commands are data in it: they stand in the JSON form of `RUN`, in
/// which nothing begins another instruction (Dockerfile reference).
struct CommandDockerfile {
    /// Where the app's files are in the image.
    static let folder = "/app"
    private static let home = "/home/app"
    /// How many steps come before the first command: FROM, RUN, WORKDIR and COPY.
    private static let before = 4
    /// The longest line that BuildKit reads has 65,535 bytes.
    private static let longestLine = 65_000

    let base: String
    let commands: [String]
    let start: String?
    let port: Int?
    /// The user as which commands and the app run.
    let user: ImageUser
    private let mounts: CommandMounts
    /// Differs when the config variables differ, so that commands run again then; empty without any.
    let digest: String

    /// - Parameters:
    ///   - app: whose caches are mounted; apps do not share them.
    ///   - hasAuthorities: whether there is a secret with certificates.
    /// - Throws: `BuildError` when something in the plan cannot be taken for what it should be.
    init(
        _ plan: CommandPlan, base: String, port: Int?, user: ImageUser, app: UUID, hasAuthorities: Bool, digest: String
    ) throws(BuildError) {
        guard ImageName.isValid(base) else {
            throw BuildError(
                "'\(base)' is not the name of an image", hint: "write it like 'python:3.12' or 'martlet/stack'")
        }
        mounts = try CommandMounts(app: app, user: user, caches: plan.caches, hasAuthorities: hasAuthorities)
        self.base = base
        self.commands = plan.commands
        self.start = plan.start
        self.port = port
        self.user = user
        self.digest = digest
    }

    /// The file's text.
    ///
    /// - Throws: `BuildError` when a command is too long or has a byte that no argument may have.
    func text() throws(BuildError) -> String {
        var lines = [
            "FROM \(base)", "USER 0:0", "RUN \(try Self.json(["/bin/sh", "-c", Self.preparation, user.uid, user.gid]))",
            "WORKDIR \(Self.folder)", "COPY --chown=\(user.text) . \(Self.folder)",
            "ENV HOME=\(Self.home) PATH=\(Self.home)/.local/bin:$PATH", "USER \(user.text)",
        ]
        for command in commands { lines += try run(command) }
        if let port { lines.append("EXPOSE \(port)") }
        lines.append("ENTRYPOINT []")
        if let start { lines.append("CMD \(try Self.json(["/bin/sh", "-c", StartCommand.shell(start)]))") }
        guard let long = lines.first(where: { $0.utf8.count > Self.longestLine }) else {
            return lines.joined(separator: "\n") + "\n"
        }
        throw BuildError(
            "a command is longer than \(Self.longestLine) bytes: '\(long.prefix(40))…'",
            hint: "put it into a script of the repository")
    }

    /// How BuildKit's steps are shown: the commands as they were written, the rest not at all.
    var title: @Sendable (StepTitle) -> StepTitle? {
        { [commands] step in
            guard let number = step.number, commands.indices.contains(number - Self.before - 1) else { return nil }
            let index = number - Self.before - 1
            return StepTitle(position: "\(index + 1)/\(commands.count)", command: commands[index])
        }
    }

    /// The instructions that run a command. Programs that install Debian or Alpine packages are run as root.
    private func run(_ command: String) throws(BuildError) -> [String] {
        let isInstallation = Self.installers.contains(String(command.split(whereSeparator: \.isWhitespace).first ?? ""))
        let user = isInstallation ? ImageUser.root : user
        let wrapper =
            "\(digest.isEmpty ? "" : ": \(digest); ")\(mounts.exports). \(CommandMounts.variables) && exec /bin/sh -e -c \"$0\""
        let run =
            "RUN \(mounts.options(as: user, installs: isInstallation)) "
            + (try Self.json(["/bin/sh", "-c", wrapper, command]))
        return isInstallation ? ["USER 0:0", run, "USER \(self.user.text)"] : [run]
    }

    private static let installers: Set = ["apt-get", "apt", "apk"]

    /// Makes the user's name, home and folder, with the shell and what every image has.
    private static let preparation = """
        set -e
        found=
        while IFS=: read -r name _ uid _; do if [ "$uid" = "$0" ]; then found=$name; fi; done < /etc/passwd || true
        if [ -z "$found" ]; then
            echo "app:x:$0:$1:app:/home/app:/bin/sh" >> /etc/passwd
            echo "app:x:$1:" >> /etc/group
        fi
        mkdir -p /app /home/app
        chown "$0:$1" /app /home/app
        """

    /// Words as a JSON array on one line.
    private static func json(_ words: [String]) throws(BuildError) -> String {
        guard !words.contains(where: { $0.utf8.contains(0) }) else {
            throw BuildError("a command has a NUL byte", hint: "remove it")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(words) else { throw BuildError("a command cannot be encoded") }
        return String(decoding: data, as: UTF8.self)
    }
}
