package import Git
package import GitWire

extension BuildPlan {
    /// The file in a repository that says how its app is built and run.
    package static let settingsFile = "martlet.yaml"

    /// What is to be made of a commit.
    ///
    /// How it is built is said by the first of these:
    /// 1. the block `build` of `martlet.yaml`, at the top or, when the app's settings name a folder to build and there
    ///    is none at the top, in that folder;
    /// 2. the block `build` of the app's settings, of which nothing is used when the file has one, but for the folder
    ///    and `watch` where the file is in that folder;
    /// 3. `paastech/buildpacks.yaml`, then a `project.toml` with a table `[io.buildpacks]` (or the older `[build]`), in
    ///    the folder that is built or at the top: they say themselves that buildpacks are wanted, so they come before a
    ///    Dockerfile, and are asked too what buildpacks are meant when 1 or 2 say only that some are;
    /// 4. a `Dockerfile` in the folder that is built;
    /// 5. nothing: the buildpacks that come with Martlet are to find out.
    ///
    /// Every other block is taken from the file, where it has it not from the settings. A `Procfile` and an `app.json` in
    /// the folder that is built say the processes, their numbers, health checks and config variables where those say none.
    ///
    /// - Parameters:
    ///   - folder: the exported tree of the commit. Nothing in it is trusted, no link in it followed.
    ///   - settings: YAML of the same form as `martlet.yaml`, stored for the app; nil for none. Complaints call it
    ///     `settings`.
    /// - Throws: `BuildError` that names the file, the line and the form that is accepted.
    package static func read(from folder: String, settings: String?) throws(BuildError) -> BuildPlan {
        var reader = BuildPlanReader(source: SourceFolder(path: folder))
        return try reader.read(settings: settings)
    }

    /// As `read(from:settings:)`, of a commit in a repository: nothing is exported.
    package static func read(
        _ commit: ObjectID, in repository: Repository, settings: String?
    ) throws(BuildError) -> BuildPlan {
        var reader = BuildPlanReader(source: SourceFolder(commit: commit, in: repository))
        return try reader.read(settings: settings)
    }

    /// Checks settings before they are stored for an app, as far as that goes without a commit.
    ///
    /// - Throws: `BuildError` as `read` does.
    package static func check(settings: String) throws(BuildError) {
        let file = try MartletFile(settings, name: "settings")
        guard let build = file.build else { return }
        let context = try build.context() ?? ""
        _ = try build.watch()
        switch try build.method() {
        case "dockerfile": _ = try build.dockerfile()
        case "command": _ = try build.command()
        case "buildpack": _ = try build.buildpack(context: context)
        default: break
        }
    }

    /// The refusal of a tree that says nowhere how it is built, and in which no buildpack found anything either.
    ///
    /// - Parameters:
    ///   - context: the folder that is built; empty for the top.
    ///   - detected: what the buildpacks looked for, such as `python (requirements.txt, pyproject.toml)`.
    /// - Returns: an error whose hint has several lines: what was looked for, and the three lines that would do.
    package static func nothingFound(context: String, detected: [String]) -> BuildError {
        let place = context.isEmpty ? "at the top of the repository" : "in '\(Setting.shown(context))'"
        let files = [settingsFile, PaastechFile.name, ProjectFile.name, "Dockerfile"].joined(separator: ", ")
        var lines = ["looked for: \(files)"]
        if !detected.isEmpty { lines.append("no buildpack found its files: \(detected.joined(separator: ", "))") }
        lines += [
            "these three lines in a file '\(settingsFile)' at the top of the repository would do:",
            "  build:",
            "    commands: [make]",
            "    start: ./serve",
            "or these in a file 'Dockerfile' \(place):",
            "  FROM debian:12",
            "  COPY . /app",
            "  CMD [\"/app/serve\"]",
        ]
        return BuildError("nothing \(place) says how to build the app", hint: lines.joined(separator: "\n"))
    }
}
