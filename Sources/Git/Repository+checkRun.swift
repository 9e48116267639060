import GitWire
import Glibc

/// One look at a whole repository.
struct RepositoryCheck {
    private(set) var findings: [RepositoryFinding] = []
    private let path: String
    /// The packs that could be opened.
    private var packs: [PackFile] = []
    private var tips: [(name: String, key: ObjectKey)] = []
    private let hasher = ObjectHasher()
    private var known: Set<RepositoryFinding> = []

    init(_ path: String) { self.path = path }

    mutating func run() {
        // References first: what they point to is there before they are.
        readReferences()
        openPacks()
        do throws(GitError) {
            let store = try ObjectStore("\(path)/objects", packs: packs)
            for pack in store.packs.indices { checkPack(pack, in: store) }
            try checkLoose(in: store)
            checkConnectivity(in: store)
        } catch {
            add(.unreadable, "objects", error)
        }
    }

    mutating func add(_ problem: RepositoryFinding.Problem, _ subject: String, _ reason: String) {
        let finding = RepositoryFinding(problem: problem, subject: subject, reason: reason)
        if known.insert(finding).inserted { findings.append(finding) }
    }

    private mutating func add(_ problem: RepositoryFinding.Problem, _ subject: String, _ error: GitError) {
        add(problem, subject, problem == .malformedObject ? error.description : error.reason)
    }

    private mutating func openPacks() {
        do throws(GitError) {
            let folder = try PackFileFolder("\(path)/objects/pack")
            for name in folder.packs { open(name) }
            for name in folder.withoutPack {
                add(.missingPack, "objects/pack/\(name).idx", "there is no pack of that name")
            }
            // A push may have been putting it in place.
            let now = folder.withoutIndex.isEmpty ? folder : try PackFileFolder("\(path)/objects/pack")
            for name in folder.withoutIndex {
                if now.packs.contains(name) { open(name) }
                guard now.withoutIndex.contains(name) else { continue }
                add(.missingIndex, "objects/pack/\(name).pack", "there is no index of that name")
            }
        } catch {
            add(.unreadable, "objects/pack", error)
        }
    }

    private mutating func open(_ name: String) {
        do throws(GitError) {
            packs.append(try PackFile("\(path)/objects/pack/\(name)"))
        } catch {
            if error.code != ENOENT { add(.corruptPack, "objects/pack/\(name).pack", error) }
        }
    }

    private mutating func checkPack(_ number: Int, in store: ObjectStore) {
        let pack = store.packs[number]
        let name = "objects/pack/\(pack.path.split(separator: "/").last ?? "")"
        if !pack.hasValidChecksum { add(.corruptPack, "\(name).pack", "its checksum is wrong") }
        if !pack.index.hasValidChecksum { add(.corruptPack, "\(name).idx", "its checksum is wrong") }
        for rank in 0..<pack.count {
            let position = Int(pack.order.positions[rank])
            let key = pack.index.key(at: position)
            do throws(GitError) {
                try pack.verify(position, pack.order.offset(rank)..<pack.order.end(rank, pack.end))
                check(key, try store.object(store.number(pack: number, position: position)))
            } catch {
                add(.corruptObject, "\(key.id)", error)
            }
        }
    }

    private mutating func checkLoose(in store: ObjectStore) throws(GitError) {
        for (file, key) in try ObjectStoreLoose.files(in: "\(path)/objects") {
            do throws(GitError) {
                check(key, try ObjectStoreLoose.read(PackFileMap(file), "read object '\(key.id)'"))
            } catch {
                // It may have been packed meanwhile.
                if error.code != ENOENT { add(.corruptObject, "\(key.id)", error) }
            }
        }
    }

    private mutating func check(_ key: ObjectKey, _ object: StoredObject) {
        do throws(GitError) {
            guard try object.hash(with: hasher) == key else {
                return add(.corruptObject, "\(key.id)", "its content is that of another object")
            }
        } catch {
            return add(.corruptObject, "\(key.id)", error)
        }
        do throws(GitError) {
            try object.withBytes { bytes throws(GitError) in try object.kind.requireForm(bytes) }
        } catch {
            add(.malformedObject, "\(key.id)", error)
        }
    }

    private mutating func readReferences() {
        do throws(GitError) {
            let files = try ReferenceFiles(repository: path)
            for reference in files.references {
                let name = reference.name.text
                switch reference.value {
                case .object(let key): tips.append((name, key))
                case .symbolic(let target):
                    if files.reference(named: target) == nil {
                        add(.brokenReference, name, "it leads to '\(target)', which does not exist")
                    }
                }
            }
            try findUnusable("refs")
        } catch {
            add(.unreadable, "refs", error)
        }
        if ReferenceFiles.value(ofFile: "\(path)/HEAD") == nil {
            add(.brokenReference, "HEAD", "it names neither a reference nor an object")
        }
    }

    /// Finds files below `refs` that are no references.
    private mutating func findUnusable(_ folder: String) throws(GitError) {
        for (name, isFolder) in try FileSystem.entries(in: "\(path)/\(folder)") {
            let full = "\(folder)/\(name)"
            if isFolder {
                try findUnusable(full)
            } else if name.hasSuffix(".lock") {
                continue
            } else if ReferenceName(full) == nil {
                add(.brokenReference, full, "its name is not valid")
            } else if ReferenceFiles.value(ofFile: "\(path)/\(full)") == nil,
                FileSystem.status(of: "\(path)/\(full)") != nil
            {
                add(.brokenReference, full, "its file holds no reference")
            }
        }
    }

    private mutating func checkConnectivity(in store: ObjectStore) {
        var walk = RepositoryWalk(store: store)
        for (name, key) in tips {
            if let reason = walk.add(tip: key, isBranch: name.hasPrefix("refs/heads/")) {
                add(.brokenReference, name, "it points to '\(key.id)', \(reason)")
            }
        }
        walk.run()
        guard !walk.missing.isEmpty else { return }
        // What was loose, or in a pack that is new, may have moved since the packs were listed.
        let later = (try? PackFileFolder("\(path)/objects/pack").packs)?.compactMap {
            try? PackFile("\(path)/objects/pack/\($0)")
        }
        for (key, reason) in walk.missing where later?.contains(where: { $0.contains(key) }) != true {
            add(.missingObject, "\(key.id)", reason)
        }
    }
}
