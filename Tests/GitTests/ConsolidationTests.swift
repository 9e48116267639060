import GitWire
import Glibc
import Testing
import Threads

@testable import Git

/// How packs are joined, and that nothing is lost meanwhile.
@Suite struct ConsolidationTests {
    /// A repository with a pack for each of many pushes, a loose object, one that nothing reaches, and doubles.
    private static let pushes = """
        for i in $(seq 1 20); do
            seq $i 300 > f; echo $i > g$i; git add .; git commit -qm $i
            list=$(git rev-list --objects HEAD --not HEAD~1 2> /dev/null || git rev-list --objects HEAD)
            echo "$list" | git pack-objects -q $1 .git/objects/pack/pack > /dev/null
        done
        git rev-list --objects HEAD~5 | git pack-objects -q .git/objects/pack/pack > /dev/null
        echo lost | git hash-object -w --stdin | git pack-objects -q .git/objects/pack/pack > /dev/null
        git prune-packed
        echo loose > loose; git add .; git commit -qm loose
        """

    private static let objects = "git cat-file --batch-all-objects --batch-check"

    private func consolidate(_ scratch: Scratch, grace: Int = 0) async throws -> PackConsolidation {
        try await Repository.withRepository(at: "\(scratch.client)/.git") { try $0.consolidatePacks(grace: grace) }
    }

    private func expectSound(_ scratch: Scratch, objects: String, packs: Int) async throws {
        try await scratch.client("git fsck --full --strict --no-dangling; git verify-pack .git/objects/pack/*.idx")
        #expect(try await scratch.client(Self.objects) == objects)
        #expect(try await scratch.client("ls .git/objects/pack/*.pack | wc -l") == "\(packs)")
        #expect(try await scratch.client("ls .git/objects/pack/*.idx | wc -l") == "\(packs)")
        #expect(try await scratch.client("ls .git/objects/pack | grep -v '^pack-.*[kx]$' || true") == "")
    }

    @Test(arguments: ["", "--delta-base-offset"]) func `many packs become one with all their objects`(
        option: String
    ) async throws {
        try await Scratch.with { scratch in
            try await scratch.client("set -- \(option)\n\(Self.pushes)")
            let objects = try await scratch.client(Self.objects)
            let folder = "\(scratch.client)/.git"
            let needed = {
                try await onOwnThread { () throws(GitError) in try Repository.needsConsolidation(at: folder) }
            }
            #expect(try await needed())
            let done = try await consolidate(scratch)
            #expect(done.packs == 22 && done.removedPacks == 22 && done.looseObjects == 3)
            #expect(done.objects == objects.split(separator: "\n").count)
            try await expectSound(scratch, objects: objects, packs: 1)
            #expect(try await !needed())
            #expect(try await consolidate(scratch) == PackConsolidation())
            #expect(try await scratch.client("git count-objects") == "0 objects, 0 kilobytes")
        }
    }

    @Test func `large packs stay until small ones amount to as much`() {
        #expect(PackFileGeometry.joined([]) == 0)
        #expect(PackFileGeometry.joined([3]) == 0)
        #expect(PackFileGeometry.joined([3, 3]) == 2)
        #expect(PackFileGeometry.joined([3, 3, 3, 100_000]) == 3)
        #expect(PackFileGeometry.joined([600, 1300, 100_000]) == 0)
        #expect(PackFileGeometry.joined([600, 600, 1300, 2000, 100_000]) == 4)
        // Each of 4096 pushes adds a pack; whenever there are 17, some are joined.
        var (packs, copied) = ([Int](), 0)
        for _ in 0..<65536 {
            packs.append(5)
            guard packs.count > 16 else { continue }
            packs.sort()
            let joined = packs[..<PackFileGeometry.joined(packs)]
            copied += joined.reduce(0, +)
            packs = [joined.reduce(0, +)] + packs[joined.count...]
        }
        #expect(copied < 65536 * 5 * 12 && packs.count <= 16)
    }

    @Test func `what was joined stays for a while`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.pushes)
            let objects = try await scratch.client(Self.objects)
            let done = try await consolidate(scratch, grace: 600)
            #expect(done.packs == 22 && done.removedPacks == 0)
            #expect(try await scratch.client("ls .git/objects/pack/*.idx | wc -l") == "23")
            #expect(try await consolidate(scratch, grace: 600) == PackConsolidation())
            try await scratch.client("touch -d '-11 minutes' .git/objects/pack/*.replaced")
            let later = try await consolidate(scratch, grace: 600)
            #expect(later.packs == 0 && later.removedPacks == 22)
            try await expectSound(scratch, objects: objects, packs: 1)
        }
    }

    @Test func `kept packs and single packs are left alone`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.pushes + "\ngit repack -qad")
            #expect(try await consolidate(scratch) == PackConsolidation())
            try await scratch.client(
                """
                for i in .git/objects/pack/*.idx; do touch ${i%.idx}.keep; done
                for i in 1 2 3; do echo $i > h; git add .; git commit -qm $i; git repack -qd; done
                """)
            _ = try await consolidate(scratch)
            #expect(try await scratch.client("ls .git/objects/pack/*.idx | wc -l") == "2")
            #expect(try await scratch.client("ls .git/objects/pack/*.keep | wc -l") == "1")
        }
    }

    @Test func `readers that were there before read on`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.pushes)
            let tip = try await scratch.id("main")
            let folder = "\(scratch.client)/.git"
            var request = FetchRequest()
            request.wants = [tip]
            let source = PackSource(repository: folder)
            _ = try await source.prepare(request)
            let objects = try await scratch.client(Self.objects).split(separator: "\n")
                .compactMap { ObjectID($0.prefix(40)) }
            try await Repository.withRepository(at: folder) { reader in
                #expect(try reader.kind(of: tip) == .commit)
                _ = try Repository(at: folder).consolidatePacks(grace: 0)
                for id in objects { #expect(try reader.kind(of: id) != nil) }
            }
            var pack: [UInt8] = []
            while true {
                let piece = try await source.next()
                if piece.isEmpty { break }
                pack += piece
            }
            _ = try await shell("git init -q --bare peer.git", in: scratch.path)
            #expect(try await scratch.store(pack, in: "peer.git", tips: [tip]).sent == scratch.reached("main"))
        }
    }

    @Test func `only one joins packs at a time`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.pushes)
            let lock = try PackFileLock("\(scratch.client)/.git/objects/pack")
            #expect(try await consolidate(scratch).isBusy)
            withExtendedLifetime(lock) {}
        }
        try await Scratch.with { scratch in
            try await scratch.client(Self.pushes)
            let objects = try await scratch.client(Self.objects)
            try await withThrowingTaskGroup(of: PackConsolidation.self) { group in
                for _ in 0..<4 { group.addTask { try await self.consolidate(scratch) } }
                for try await done in group { #expect(done.isBusy || done.packs == 22 || done.packs == 0) }
            }
            try await expectSound(scratch, objects: objects, packs: 1)
        }
    }

    /// What a process leaves that is killed between two steps.
    private static let remains = [
        // While writing.
        "for f in tmp_pack_1 tmp_idx_1 tmp_consolidation.lock; do echo half > .git/objects/pack/$f; done",
        // Before the new pack is in place: what it was to replace is named already.
        "ls .git/objects/pack | grep pack$ | sed s/.pack$// > .git/objects/pack/pack-1234.replaced",
        // While removing: an index went, its pack did not.
        "rm -f $(ls .git/objects/pack/*.idx | grep -v $new | head -n 1)",
        // While removing: the pack went, too, or the index was left.
        "rm -f $(ls .git/objects/pack/*.idx | grep -v $new | head -n 1 | sed s/idx$/pack/)",
    ]

    @Test(arguments: remains.indices)
    func `whatever a killed process leaves is finished by the next`(step: Int) async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.pushes)
            let objects = try await scratch.client(Self.objects)
            if step > 1 {
                _ = try await consolidate(scratch, grace: 600)
                let new = "new=$(ls .git/objects/pack/*.replaced); new=${new%.replaced}"
                try await scratch.client("\(new); \(Self.remains[step])")
            } else {
                try await scratch.client(Self.remains[step])
            }
            _ = try await Repository.withRepository(at: "\(scratch.client)/.git") { try $0.removeStaleFiles() }
            _ = try await consolidate(scratch)
            try await expectSound(scratch, objects: objects, packs: 1)
        }
    }

    @Test func `a corrupt source stops it and nothing is lost`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.pushes)
            try await scratch.client(
                """
                chmod +w .git/objects/pack/*; pack=$(ls -S .git/objects/pack/*.pack | head -n 1)
                printf X | dd of=$pack bs=1 seek=200 conv=notrunc 2> /dev/null
                """)
            let before = try await scratch.client("ls .git/objects/pack")
            await #expect(throws: GitError.self) { _ = try await self.consolidate(scratch) }
            #expect(try await scratch.client("ls .git/objects/pack") == before)
        }
    }

    @Test func `a loose object that is corrupt stays where it is`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.pushes)
            try await scratch.client(
                """
                id=$(git rev-parse HEAD:loose); file=.git/objects/$(echo $id | sed 's,^..,&/,')
                other=$(git rev-parse HEAD^{tree}); chmod +w $file
                cat .git/objects/$(echo $other | sed 's,^..,&/,') > $file
                """)
            let done = try await consolidate(scratch)
            #expect(done.packs == 22 && done.looseObjects == 2)
            #expect(try await scratch.client("git count-objects").hasPrefix("1 objects"))
        }
    }
}
