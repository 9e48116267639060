import Foundation
import GitWire
import Glibc
import Hooks
import TestKit
import Testing

@testable import Push

/// Martlet's own hooks, each driven by pushes whose objects are in quarantine.
@Suite struct HookScriptTests {
    @Test func `refuse-large-files refuses a large file in any commit, and names it`() async throws {
        try await HookedPush.with { push in
            try push.enable("refuse-large-files", .preReceive)
            try push.configure("refuse-large-files.conf", "[refuse-large-files]\nlimit = 1k\n")
            #expect(try await push.pushRevision().contains("unpack ok"))
            #expect(try await push.fixture.references().count == 1)
            try await push.develop(
                """
                mkdir d; head -c 1024 /dev/zero > fits; head -c 1025 /dev/zero > 'd/too big'
                git add .; git commit -qm big; git rm -q 'd/too big'; git commit -qm gone
                """)
            let refused = try await push.pushRevision()
            #expect(refused.contains("d/too big has 1025 bytes; files of more than 1024 are refused"), "\(refused)")
            #expect(!refused.contains("fits has"))
            #expect(refused.contains("pre-receive hook declined"))
            try push.configure("refuse-large-files.conf", "[refuse-large-files \"shop\"]\nlimit = 2k\n")
            #expect(try await push.pushRevision().contains("ok refs/heads/"))
            try push.configure("refuse-large-files.conf", "[refuse-large-files]\nlimit = 1z\n")
            let broken = try await push.pushRevision("HEAD~1")
            #expect(broken.contains("cannot be read; tell the admin"))
            #expect(
                broken.contains("pre-receive hook declined"), "settings that nobody understands let nothing through")
        }
    }

    @Test func `refuse-large-files lets deletions and what is known through`() async throws {
        try await HookedPush.with { push in
            try push.configure("refuse-large-files.conf", "[refuse-large-files]\nlimit = 1\n")
            #expect(try await push.pushRevision().contains("ok refs/heads/"))
            try push.enable("refuse-large-files", .preReceive)
            #expect(try await push.pushRevision().contains("ok refs/heads/"))
            let name = try #require(try await push.fixture.references().first).split(separator: " ")[1]
            let deletion = push.fixture.request(
                [(push.fixture.commits[1], .zero, String(name))], capabilities: "report-status side-band-64k")
            let conversation = MemoryConversation([deletion])
            try await push.push(conversation)
            #expect(conversation.output.contains("ok \(name)"), "\(conversation.output)")
        }
    }

    @Test func `require-signed-commits takes commits of trusted signers alone`() async throws {
        try await HookedPush.with { push in
            try push.enable("require-signed-commits", .preReceive)
            #expect(
                try await push.pushRevision().contains("tell the admin"), "nobody is trusted before somebody is named")
            try await push.develop(
                """
                for name in good bad; do ssh-keygen -q -t ed25519 -N '' -f ../$name; done
                echo "a@b $(cat ../good.pub)" > ../hooks/require-signed-commits.signers
                """)
            let unsigned = try await push.pushRevision()
            #expect(unsigned.contains("a: two (it is not signed)"), "\(unsigned)")
            #expect(unsigned.contains("a: one (it is not signed)"))
            let sign = "git -c gpg.format=ssh -c user.signingKey=$PWD/../good commit -q --allow-empty -S -m signed"
            try await push.develop("git checkout -q --orphan signed; \(sign)")
            #expect(try await push.pushRevision().contains("ok refs/heads/"))
            try await push.develop("\(sign); \(sign.replacingOccurrences(of: "good", with: "bad"))")
            let stranger = try await push.pushRevision()
            #expect(stranger.contains("(it is signed by a key that is not trusted here)"), "\(stranger)")
            #expect(stranger.components(separatedBy: " !     ").count == 2, "the signed commit below is fine")
            try await push.develop(
                """
                git reset -q --hard HEAD~1
                git cat-file commit HEAD | sed 's/^signed$/forged/' > ../forged
                git branch forged $(git hash-object -t commit -w ../forged)
                """)
            #expect(try await push.pushRevision("forged").contains("forged (its signature is not valid)"))
            #expect(try await push.pushRevision().contains("ok refs/heads/"))
            try push.configure("require-signed-commits.conf", "[require-signed-commits \"shop\"]\nskip = yes\n")
            #expect(try await push.pushRevision("main").contains("ok refs/heads/"))
        }
    }

    @Test func `require-signed-commits trusts the keys of its GnuPG home`() async throws {
        try await HookedPush.with { push in
            try push.enable("require-signed-commits", .preReceive)
            let home = "\(push.hooks)/require-signed-commits.gnupg"
            try await push.develop(
                """
                mkdir -m 700 "$GNUPGHOME" \(home)
                gpg --batch -q --passphrase '' --quick-gen-key 'a <a@b>' ed25519 sign never 2> ../gpg.log
                git checkout -q --orphan signed; git -c user.signingKey=a@b commit -q -S -m signed
                """)
            #expect(try await push.pushRevision().contains("(it is signed by a key that is not trusted here)"))
            try await push.develop(
                "gpg --batch -q --export a@b | gpg --batch -q --homedir \(home) --import 2> ../gpg.log")
            let trusted = try await push.pushRevision()
            #expect(trusted.contains("ok refs/heads/"), "\(trusted)")
            try await push.develop("for home in $GNUPGHOME \(home); do gpgconf --homedir $home --kill all; done")
        }
    }

    /// Texts that look like secrets, put together here so that this file holds none.
    private static let token = "ghp_" + String(repeating: "a1B2", count: 9)
    private static let accessKey = "AKIA" + "ABCDEFGHIJKLMN23"

    @Test func `refuse-secrets finds secrets in whatever is new, and does not repeat them`() async throws {
        try await HookedPush.with { push in
            try push.enable("refuse-secrets", .preReceive)
            #expect(try await push.pushRevision().contains("ok refs/heads/"))
            try await push.develop(
                """
                ssh-keygen -q -t ed25519 -N '' -f id; printf 'a\\0b \(Self.accessKey) c\\n' > binary
                { seq 300000; echo 'token = \(Self.token)'; seq 200000; } > large
                git add .; git commit -qm secrets; git rm -q id binary large; git commit -qm gone
                """)
            let refused = try await push.pushRevision()
            for words in ["id:1: a private key", "binary:1: an AWS access key ID", "large:300001: a GitHub token"] {
                #expect(refused.contains(words), "\(words): \(refused)")
            }
            #expect(!refused.contains(Self.token) && !refused.contains(Self.accessKey))
            #expect(refused.contains("pre-receive hook declined"))
            try await push.develop("git tag -a -m x secret HEAD~1:binary")
            #expect(try await push.pushRevision("refs/tags/secret").contains("an AWS access key ID"))
        }
    }

    @Test func `refuse-secrets looks at added lines only`() async throws {
        try await HookedPush.with { push in
            try await push.develop("echo '\(Self.token)' > old; git add .; git commit -qm old")
            #expect(try await push.pushRevision().contains("ok refs/heads/"))
            try push.enable("refuse-secrets", .preReceive)
            try await push.develop("(echo first; cat old; echo last) > new; mv new old; git commit -qam edited")
            #expect(try await push.pushRevision().contains("ok refs/heads/"))
            try await push.develop(
                """
                git checkout -q -b side; echo theirs > file; git commit -qam theirs
                git checkout -q main; echo ours > file; git commit -qam ours
                ! git merge -q side; echo 'merged \(Self.accessKey)' > file; git commit -qam merged
                """)
            #expect(try await push.pushRevision().contains("file:1: an AWS access key ID"), "even in a merge")
        }
    }

    @Test func `refuse-secrets takes the admin's patterns and exceptions`() async throws {
        try await HookedPush.with { push in
            try push.enable("refuse-secrets", .preReceive)
            try push.configure("ours", "# ours\n\nacme_[0-9]{4}\n")
            try push.configure(
                "refuse-secrets.conf",
                "[refuse-secrets]\npatterns = ours\nallow = EXAMPLE\nallowPath = doc/*\n[refuse-secrets \"shop\"]\nallow = acme_0\n"
            )
            try await push.develop(
                """
                mkdir doc; echo acme_1111 > doc/x; echo 'acme_1111 # EXAMPLE' > a; echo acme_0000 > b
                echo 'acme_1111 martlet:allow-secret' > c; git add .; git commit -qm fine
                """)
            let fine = try await push.pushRevision()
            #expect(fine.contains("ok refs/heads/"), "\(fine)")
            try await push.develop("echo acme_1111 > d; git add .; git commit -qm d")
            #expect(try await push.pushRevision().contains("d:1: a secret by this server's own pattern"))
            try push.configure("refuse-secrets.conf", "[refuse-secrets]\npattern = (\n")
            #expect(try await push.pushRevision("HEAD~1").contains("'(' is no regular expression"))
        }
    }

    /// Answers 500 to the first request, 200 to the next; prints each with whether its signature is right.
    private static let receiver = """
        import hashlib, hmac, http.server, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            count = 0
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                right = "sha256=" + hmac.new(b"s3", body, hashlib.sha256).hexdigest() == self.headers["X-Martlet-Signature"]
                print(self.path, self.headers["X-Martlet-Event"], right, body.decode(), flush=True)
                Handler.count += 1
                self.send_response(500 if Handler.count == 1 else 302 if self.path == "/moved" else 200)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
            def log_message(self, *_): pass
        server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
        print("ready", flush=True)
        server.serve_forever()
        """

    @Test func `post-webhook tells what was pushed, signed, and tries again`() async throws {
        try await HookedPush.with { push in
            let port = try Scratch.freePort()
            let server = try Command(["python3", "-c", Self.receiver, "\(port)"]).start()
            defer { server.signal(SIGKILL) }
            try await server.prints("ready")
            try push.enable("post-webhook", .postReceive)
            try push.configure(
                "post-webhook.conf", "[post-webhook]\nurl = http://127.0.0.1:\(port)/hook\nsecret = s3\n")
            #expect(try await push.pushRevision().contains("ok refs/heads/"))
            let requests = server.text.split(separator: "\n").dropFirst()
            #expect(requests.count == 2, "\(server.text)")
            #expect(requests.allSatisfy { $0.hasPrefix("/hook post-receive True {") }, "\(server.text)")
            let reference = try #require(try await push.fixture.references().first).split(separator: " ")
            for part in [
                "\"event\": \"post-receive\"", "\"app\": \"shop\"", "\"user\": \"alice\"",
                "\"name\": \"\(reference[1])\"", "\"new\": \"\(reference[0])\"",
            ] { #expect(requests.last?.contains(part) == true, "\(part)") }
        }
    }

    @Test func `post-webhook says what it cannot deliver, and the push stays`() async throws {
        try await HookedPush.with { push in
            let port = try Scratch.freePort()
            try push.enable("post-webhook", .postReceive)
            try push.configure(
                "post-webhook.conf", "[post-webhook]\nurl = http://u:p@127.0.0.1:\(port)/s3cret\nattempts = 1\n")
            let output = try await push.pushRevision()
            #expect(output.contains("post-webhook: cannot tell 127.0.0.1:\(port): "), "\(output)")
            #expect(!output.contains("s3cret"))
            try push.configure("post-webhook.conf", "[post-webhook]\nurl = file:///etc/passwd\n")
            #expect(try await push.pushRevision("HEAD~1").contains("post-webhook: cannot tell "))
            try push.configure("post-webhook.conf", "[post-webhook]\nevents = post-deploy\nurl = x\n")
            #expect(try await !push.pushRevision("HEAD~1").contains("post-webhook"))
            #expect(try await push.fixture.references().count == 3)
        }
    }
}
