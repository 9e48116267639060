import Docker
import Foundation
import Platform
import TestKit
import Testing

@testable import Build

@Suite(.enabled(if: Requirement.docker, "needs Docker"), .serialized, .timeLimit(.minutes(3)))
struct BuildpackBuilderTests {
    @Test func `two buildpacks make an image whose processes have what the layers say`() async throws {
        try await LifecycleFixture.with { fixture in
            try fixture.write(
                "buildpacks/order.toml",
                """
                [[order]]
                [[order.group]]
                id = "test/tool"
                [[order.group]]
                id = "test/app"
                """)
            try fixture.buildpack(
                "test/tool", detect: "printf '[[provides]]\\nname = \"tool\"\\n' > \"$CNB_BUILD_PLAN_PATH\"",
                build: """
                    layer=$CNB_LAYERS_DIR/tool
                    mkdir -p $layer/bin $layer/env $layer/env.build $layer/env.launch/worker $layer/exec.d
                    printf '#!/bin/sh\\necho the tool\\n' > $layer/bin/tool
                    chmod +x $layer/bin/tool
                    printf 'a b' > $layer/env/BOTH
                    printf 'only build' > $layer/env.build/BUILD.default
                    printf 'two' > $layer/env.launch/LIST.append
                    printf ':' > $layer/env.launch/LIST.delim
                    printf 'worker' > $layer/env.launch/worker/KIND
                    cp $CNB_BUILDPACK_DIR/set $layer/exec.d/set
                    printf '[types]\\nlaunch = true\\nbuild = true\\n' > $layer.toml
                    mkdir $CNB_LAYERS_DIR/scratch
                    grep -q 'version = "7"' "$CNB_BP_PLAN_PATH"
                    cat $CNB_PLATFORM_DIR/env/SECRET > /dev/null
                    """)
            try fixture.write(
                "buildpacks/test_tool/set",
                #"""
                #!/bin/sh
                echo noise
                cat >&3 <<END
                # what the buildpack found out
                FROM_EXEC = "it's \"$BOTH\" \$(id) \u00fc\n"
                END
                """#, mode: 0o755)
            try fixture.buildpack(
                "test/app",
                detect: "printf '[[requires]]\\nname = \"tool\"\\n[requires.metadata]\\nversion = \"7\"\\n' > $2",
                build: """
                    tool; echo "build has $BOTH, $BUILD"; ls /layers/test_tool
                    cat > $CNB_LAYERS_DIR/launch.toml <<'END'
                    [[labels]]
                    key = "shop.kind"
                    value = "test"
                    [[processes]]
                    type = "web"
                    command = ["sh", "-c", 'tool; echo "$BOTH|${BUILD-}|$LIST|${KIND-}|$FROM_EXEC"; echo "$@"; pwd; id -u; ls -ln', "web"]
                    args = ["one", "t w o"]
                    default = true
                    [[processes]]
                    type = "worker"
                    command = ["sh", "-c", 'echo "worker $KIND"']
                    working-dir = "/tmp"
                    END
                    """)
            let product = try await fixture.build(variables: ["SECRET": "hidden"])
            #expect(product.processes.map(\.type) == ["web", "worker"])
            #expect(product.processes.first?.entrypoint == ["/cnb/process/web"])
            #expect(product.image.labels["shop.kind"] == "test")
            #expect(product.image.labels["martlet.app"] == fixture.app.id.text)
            #expect(product.image.entrypoint == ["/cnb/process/web"])
            #expect(product.image.user == "1001:1001")
            #expect(fixture.log.contains("       the tool"))
            #expect(fixture.log.contains("build has a b, only build"))
            #expect(fixture.log.contains("scratch.ignore"))
            #expect(!fixture.log.contains("hidden"))
            let web = try await fixture.output(product.image, environment: ["LIST": "one"])
            #expect(web.contains("the tool"))
            #expect(web.contains("a b||one:two||it's \"a b\" $(id) ü"))
            #expect(web.contains("one t w o"))
            #expect(web.contains("/workspace"))
            #expect(web.contains("1001"))
            #expect(web.contains { $0.contains("1001     1001") && $0.hasSuffix("1980 index") })
            let replaced = try await fixture.output(product.image, ["other"])
            #expect(replaced.contains("other"))
            let worker = try await fixture.output(product.image, entrypoint: ["/cnb/process/worker"])
            #expect(worker.contains("worker worker"))
            let direct = try await fixture.output(
                product.image, entrypoint: ["/cnb/lifecycle/launcher"], ["--", "sh", "-c", "echo $BOTH"])
            #expect(direct == ["noise", "a b"])
        }
    }
    /// A buildpack that makes a layer of each kind, and says what it found of the last build.
    private let keeper = """
        cd $CNB_LAYERS_DIR
        for layer in deps cached; do
            [ -f $layer.toml ] && echo "$layer.toml is there" || true
            [ -d $layer ] && echo "$layer is there" || true
        done
        grep -s runs store.toml || true
        printf '[metadata]\\nruns = 1\\n' > store.toml
        mkdir -p cached; echo x >> cached/log; wc -l < cached/log
        printf '[types]\\ncache = true\\n' > cached.toml
        if grep -qs 'version = "1"' deps.toml; then
            printf '[types]\\nlaunch = true\\n[metadata]\\nversion = "1"\\n' > deps.toml
            echo "deps are used again"
        else
            mkdir -p deps/bin; printf '#!/bin/sh\\necho dep\\n' > deps/bin/dep; chmod +x deps/bin/dep
            printf '[types]\\nlaunch = true\\n[metadata]\\nversion = "1"\\n' > deps.toml
        fi
        printf '[[processes]]\\ntype = "web"\\ncommand = ["dep"]\\n' > launch.toml
        """

    @Test func `unchanged source gives the same image, whatever the cache holds and however old its files are`()
        async throws
    {
        try await LifecycleFixture.with { fixture in
            try fixture.buildpack("test/keeper", build: keeper)
            let first = try await fixture.build(["test/keeper"], number: 1)
            #expect(!fixture.log.contains("is there"))
            let second = try await fixture.build(["test/keeper"], number: 2)
            #expect(second.image.id == first.image.id)
            #expect(fixture.log.contains("deps.toml is there"))
            #expect(!fixture.log.contains("deps is there"))
            #expect(fixture.log.contains("cached is there"))
            #expect(fixture.log.contains("deps are used again"))
            #expect(fixture.log.contains("runs = 1"))
            let third = try await fixture.build(["test/keeper"], number: 3, noCache: true)
            #expect(third.image.id == first.image.id)
            #expect(try await fixture.output(third.image) == ["dep"])
            let changed = try await fixture.build(["test/keeper"], number: 4, files: ["index": "other"])
            #expect(changed.image.id != first.image.id)
            #expect(changed.image.layers.dropLast() == first.image.layers.dropLast())
        }
    }

    @Test func `a launch layer is used again when the layers below it are others now`() async throws {
        try await LifecycleFixture.with { fixture in
            try fixture.buildpack("test/keeper", build: keeper)
            try fixture.buildpack(
                "test/below",
                build: """
                    mkdir -p $CNB_LAYERS_DIR/l; cp /workspace/index $CNB_LAYERS_DIR/l/index
                    printf '[types]\\nlaunch = true\\n' > $CNB_LAYERS_DIR/l.toml
                    """)
            let both = ["test/below", "test/keeper"]
            let first = try await fixture.build(both, number: 1)
            let second = try await fixture.build(both, number: 2, files: ["index": "other"])
            #expect(fixture.log.contains("deps are used again"))
            #expect(first.image.layers[1] != second.image.layers[1])
            #expect(first.image.layers[2] == second.image.layers[2])
            #expect(try await fixture.output(second.image) == ["dep"])
        }
    }

    @Test func `every line of a build is shown, in order, however slow the log is`() async throws {
        try await LifecycleFixture.with { fixture in
            try fixture.buildpack("test/many", build: "seq 50000; echo; echo; printf end")
            fixture.log.pause = (line: "       40000", for: .seconds(4))
            try await fixture.build(["test/many"])
            let shown = fixture.log.all.compactMap { Int($0.dropFirst(7)) }
            #expect(shown.count == 50000)
            #expect(shown == Array(1...50000))
            #expect(fixture.log.all.contains("       end"))
            #expect(fixture.log.all.filter { $0 == "       " }.count == 2)
        }
    }

    @Test func `the cache of an app is bounded and cleared, and its next build knows`() async throws {
        try await LifecycleFixture.with { fixture in
            try fixture.buildpack("test/keeper", build: keeper)
            try await fixture.build(["test/keeper"], number: 1)
            let (caches, app) = (fixture.caches, fixture.app.id)
            #expect(try await caches.bound(app, to: 1 << 30) == nil)
            #expect(caches.name(of: app) == app && !caches.isCleared(app))
            #expect(try await caches.clear(app) > 0)
            #expect(caches.name(of: app) != app && caches.isCleared(app))
            try caches.used(by: app)
            #expect(!caches.isCleared(app))
            try await fixture.build(["test/keeper"], number: 2)
            #expect(!fixture.log.contains("is there"))
        }
    }

    @Test func `a buildpack that asks for another API is refused by name`() async throws {
        try await LifecycleFixture.with { fixture in
            try fixture.buildpack("x/y", api: "0.4")
            try fixture.buildpack("test/fine", detect: "exit 100")
            let error = await fixture.failure(["x/y"]) as? BuildError
            #expect(
                error?.description == "buildpack 'x/y@1.0.0' asks for Buildpack API 0.4; this server speaks 0.8 to 0.12"
            )
            // It does not stop builds that do not ask for it.
            #expect(await fixture.failure() is NothingDetected)
        }
    }

    @Test func `when no buildpack detects, each one's verdict is told`() async throws {
        try await LifecycleFixture.with { fixture in
            try fixture.buildpack("test/a", detect: "exit 100")
            try fixture.buildpack("test/b", detect: "echo broken; exit 3")
            let error = await fixture.failure() as? NothingDetected
            #expect(error?.findings.map(\.description) == ["test/a@1.0.0: fail", "test/b@1.0.0: err (3)"])
            #expect(fixture.log.contains("       broken"))
        }
    }

    @Test func `a build that fails names the buildpack, and leaves nothing`() async throws {
        try await LifecycleFixture.with { fixture in
            try fixture.buildpack("test/a", build: "echo on the way; exit 7")
            let error = await fixture.failure(["test/a"]) as? BuildError
            #expect(error?.description == "buildpack 'test/a@1.0.0' failed: 'bin/build' exited with 7")
            #expect(fixture.log.contains("       on the way"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.settings.work).isEmpty)
            #expect(try await fixture.docker.inspectImage(fixture.source(1).imageName) == nil)
        }
    }

    @Test func `an archive in the repository may hold a composite buildpack with its parts`() async throws {
        try await LifecycleFixture.with { fixture in
            let process = "printf '[[processes]]\\ntype = \"%s\"\\ncommand = [\"echo\", \"%s\"]\\n'"
            let build = { (name: String) in "\(process) \(name) \(name) > $CNB_LAYERS_DIR/launch.toml" }
            try fixture.buildpack("my/a", in: "pack/cnb/buildpacks/my_a/1.0.0", detect: "exit 100")
            try fixture.buildpack("my/b", in: "pack/cnb/buildpacks/my_b/1.0.0", build: build("web"))
            try fixture.buildpack("test/server", build: build("worker"))
            try fixture.buildpack(
                "my/all", in: "pack/cnb/buildpacks/my_all/1.0.0",
                toml: """
                    [[order]]
                    [[order.group]]
                    id = "my/a"
                    version = "1.0.0"
                    [[order]]
                    [[order.group]]
                    id = "my/b"
                    version = "1.0.0"
                    """)
            try fixture.write("source-1/index", "hello")
            let archive = "\(fixture.scratch.path)/source-1/mine.tgz"
            _ = try await Command(["tar", "-czf", archive, "-C", "\(fixture.scratch.path)/pack", "cnb"]).run()
            let product = try await fixture.build(["mine.tgz", "test/server"])
            #expect(product.processes.map(\.type) == ["web", "worker"])
            #expect(try await fixture.output(product.image) == ["web"])
        }
    }

    @Test(arguments: ["./packs/link", "../outside", "/etc", "./none", "docker://x/y", "./packs/broken.tgz"])
    func `a buildpack of the repository is a folder or an archive in it`(path: String) async throws {
        try await LifecycleFixture.with { fixture in
            try fixture.write("source-1/packs/broken.tgz", "no archive")
            try FileManager.default.createSymbolicLink(
                atPath: "\(fixture.scratch.path)/source-1/packs/link", withDestinationPath: "/etc")
            #expect(await fixture.failure([path]) is BuildError)
        }
    }
}
