import Docker
import Foundation
import Platform
import TestKit
import Testing

@testable import Build

/// Builder images made here: their creator is a script, and talks to Docker through a small program.
@Suite(.enabled(if: Requirement.docker, "needs Docker"), .serialized, .timeLimit(.minutes(2)))
struct CreatorBuilderTests {
    /// Sends what it reads to the socket, and prints what comes back.
    private static let client = """
        #include <stdio.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <sys/un.h>
        #include <unistd.h>
        int main(void) {
            struct sockaddr_un name = {.sun_family = AF_UNIX};
            char buffer[4096];
            ssize_t count;
            int file = socket(AF_UNIX, SOCK_STREAM, 0);
            strcpy(name.sun_path, "/var/run/docker.sock");
            if (connect(file, (struct sockaddr *)&name, sizeof name) != 0) return 1;
            while ((count = read(0, buffer, sizeof buffer)) > 0)
                if (write(file, buffer, count) != count) return 1;
            while ((count = read(file, buffer, sizeof buffer)) > 0) write(1, buffer, count);
            return 0;
        }
        """

    /// Makes an image out of a Dockerfile's text and files. Returns its name.
    private func image(_ fixture: LifecycleFixture, _ name: String, _ text: String) async throws -> String {
        let tag = "martlet/\(fixture.app.id.text):\(name)"
        try fixture.write("\(name)/Dockerfile", "FROM \(TestDocker.image)\n\(text)\n")
        let label = "martlet.installation=\(fixture.settings.installation.text)"
        let result = try await Command(
            [
                "/usr/bin/docker", "build", "--quiet", "--tag", tag, "--label", label,
                "\(fixture.scratch.path)/\(name)",
            ], environment: ["DOCKER_BUILDKIT": "1"]
        ).run()
        #expect(result.status == 0, "\(result)")
        return tag
    }

    private func builder(_ fixture: LifecycleFixture, creator: String) async throws -> String {
        try fixture.write("builder/client.c", Self.client)
        let folder = "\(fixture.scratch.path)/builder"
        let result = try await Command(["cc", "-static", "-o", "\(folder)/client", "\(folder)/client.c"]).run()
        #expect(result.status == 0, "\(result)")
        try fixture.write("builder/creator", "#!/bin/sh\n\(creator)\n", mode: 0o755)
        let metadata =
            #"{"stack":{"runImage":{"image":"test/run"}},"lifecycle":{"apis":{"platform":{"supported":["0.3","0.9","0.13"]}}}}"#
        return try await image(
            fixture, "builder",
            """
            COPY creator /cnb/lifecycle/creator
            COPY client /bin/client
            LABEL io.buildpacks.builder.metadata='\(metadata)'
            """)
    }

    @Test func `a builder's own creator makes the image`() async throws {
        try await LifecycleFixture.with { fixture in
            let metadata =
                #"{"processes":[{"type":"web","command":["x"],"args":[]},{"type":"worker","command":"y","direct":true}]}"#
            let result = try await image(
                fixture, "result",
                "LABEL io.buildpacks.build.metadata='\(metadata)'\nENTRYPOINT [\"/cnb/process/web\"]\nEXPOSE 8080")
            let builder = try await builder(
                fixture,
                creator: """
                    echo "creator $*"; echo "platform $CNB_PLATFORM_API"; id -u
                    cat /platform/env/TOKEN | wc -c; cat /workspace/index; touch /cache/x /launch-cache/x /layers/x
                    for tag; do :; done
                    name=${tag%:*}; version=${tag##*:}
                    printf 'POST /v1.41/images/%s/tag?repo=%s&tag=%s HTTP/1.1\\r\\nHost: d\\r\\nConnection: close\\r\\n\\r\\n' \
                        \(result) "$name" "$version" | client
                    """)
            let product = try await fixture.build(variables: ["TOKEN": "hidden"]) { $0.builder = builder }
            #expect(
                fixture.log.contains(
                    "creator -daemon -app /workspace -layers /layers -platform /platform -cache-dir /cache"))
            #expect(fixture.log.contains("-run-image test/run \(fixture.source(1).imageName)"))
            #expect(fixture.log.contains("       platform 0.9"))
            #expect(product.processes.map(\.type) == ["web", "worker"])
            #expect(product.processes.last?.entrypoint == ["/cnb/process/worker"])
            #expect(product.image.labels["martlet.app"] == fixture.app.id.text)
            #expect(product.image.exposedPorts == [8080])
            #expect(product.image.entrypoint == ["/cnb/process/web"])
            #expect(try await fixture.docker.inspectImage(fixture.source(1).imageName) == product.image)
        }
    }

    @Test(arguments: [
        (20, "none of its buildpacks detected the app"), (51, "a buildpack failed"), (7, "its last lines say why"),
    ])
    func `a creator that fails is explained`(code: Int, hint: String) async throws {
        try await LifecycleFixture.with { fixture in
            let builder = try await builder(fixture, creator: "exit \(code)")
            let error = await fixture.failure { $0.builder = builder } as? BuildError
            #expect(error == BuildError("the builder failed: its creator exited with \(code)", hint: hint))
        }
    }

    @Test func `a builder that cannot be had is told`() async throws {
        try await LifecycleFixture.with { fixture in
            let error = await fixture.failure { $0.builder = "127.0.0.1:1/none/builder" } as? BuildError
            #expect(error?.description.hasPrefix("no builder image '127.0.0.1:1/none/builder': ") == true)
            #expect(fixture.log.contains("-----> Pulling the builder"))
        }
    }
}
