/// Writes the program that starts an app's processes: a POSIX shell script with the environment of the launch layers
/// baked in (Platform API, "launcher"; Buildpack API, "Launch").
///
/// It is called by the name of a process type, `/cnb/process/<type>`, or as `/cnb/lifecycle/launcher` with a command
/// of the user's: after `--` it is started as it is, else by a shell that has read `.profile`.
package struct LauncherScript {
    /// In the order of the buildpacks.
    package var changes = LayerChanges()
    /// The folders of launch layers in the image, in order, where programs in `exec.d` may be.
    package var layers: [String] = []
    package var processes: [LaunchProcess] = []
    package var defaultType: String?

    package init() {}

    /// The script. Equal values give equal text.
    package var text: String {
        ([Self.head, stepLines, execLines, Self.middle] + [processLines]).joined(separator: "\n")
    }

    /// Variables whose names a shell cannot set; they are left out.
    package var unusable: [String] {
        Array(Set(changes.steps.map(\.change.name).filter { !ShellWord.isName($0) })).sorted()
    }

    private var stepLines: String {
        changes.steps.filter { ShellWord.isName($0.change.name) }.map { step in
            guard let process = step.process else { return Self.line(step.change) }
            return "if [ \"$_cnb_type\" = \(ShellWord.quoted(process)) ]; then\n\(Self.line(step.change))\nfi"
        }.joined(separator: "\n")
    }

    private static func line(_ change: EnvironmentChange) -> String {
        let (name, value) = (change.name, ShellWord.quoted(change.value))
        let delimiter = ShellWord.quoted(change.delimiter)
        let set = "export \(name)=\(value)"
        let old = "[ -n \"${\(name):-}\" ]"
        return switch change.operation {
        case .override: set
        case .default: "\(old) || \(set)"
        case .append: "if \(old); then export \(name)=\"$\(name)\"\(delimiter)\(value); else \(set); fi"
        case .prepend: "if \(old); then export \(name)=\(value)\(delimiter)\"$\(name)\"; else \(set); fi"
        }
    }

    private var execLines: String {
        layers.map { "_cnb_exec \(ShellWord.quoted($0 + "/exec.d"))" }.joined(separator: "\n") + "\n"
            + layers.map { "[ -z \"$_cnb_type\" ] || _cnb_exec \(ShellWord.quoted($0 + "/exec.d"))/\"$_cnb_type\"" }
            .joined(separator: "\n")
    }

    private var processLines: String {
        let cases = processes.map { process in
            "\(ShellWord.quoted(process.type)))\n\(lines(for: process))\n;;"
        }
        return """
            case "$_cnb_type" in
            \(cases.joined(separator: "\n"))
            '') _cnb_fail "no process type is the default; there are: \(processes.map(\.type).joined(separator: " "))" ;;
            *) _cnb_fail "there is no process type '$_cnb_type'" ;;
            esac

            """
    }

    private func lines(for process: LaunchProcess) -> String {
        let folder = process.folder.map { "cd \(ShellWord.quoted($0)) || exit 1\n" } ?? ""
        let command = process.command.map(ShellWord.quoted).joined(separator: " ")
        let arguments = process.arguments.map { " " + ShellWord.quoted($0) }.joined()
        if process.hasReplaceableArguments {
            return "\(folder)[ $# -gt 0 ] || set --\(arguments)\nexec \(command) \"$@\""
        }
        if process.isDirect { return "\(folder)exec \(command)\(arguments) \"$@\"" }
        // Without arguments the command is shell text; with some, each word is expanded as in double quotes.
        return "_cnb_profile\n\(folder)set -- \(command)\(arguments) \"$@\"\n_cnb_shell \"$@\""
    }
}
