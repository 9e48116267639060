import GitWire
import Testing

/// What clients say before the pack, as `git receive-pack` takes it.
@Suite struct WireTests {
    private static let push = ["c2 c3 refs/heads/main", "0 c1 refs/heads/new"]

    @Test func `capabilities may be sent in any form`() async throws {
        let world = try await World.shared
        let forms = [
            " report-status", "report-status", "report-status\n", " report-status ", "  report-status   side-band-64k",
            "report-status report-status side-band-64k side-band-64k", "side-band-64k", "", " ", "\n",
            " report-status-v2 side-band-64k", "report-status report-status-v2", " report-status-v2\n",
            "quiet report-status side-band-64k", "unknown=1 report-status other", "report-statusx side-band-64kx",
            "agent=x report-status=1 side-band-64k", "side-band report-status", "delete-refs ofs-delta report-status",
            "report-status agent=a\u{1}b session-id=\u{7f}", "REPORT-STATUS", "report-status\tside-band-64k",
            "report-status\0side-band-64k", "object-format=sha1 report-status", "no-thin report-status atomic=1",
        ]
        try await check(
            forms.map {
                Case(name: "capabilities '\($0)'", transcript: try world.push(Self.push, capabilities: $0, pack: "c3"))
            })
    }

    @Test func `a client without capabilities is served in silence`() async throws {
        let world = try await World.shared
        try await check([
            Case(name: "no NUL", transcript: try world.push(Self.push, capabilities: nil, pack: "c3")),
            Case(
                name: "no NUL, one command",
                transcript: try world.push(["c2 c3 refs/heads/main"], capabilities: nil, pack: "c3")),
            Case(
                name: "delete without capabilities",
                transcript: try world.push(["c1 0 refs/heads/old"], capabilities: nil, pack: nil)),
        ])
    }

    @Test func `an object format that is not ours ends the conversation`() async throws {
        let world = try await World.shared
        try await check(
            ["object-format=sha256", "object-format=", "object-format=sha1 object-format=sha256"].map {
                Case(name: $0, transcript: try world.push(Self.push, capabilities: "report-status \($0)", pack: "c3"))
            })
    }

    @Test func `commands may end in a line feed, and capabilities may follow any of them`() async throws {
        let world = try await World.shared
        let main = try world.command("c2 c3 refs/heads/main")
        let new = try world.command("0 c1 refs/heads/new")
        let pack = try world.pack("c3")
        var later = Transcript([main], capabilities: nil, flush: false)
        later.add(new, capabilities: "report-status")
        later.flush()
        var both = Transcript([main], capabilities: "report-status", flush: false)
        both.add(new, capabilities: "side-band-64k")
        both.flush()
        var atomic = Transcript([main], capabilities: "report-status", flush: false)
        atomic.add(try world.command("c1 c2 refs/heads/new"), capabilities: "atomic")
        atomic.flush()
        try await check([
            Case(
                name: "line feeds",
                transcript: Transcript([main + "\n", new + "\n"], capabilities: "report-status\n") + pack),
            Case(
                name: "line feed without NUL",
                transcript: Transcript([main + "\n", new + "\n"], capabilities: nil) + pack),
            Case(
                name: "line feed before NUL",
                transcript: Transcript([main + "\n"], capabilities: "report-status") + pack),
            Case(name: "capabilities later", transcript: later + pack),
            Case(name: "capabilities twice", transcript: both + pack),
            Case(name: "atomic asked for later", transcript: atomic + pack),
        ])
    }

    @Test func `object IDs may be upper case`() async throws {
        let world = try await World.shared
        let (old, new) = try (world.id("c2").uppercased(), world.id("c3").uppercased())
        let transcript = Transcript(["\(old) \(new) refs/heads/main"]) + (try world.pack("c3"))
        let play = try await world.play(transcript)
        #expect(play.differences == [], "\(play.ours.text)")
    }

    @Test func `push options are taken after the commands, even none`() async throws {
        let world = try await World.shared
        let asked = "report-status side-band-64k push-options"
        func push(_ options: [String]?) throws -> Transcript {
            var transcript = try Transcript(Self.push.map(world.command), capabilities: asked)
            if let options { transcript.options(options) }
            return transcript + (try world.pack("c3"))
        }
        var deletion = try Transcript([world.command("c1 0 refs/heads/old")], capabilities: asked)
        deletion.options(["no-cache"])
        try await check([
            Case(name: "no options", transcript: try push([])),
            Case(
                name: "options", transcript: try push(["no-cache", "message=a=b", "message=", "message=\u{1}\u{fc}"])),
            Case(name: "line feeds", transcript: try push(["no-cache\n", "message=x\n"])),
            Case(name: "many", transcript: try push((0..<1000).map { "message=\($0)" })),
            Case(name: "long", transcript: try push(["message=" + String(repeating: "x", count: 65_000)])),
            Case(name: "for a deletion", transcript: deletion),
            // Options that mean nothing are refused: the pusher hoped for something.
            Case(
                name: "unknown", transcript: try push(["ci.skip"]),
                ours: ["ng refs/heads/main invalid push option", "ng refs/heads/new invalid push option"]),
        ])
    }

    @Test func `what is not the protocol ends the conversation`() async throws {
        let world = try await World.shared
        let line = "\(try world.id("c2")) \(try world.id("c3")) refs/heads/main"
        var texts: [String: String] = [
            "0003": "0003", "fffe": "fffe", "not hexadecimal": "00zz", "HTTP": "GET / HTTP/1.1\r\n\r\n",
            "negative": "-001", "spaces": "    ", "fff1": "fff1" + String(repeating: "x", count: 0xfff1 - 4),
            "ends in a length": "00", "ends in a packet": "0010abc", "empty packet": "00040000",
            "line feed": "0005\n0000",
        ]
        for (name, bad) in [
            "old only": try world.id("c2"), "no name": "\(try world.id("c2")) \(try world.id("c3"))",
            "empty name": "\(try world.id("c2")) \(try world.id("c3")) ", "short ID": String(line.dropFirst()),
            "not an ID": "z" + line.dropFirst(), "tabs": line.replacing(" ", with: "\t"), "words": "hello",
            "shallow nothing": "shallow ", "shallow words": "shallow nothing",
            "two spaces": line.replacing(" ", with: "  "),
        ] {
            var transcript = Transcript(bytes: [])
            transcript.line(bad)
            transcript.flush()
            texts["command: \(name)"] = String(decoding: transcript.bytes, as: UTF8.self)
        }
        try await check(
            texts.sorted { $0.key < $1.key }.map {
                Case(name: $0.key, transcript: Transcript(bytes: Array($0.value.utf8)))
            })
    }

    @Test func `a client that has nothing to push or leaves is not complained about`() async throws {
        let world = try await World.shared
        let command = Transcript([try world.command("c2 c3 refs/heads/main")], flush: false)
        try await check([
            Case(name: "flush", transcript: Transcript(bytes: Array("0000".utf8))),
            Case(name: "flush and more", transcript: Transcript(bytes: Array("00000000rest".utf8))),
            Case(name: "no flush", transcript: command),
            Case(name: "no pack", transcript: try world.push(["c2 c3 refs/heads/main"], pack: nil)),
        ])
    }

    /// git takes the packets of version 2 for the end, complains of a client that says nothing, and skips certificates.
    @Test func `where git is lax or gruff with a client, we are not`() async throws {
        let world = try await World.shared
        var certificate = Transcript(bytes: [])
        certificate.line("push-cert\0report-status")
        certificate.flush()
        let transcripts = [Transcript(bytes: Array("0001".utf8)), Transcript(bytes: Array("0002".utf8)), certificate]
        for transcript in transcripts {
            let ours = try await world.play(transcript).ours
            #expect(ours.status == "128" && ours.text.hasPrefix("fatal: protocol error: "), "\(ours.text)")
        }
        let nothing = try await world.play(Transcript(bytes: [])).ours
        #expect(nothing.status == "0" && nothing.text.isEmpty, "\(nothing.text)")
    }

    @Test func `a client that leaves its side open is answered all the same`() async throws {
        let world = try await World.shared
        try await check([
            Case(name: "push", transcript: try world.push(Self.push, pack: "c3"), endless: true),
            Case(name: "empty pack", transcript: try world.push(["0 c1 refs/heads/new"]), endless: true),
            Case(name: "deletion", transcript: try world.push(["c1 0 refs/heads/old"], pack: nil), endless: true),
            Case(name: "flush", transcript: Transcript(bytes: Array("0000".utf8)), endless: true),
            Case(name: "bad length", transcript: Transcript(bytes: Array("zzzz".utf8)), endless: true),
            Case(name: "bad signature", transcript: try world.push(Self.push, pack: "bad-signature"), endless: true),
            Case(name: "rejected", transcript: try world.push(["c1 c3 refs/heads/main"], pack: "c3"), endless: true),
        ])
    }

    @Test func `the advertisement is the same in all versions but for the version`() async throws {
        let world = try await World.shared
        let push = try world.push(Self.push, pack: "c3")
        try await check(
            ["version=1", "version=0", "version=2", "version=2:version=1", "version=1:foo", "version=3", "foo", ""].map
            { (version: String) in
                Case(name: "GIT_PROTOCOL=\(version)", transcript: push, protocolVersion: version)
            })
    }

    @Test func `an empty repository has nothing to advertise`() async throws {
        let world = try await World.shared
        let c1 = try world.id("c1")
        let empty = "rm -rf refs/heads refs/tags refs/martlet refs/one packed-refs; mkdir -p refs/heads"
        try await check([
            Case(name: "first push", transcript: try world.push(["0 c2 refs/heads/main"], pack: "all"), prepare: empty),
            Case(
                name: "only hidden", transcript: try world.push(["0 c2 refs/heads/main"], pack: "all"),
                prepare: empty + "; git update-ref refs/martlet/x \(c1)"),
        ])
    }

    @Test func `shallow lines are taken before commands and among them`() async throws {
        let world = try await World.shared
        func push(shallow: [String], _ commands: [String], pack: String, after: Bool = false) throws -> Transcript {
            var transcript = Transcript(bytes: [])
            if !after { for one in shallow { transcript.line("shallow \(try world.id(one))") } }
            for (index, command) in commands.enumerated() {
                transcript.add(try world.command(command), capabilities: index == 0 ? Transcript.usual : nil)
            }
            if after { for one in shallow { transcript.line("shallow \(try world.id(one))") } }
            transcript.flush()
            return transcript + (try world.pack(pack))
        }
        try await check([
            Case(name: "known boundary", transcript: try push(shallow: ["c2"], ["c2 c3 refs/heads/main"], pack: "c3")),
            Case(
                name: "known boundaries",
                transcript: try push(shallow: ["c2", "c1"], ["c2 c3 refs/heads/main"], pack: "c3")),
            Case(
                name: "boundary afterwards",
                transcript: try push(shallow: ["c2"], ["c2 c3 refs/heads/main"], pack: "c3", after: true)),
            Case(
                name: "boundary that is missing",
                transcript: try push(shallow: ["orphan"], ["c2 c3 refs/heads/main"], pack: "c3")),
            Case(
                name: "unknown boundary, nothing behind it",
                transcript: try push(shallow: ["root"], ["c2 c3 refs/heads/main"], pack: "c3")),
            Case(
                name: "unknown boundary",
                transcript: try push(shallow: ["orphan"], ["0 orphan-child refs/heads/new"], pack: "shallow")),
            Case(
                name: "unknown boundary itself",
                transcript: try push(shallow: ["orphan"], ["0 orphan refs/heads/new"], pack: "shallow")),
            Case(
                name: "unknown for one of two",
                transcript: try push(
                    shallow: ["orphan"], ["0 orphan-child refs/heads/new", "c2 c3 refs/heads/main"], pack: "shallow")),
            // git sees a boundary that is new to it; but all that is behind it is here, and nothing becomes shallow.
            Case(
                name: "boundary whose parents are known",
                transcript: try push(shallow: ["c3"], ["0 c3 refs/heads/new"], pack: "c3"), ours: ["ok refs/heads/new"]),
        ])
    }
}
