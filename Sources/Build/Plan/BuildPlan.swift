package import Platform

/// What is to be made of a commit, and how.
package struct BuildPlan: Sendable, Equatable {
    package enum Method: Sendable, Equatable {
        case dockerfile(DockerfilePlan)
        case command(CommandPlan)
        case buildpack(BuildpackPlan)
    }

    package var method: Method
    /// The folder of the repository that is built, such as `services/api`; empty for its top.
    package var context = ""
    /// Patterns of paths below the repository's top: a push that touches none of them deploys nothing. Empty when
    /// every push is built.
    package var watch: [String] = []
    /// The files to serve; nil for an app that runs.
    package var site: SitePlan?
    /// The processes that the files declare; empty for what the image itself starts. The image starts those that have no
    /// command: `web` or, with buildpacks, what they declare.
    package var processes: [ProcessDeclaration] = []
    /// The path that answers 2xx or 3xx once a web process is ready; nil for a TCP check.
    package var healthPath: String?
    /// The TCP port on which the web process listens; nil for the one that the image exposes, or else 5000.
    package var port: Int?
    /// How the app's database is brought in line; nil when nothing is said of that.
    package var migration: MigrationPlan?
    /// The config variables that the files name.
    package var variables: [VariableDeclaration] = []
    /// How requests are to be treated; nil when nothing is said of that.
    package var routing: RoutingSettings?
    /// What the person who pushes should know, a line each, such as keys that mean nothing here.
    package var remarks: [String] = []

    package init(_ method: Method) { self.method = method }
}

/// A build with the repository's own Dockerfile.
package struct DockerfilePlan: Sendable, Equatable {
    /// Its path below the context.
    package var file = "Dockerfile"
    /// The stage that is built; nil for the last one.
    package var target: String?

    package init() {}
}

/// A build with shell commands on a base image.
package struct CommandPlan: Sendable, Equatable {
    /// The image that it begins with; nil for the stack image.
    package var base: String?
    /// Shell commands, run one after the other in the folder of the app.
    package var commands: [String] = []
    /// The shell command of the web process; nil when the processes say it, or only files are served.
    package var start: String?
    /// Absolute paths of folders that are kept from build to build, beside those of the usual package programs.
    package var caches: [String] = []

    package init() {}
}

/// A build with Cloud Native Buildpacks.
package struct BuildpackPlan: Sendable, Equatable {
    /// What was asked for, in order: IDs such as `martlet/python` or `martlet/python@1.0.0`, paths below the context
    /// such as `./buildpacks/mine` or `mine.tgz`. Empty when those that come with Martlet are to find out.
    package var buildpacks: [String] = []
    /// An image with buildpacks and a lifecycle of its own; nil for Martlet's.
    package var builder: String?
    /// What the buildpacks are told, by name; not secret.
    package var environment: [String: String] = [:]
    /// Patterns as in `.gitignore`: only these files are built; empty for all. Not together with `excluded`.
    package var included: [String] = []
    /// Patterns as in `.gitignore` of files that are not built.
    package var excluded: [String] = []

    package init() {}
}

/// Files that are served as they are.
package struct SitePlan: Sendable, Equatable {
    /// The folder with the files: below the app's folder in the image, or absolute.
    package var folder: String
    /// Whether a path without a file is answered with `index.html`, as single-page apps want it.
    package var isSinglePage = false

    package init(folder: String) { self.folder = folder }
}
