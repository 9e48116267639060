/// The shell command that starts a process.
enum StartCommand {
    /// `command` for `/bin/sh -c`. One program is put in the place of the shell, so that it gets the signal to stop.
    static func shell(_ command: String) -> String { isOneProgram(command) ? "exec \(command)" : command }

    /// Whether `exec` may stand before it. When in doubt it may not.
    private static func isOneProgram(_ command: String) -> Bool {
        guard let word = command.split(whereSeparator: \.isWhitespace).first, !command.contains(where: separates) else {
            return false
        }
        return !notPrograms.contains(String(word)) && word.allSatisfy(isPlain)
    }

    /// Whether it may begin another command, or one within it.
    private static func separates(_ character: Character) -> Bool { ";&|()`\n\r{}#!".contains(character) }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "./_-+".contains(character))
    }

    /// Words of the shell itself.
    private static let notPrograms: Set = [
        ".", ":", "alias", "break", "case", "cd", "command", "continue", "do", "done", "elif", "else", "esac", "eval",
        "exec",
        "exit", "export", "fi", "for", "getopts", "if", "in", "local", "read", "readonly", "return", "set", "shift",
        "source", "then", "time", "times", "trap", "type", "ulimit", "umask", "unalias", "unset", "until", "wait",
        "while",
    ]
}
