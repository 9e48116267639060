import Testing

@testable import Build

@Suite struct PlainProgressTests {
    /// What is shown of an output; a program's lines begin with a bar.
    private static func show(_ output: String, _ progress: inout PlainProgress) -> [String] {
        var shown: [ProgressLine] = []
        for line in output.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            shown += progress.take(Array(line))
        }
        return (shown + progress.pause()).map { line in
            switch line {
            case .said(let text): text
            case .printed(let bytes): "| " + String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    @Test func `steps, their output and their time are shown, BuildKit's own work is not`() {
        var progress = PlainProgress()
        let shown = Self.show(
            """
            #1 [internal] load build definition from Dockerfile
            #1 sha256:5e1d
            #1 transferring dockerfile: 80B done
            #1 DONE 0.0s

            #4 [1/3] FROM docker.io/library/python:3.12
            #4 CACHED

            #5 [2/3] COPY . .
            #5 sha256:77aa
            #5 CACHED

            #6 [3/3] RUN make all
            #6 sha256:77ab
            #6 0.421 compiling #1
            #6 0.500 
            #6 DONE 1.6s

            #7 exporting to image
            #7 DONE 3.0s
            """, &progress)
        #expect(
            shown == [
                "Step 1/3: FROM python:3.12", "Step 2/3: COPY . . (cached)", "Step 3/3: RUN make all", "| compiling #1",
                "| ", "Step 3/3 done (1.6 s)",
            ])
        #expect(progress.failure == nil)
        #expect(progress.summary == "1 of 2 steps cached")
    }

    @Test func `lines of stages that run at the same time are told apart`() {
        var progress = PlainProgress()
        #expect(
            Self.show(RecordedOutput.parallelStages, &progress) == [
                "Step two 1/2: FROM martlet/busybox",
                "Step one 2/2: RUN sleep 0.5; echo one; sleep 0.5; echo one2; sleep 1; echo one3", "| one", "| one2",
                "Step two 2/2: RUN echo two; sleep 0.8; echo two2; sleep 1; echo two3", "| two", "| two2", "| two3",
                "Step two 2/2 done (2.3 s)", "Step one 2/2, continued:", "| one3", "Step one 2/2 done (2.5 s)",
                "Step stage-2 2/3: COPY --from=one /etc/passwd /p1",
                "Step stage-2 3/3: COPY --from=two /etc/passwd /p2",
            ])
        #expect(progress.summary == "0 of 4 steps cached")
    }

    @Test func `bytes that a program prints are left alone, and a last line without a line feed is whole`() {
        var progress = PlainProgress()
        let shown = Self.show(RecordedOutput.colours, &progress)
        #expect(shown.suffix(4) == ["| \u{1B}[31mred\u{1B}[0m", "| err", "| 1%\r2%", "| no newline"])
    }

    @Test func `a step that begins is shown before it prints anything`() {
        var progress = PlainProgress()
        #expect(Self.show("#5 [2/2] RUN sleep 60\n#5 sha256:5e1d", &progress) == ["Step 2/2: RUN sleep 60"])
    }

    @Test func `what BuildKit leaves out of the output is said`() {
        var progress = PlainProgress()
        let shown = Self.show(
            "#5 [2/2] RUN yes\n#5 0.5 y\n#5 0.541 [output clipped, log limit 200KiB/s reached]", &progress)
        #expect(
            shown.suffix(2) == [
                "| y", "(output left out: the step printed more than the 200KiB/s that BuildKit keeps)",
            ])
    }

    @Test func `titles of one's own stand for steps, and those without one are hidden`() {
        var progress = PlainProgress { step in
            step.number == 2 ? StepTitle(position: "1/1", command: "make") : nil
        }
        let shown = Self.show(
            "#4 [1/2] COPY . /app\n#4 DONE 4.0s\n#5 [2/2] RUN [\"/bin/sh\"]\n#5 0.1 made\n#5 ERROR: exit code: 2",
            &progress)
        #expect(shown == ["Step 1/1: make", "| made"])
        #expect(progress.failure?.description == "'make' exited with 2")
    }

    @Test(arguments: [
        (RecordedOutput.missingCommand, "'RUN nosuchcommand' exited with 127", "/bin/sh -c nosuchcommand"),
        (RecordedOutput.denied, "'RUN /a' exited with 126", "/bin/sh -c /a"),
        (RecordedOutput.missingFile, "'COPY nofile /x': \"/nofile\" not found: not found", nil),
        (
            RecordedOutput.missingSecret,
            "'RUN --mount=type=secret,id=nope,required=true cat /run/secrets/nope': secret nope not found: not found",
            nil
        ),
        (RecordedOutput.unknownInstruction, "dockerfile parse error line 2: unknown instruction: FORM", nil),
        (RecordedOutput.missingStage, "target stage nope could not be found", nil),
    ])
    func `a failure is named in a line`(output: String, line: String, program: String?) {
        var progress = PlainProgress()
        _ = Self.show(output, &progress)
        #expect(progress.failure?.description == line)
        #expect(progress.failure?.program == program)
    }

    @Test func `the words of a failure may have several lines`() {
        var progress = PlainProgress()
        let shown = Self.show(
            """
            #5 [2/2] RUN ["/bin/sh","-c","a\\nb"]
            #5 0.3 no
            #5 ERROR: executor failed running [/bin/sh -c a
            b]: exit code: 2
            ------
             > [2/2] RUN:
            #5 0.3 no
            ------
            executor failed running [/bin/sh -c a
            b]: exit code: 2
            """, &progress)
        #expect(shown.last == "| no")
        #expect(progress.failure?.program == "/bin/sh -c a\nb")
        #expect(progress.failure?.exitCode == 2)
    }

    @Test func `the last lines of a failed step are kept, and it is known whether they are on top`() {
        var progress = PlainProgress()
        let many = (1...30).map { "#5 0.1 line \($0)" }.joined(separator: "\n")
        _ = Self.show("#5 [a 2/2] RUN a\n#6 [b 2/2] RUN b\n\(many)\n#6 0.2 other\n#5 ERROR: exit code: 1", &progress)
        #expect(progress.failure?.lastLines == (11...30).map { "line \($0)" })
        #expect(progress.failure?.isBuried == true)
    }

    @Test func `the first step that fails is the cause`() {
        var progress = PlainProgress()
        _ = Self.show("#5 [2/3] RUN a\n#5 ERROR: exit code: 1\n#6 [3/3] RUN b\n#6 ERROR: context canceled", &progress)
        #expect(progress.failure?.description == "'RUN a' exited with 1")
    }

    @Test(arguments: [
        ("Docker version 20.10.24+dfsg1, build 297e128", 20), ("Docker version 28.2.2, build e6534b4", 28),
    ])
    func `the client's version is read`(text: String, major: Int) {
        #expect(DockerCommand.majorVersion(text) == major)
        #expect(DockerCommand.majorVersion("podman") == nil)
    }
}
