package import Docker
package import Foundation
import Platform

/// Builds images by the methods that need nothing but BuildKit: the repository's Dockerfile, or shell commands.
package struct ImageMethodBuilder: Sendable {
    private let images: ImageBuilder
    private let docker: DockerClient
    private let installation: UUID
    private let folder: String
    private let authorities: String?

    /// - Parameters:
    ///   - installation: marks images as this installation's.
    ///   - folder: for generated Dockerfiles and a key; made if need be, closed to other users.
    ///   - authorities: the path of the certificates that this machine trusts; without effect when there is no file.
    package init(
        images: ImageBuilder, docker: DockerClient, installation: UUID, folder: String,
        authorities: String = "/etc/ssl/certs/ca-certificates.crt"
    ) {
        self.images = images
        self.docker = docker
        self.installation = installation
        self.folder = folder
        self.authorities = FileManager.default.fileExists(atPath: authorities) ? authorities : nil
    }

    /// Builds the image and names it `source.imageName`. Every line goes to `log`.
    ///
    /// A Dockerfile gets the app's build-scoped config variables as secrets: each by its name, all together as `env`, a
    /// file of `export NAME='VALUE'` lines, and this machine's certificates as `ca`. Commands have them in their
    /// environment. The log masks their values.
    ///
    /// - Parameters:
    ///   - context: the folder into which the commit's whole tree was exported; `plan.context` is below it.
    ///   - stack: the image that commands begin with when the plan names none.
    /// - Throws: `BuildError` when the plan, the source or a step is at fault; `CancellationError`, with the build stopped.
    package func build(
        plan: BuildPlan, source: BuildSource, context: String, stack: String, log: any BuildOutput
    ) async throws -> ImageDescription {
        let place = try ContextPath.resolve(plan.context, in: context, "folder")
        let log = MaskedOutput(log, secrets: source.variables.values)
        return switch plan.method {
        case .dockerfile(let dockerfile): try await build(dockerfile, source, place, log)
        case .command(let command): try await build(command, plan.port, source, place, stack, log)
        case .buildpack: throw BuildError("buildpacks are not built from a Dockerfile")
        }
    }

    private func build(_ plan: DockerfilePlan, _ source: BuildSource, _ context: String, _ log: any BuildOutput)
        async throws -> ImageDescription
    {
        let file = try ContextPath.resolve(plan.file, in: context, "Dockerfile")
        guard let contents = FileManager.default.contents(atPath: file) else {
            throw BuildError("'\(plan.file)' is a folder, not a Dockerfile", hint: "name the file itself")
        }
        let variables = try BuildVariables(source.variables)
        let text = DockerfileText(String(decoding: contents, as: UTF8.self))
        for remark in text.remarks(on: variables.names) { await log.detail(remark) }
        var recipe = recipe(source, context: context, dockerfile: file)
        recipe.target = plan.target
        recipe.secrets = try variables.secrets(authorities: authorities)
        return try await images.build(recipe, log: log)
    }

    private func build(
        _ plan: CommandPlan, _ port: Int?, _ source: BuildSource, _ context: String, _ stack: String,
        _ log: any BuildOutput
    ) async throws -> ImageDescription {
        let base = plan.base ?? stack
        let variables = try BuildVariables(source.variables)
        let place = try GeneratedFolder(in: folder)
        defer { place.remove() }
        let dockerfile = try CommandDockerfile(
            plan, base: base, port: port, user: try await user(of: base), app: source.cache,
            hasAuthorities: authorities != nil,
            digest: variables.names.isEmpty ? "" : variables.digest(try CacheKey.load("\(folder)/cache.key")))
        try place.write(try dockerfile.text())
        var recipe = recipe(source, context: context, dockerfile: place.dockerfile)
        recipe.secrets = try variables.secrets(authorities: authorities)
        recipe.title = dockerfile.title
        recipe.honoursIgnoreFile = false
        await log.detail("on the image \(base)")
        return try await images.build(recipe, log: log)
    }

    /// As whom to run on an image. One that is not here yet is not known: its user will be made.
    private func user(of base: String) async throws -> ImageUser {
        guard ImageName.isValid(base) else { return .usual }
        return ImageUser(declared: try await docker.inspectImage(base)?.user ?? "")
    }

    private func recipe(_ source: BuildSource, context: String, dockerfile: String) -> ImageRecipe {
        var recipe = ImageRecipe(context: context, dockerfile: dockerfile, tag: source.imageName)
        recipe.labels = ["martlet.installation": installation.text, "martlet.app": source.app.id.text]
        recipe.noCache = source.noCache
        return recipe
    }
}
