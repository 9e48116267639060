import Testing

@testable import Build

@Suite struct PlainProgressTests {
    @Test func `steps and their output are shown, BuildKit's own work is not`() {
        var progress = PlainProgress()
        let shown = """
            #1 [internal] load build definition from Dockerfile
            #1 sha256:5e1d
            #1 transferring dockerfile: 80B done
            #1 DONE 0.0s

            #4 [1/2] FROM docker.io/martlet/busybox
            #4 CACHED
            #5 [2/2] RUN make all
            #5 sha256:77aa
            #5 0.421 compiling #1
            #5 0.500
            #5 DONE 0.6s
            #6 exporting to image
            #6 DONE 0.0s
            """.split(separator: "\n", omittingEmptySubsequences: false).compactMap { progress.show(String($0)) }
        #expect(
            shown == ["Step 1/2: FROM docker.io/martlet/busybox", "(cached)", "Step 2/2: RUN make all", "compiling #1"])
        #expect(progress.failure == nil)
    }

    @Test func `a failed step is named with its exit status`() {
        var progress = PlainProgress()
        let shown = """
            #5 [2/2] RUN make
            #5 0.3 no rule
            #5 ERROR: executor failed running [/bin/sh -c make]: exit code: 2
            ------
             > [2/2] RUN make:
            ------
            executor failed running [/bin/sh -c make]: exit code: 2
            """.split(separator: "\n", omittingEmptySubsequences: false).compactMap { progress.show(String($0)) }
        #expect(shown == ["Step 2/2: RUN make", "no rule"])
        #expect(progress.failure == "'RUN make' exited with 2")
    }

    @Test func `a Dockerfile that cannot be read explains itself`() {
        var progress = PlainProgress()
        #expect(
            progress.show(
                "failed to solve with frontend dockerfile.v0: failed to create LLB definition: unknown instruction: FORM"
            ) == nil)
        #expect(progress.failure == "unknown instruction: FORM")
    }

    @Test(arguments: [
        ("Docker version 20.10.24+dfsg1, build 297e128", 20), ("Docker version 28.2.2, build e6534b4", 28),
    ])
    func `the client's version is read`(text: String, major: Int) {
        #expect(DockerCommand.majorVersion(text) == major)
        #expect(DockerCommand.majorVersion("podman") == nil)
    }
}
