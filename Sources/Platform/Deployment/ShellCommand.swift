/// Commands that a shell runs, as an image's processes are given them.
package enum ShellCommand {
    private static let shell = ["/bin/sh", "-c"]
    private static let longest = 200

    /// What runs the text in a shell.
    package static func arguments(_ text: String) -> [String] { shell + [text] }

    /// How a person would write the command, on one line of at most 200 characters: a shell's text, or else its words.
    package static func text(of command: [String]) -> String {
        let isShell = command.count == 3 && Array(command.prefix(2)) == shell
        let text = isShell ? command[2] : command.joined(separator: " ")
        return String(text.prefix(longest)).escaped + (text.count > longest ? "…" : "")
    }
}
