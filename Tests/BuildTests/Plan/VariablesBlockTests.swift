import GitWire
import Testing

@testable import Build
@testable import Platform

/// Config variables and routing that a repository declares.
@Suite struct VariablesBlockTests {
    @Test func `a variable has a value, is required or is generated`() throws {
        let yaml = """
            variables:
              LEVEL: info
              EMPTY: ''
              URL: {description: "where\\n it is", required: true}
              THREADS: {value: 4}
              KEY: {generate: secret}
              NOTE: {description: optional}
            """
        #expect(
            try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": yaml]).variables == [
                VariableDeclaration(name: "LEVEL", value: "info"), VariableDeclaration(name: "EMPTY", value: ""),
                VariableDeclaration(name: "URL", description: "where it is", isRequired: true),
                VariableDeclaration(name: "THREADS", value: "4"), VariableDeclaration(name: "KEY", isGenerated: true),
                VariableDeclaration(name: "NOTE", description: "optional"),
            ])
    }

    @Test(arguments: [
        ("A: ", "'A' has no value; give it a default one, or say 'A: {required: true}'"),
        ("A: [1]", "'A' takes a text, as in 'A: text'"),
        ("A: {requird: true}", "'requird' is no key of 'A'; did you mean 'required'?"),
        ("A: {value: 1, generate: secret}", "'A' has 'value' and 'generate'; keep one"),
        ("A: {value: 1, required: true}", "'A' is never missing with 'value'; leave out that or 'required'"),
        ("A: {generate: number}", "'generate' takes 'secret', as in 'generate: secret'"),
        ("A: {required: 1}", "'required' takes 'true' or 'false', as in 'required: true'"),
    ])
    func `a variable that cannot be is refused`(block: String, message: String) throws {
        let refusal = try TreeOfFiles.refusal(["Dockerfile": "", "martlet.yaml": "variables:\n  \(block)"])
        #expect(refusal == "martlet.yaml:2: \(message)")
    }

    @Test func `names are those that config takes`() throws {
        for name in ["PORT", "A-B", "MARTLET_X", "1A"] {
            let refusal = try TreeOfFiles.refusal(["Dockerfile": "", "martlet.yaml": "variables: {\(name): 1}"])
            #expect(refusal.hasPrefix("martlet.yaml:1: "))
            #expect(refusal.contains("'\(name)'"))
        }
    }

    @Test func `a build without its required variables is refused, with the commands that set them`() throws {
        let app = TestDocker.app()
        let variables = [VariableDeclaration(name: "URL", description: "where it is", isRequired: true)]
        let commit = try #require(ObjectID(String(repeating: "a", count: 40)))
        let without = BuildSource(app: app, number: 1, commit: commit, repository: "", noCache: false)
        #expect(
            throws: BuildError(
                "the required config variable URL (where it is) is not set", hint: "config set sample URL=VALUE")
        ) { try without.requireVariables(variables) }
        let with = BuildSource(
            app: app, number: 1, commit: commit, repository: "", noCache: false, variableNames: ["URL"])
        try with.requireVariables(variables)
    }

    @Test func `routing is read`() throws {
        let yaml = "routing: {body-size: 1G, timeout: 2m, protocol: grpc, https-redirect: false, hsts: 0}"
        let routing = try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": yaml]).routing
        var expected = RoutingSettings()
        expected.maxBodyBytes = 1 << 30
        expected.readTimeoutSeconds = 120
        expected.upstreamProtocol = .grpc
        expected.redirectsToHTTPS = false
        expected.hstsSeconds = 0
        #expect(routing == expected)
        #expect(try TreeOfFiles.plan(["Dockerfile": ""]).routing == nil)
    }

    @Test(arguments: [
        ("snippet: x", "'snippet' is no key of 'routing'"),
        ("timeout: 0", "'timeout' takes a time from 1 s to 1 d, as in 'timeout: 60s'"),
        (
            "protocol: http2",
            "'protocol' takes one of http, grpc, as in 'protocol: grpc', not 'http2'; did you mean 'http'?"
        ),
        ("body-size: big", "'body-size' takes a size from 0 bytes to 1024 GiB, as in 'body-size: 100M'"),
        ("hsts: 3y", "'hsts' takes a time from 0 s to 732 d, as in 'hsts: 1y'"),
    ])
    func `routing that cannot be is refused`(block: String, message: String) throws {
        let refusal = try TreeOfFiles.refusal(["Dockerfile": "", "martlet.yaml": "routing: {\(block)}"])
        #expect(refusal == "martlet.yaml:1: \(message)")
    }
}
