"""Makes what the differential tests play with: a server's repository, and packs, most by git and some by hand.

Usage: world.py FOLDER. Leaves FOLDER/server.git, FOLDER/packs/NAME, and FOLDER/ids with a line `NAME OID` for each
object that a test may name.
"""

import hashlib
import os
import struct
import subprocess
import sys
import zlib

ROOT = sys.argv[1]
SERVER = f"{ROOT}/server.git"
CLIENT = f"{ROOT}/client.git"
KINDS = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}
ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Alice", "GIT_AUTHOR_EMAIL": "alice@example.org", "GIT_AUTHOR_DATE": "1700000000 +0100",
    "GIT_COMMITTER_NAME": "Bob", "GIT_COMMITTER_EMAIL": "bob@example.org", "GIT_COMMITTER_DATE": "1700000100 +0000",
}
ids = {}


def git(*words, data=b"", repository=CLIENT):
    command = ["git", "--git-dir", repository, *words]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, env=ENVIRONMENT, check=True).stdout


def write(kind, content):
    """Stores an object in the client's repository, however odd it is."""
    oid = git("hash-object", "-t", kind, "--literally", "-w", "--stdin", data=content).decode().strip()
    return oid


def tree(*entries):
    return write("tree", b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(oid) for mode, name, oid in entries))


PEOPLE = b"author A <a@b> 1700000000 +0000\ncommitter A <a@b> 1700000000 +0000\n"


def commit(tree_id, *parents, people=PEOPLE, message=b"m\n"):
    head = f"tree {tree_id}\n" + "".join(f"parent {parent}\n" for parent in parents)
    return write("commit", head.encode() + people + b"\n" + message)


def tag(target, kind, name="v", tagger=b"tagger A <a@b> 1700000000 +0000\n"):
    return write("tag", f"object {target}\ntype {kind}\ntag {name}\n".encode() + tagger + b"\nm\n")


def save(name, pack):
    with open(f"{ROOT}/packs/{name}", "wb") as file:
        file.write(pack)


def pack(name, *oids, options=()):
    """A pack of exactly these objects, by git."""
    save(name, git("pack-objects", "-q", "--stdout", *options, data="".join(f"{oid}\n" for oid in oids).encode()))


def pack_range(name, revisions, *options):
    """A pack of all that the revisions need, by git."""
    save(name, git("pack-objects", "-q", "--stdout", "--revs", *options, data=(revisions + "\n").encode()))


def entry(kind, content, prefix=b"", size=None, compressed=None):
    """An entry of a pack, by hand."""
    size = len(content) if size is None else size
    first, size = kind << 4 | size & 15, size >> 4
    head = bytearray()
    while size:
        head.append(first | 0x80)
        first, size = size & 0x7F, size >> 7
    head.append(first)
    return bytes(head) + prefix + (zlib.compress(content) if compressed is None else compressed)


def raw_pack(name, entries, count=None, version=2, trailer=None, signature=b"PACK"):
    body = signature + struct.pack(">II", version, len(entries) if count is None else count) + b"".join(entries)
    save(name, body + (hashlib.sha1(body).digest() if trailer is None else trailer))


def object_entry(oid):
    kind = git("cat-file", "-t", oid).decode().strip()
    return entry(KINDS[kind], git("cat-file", kind, oid))


def varint(value):
    return bytes([value]) if value < 128 else bytes([value & 0x7F | 0x80]) + varint(value >> 7)


def delta_append(base, extra):
    """A delta that copies the base (shorter than 64 KiB) and appends to it."""
    size = len(base)
    copy = bytes([0x80 | 0x10 | 0x20, size & 255, size >> 8])
    return varint(size) + varint(size + len(extra)) + copy + bytes([len(extra)]) + extra


def offset(distance):
    """A base's distance, as OFS_DELTA entries hold it."""
    out = [distance & 0x7F]
    while distance := distance >> 7:
        distance -= 1
        out.insert(0, distance & 0x7F | 0x80)
    return bytes(out)


def configure():
    for setting in [
        "core.fsync=none", "gc.auto=0", "receive.autogc=false", "receive.fsckObjects=true",
        "receive.advertisePushOptions=true", "receive.denyDeleteCurrent=ignore", "receive.denyCurrentBranch=ignore",
        "transfer.hideRefs=refs/martlet",
    ]:
        key, value = setting.split("=")
        git("config", key, value, repository=SERVER)


def histories():
    """c1 - c2 - c3 - c4, f1 on c1, an unrelated root, and a branch with a submodule."""
    text = {n: write("blob", b"".join(b"line %d of %d\n" % (i, n if i > 190 else 0) for i in range(200))) for n in range(6)}
    ids["blob"] = text[3]
    parent = ()
    for n in range(1, 5):
        ids[f"t{n}"] = tree(("100644", "file", text[n]), ("40000", "sub", tree(("100755", f"run{n}", text[n]))))
        ids[f"c{n}"] = commit(ids[f"t{n}"], *parent, message=b"c%d\n" % n)
        parent = (ids[f"c{n}"],)
    ids["f1"] = commit(tree(("100644", "file", text[5])), ids["c1"], message=b"f1\n")
    ids["root"] = commit(tree(("100644", "other", text[5])), message=b"root\n")
    ids["merge"] = commit(ids["t4"], ids["c4"], ids["f1"], message=b"merge\n")
    ids["link"] = commit(tree(("100644", "file", text[2]), ("160000", "module", "12" * 20)), ids["c2"])
    ids["tag"] = tag(ids["c1"], "commit")
    ids["tagtag"] = tag(ids["tag"], "tag", "vv")
    ids["tagtree"] = tag(ids["t1"], "tree", "vt")
    ids["tagblob"] = tag(text[1], "blob", "vb")
    ids["tagmissing"] = tag("34" * 20, "commit", "vm")
    ids["tagkind"] = tag(ids["c1"], "tree", "vk")


def server_references():
    for name, value in [
        ("heads/main", "c2"), ("heads/old", "c1"), ("heads/packed/sub", "c1"), ("tags/v1", "tag"), ("tags/light", "c1"),
        ("heads/gone", "c1"),
    ]:
        git("update-ref", f"refs/{name}", ids[value], repository=SERVER)
    git("pack-refs", "--all", repository=SERVER)
    for name, value in [("heads/loose/sub", "c1"), ("martlet/secret", "c1"), ("one", "c1"), ("heads/main", "c2")]:
        git("update-ref", f"refs/{name}", ids[value], repository=SERVER)


def good_packs():
    pack_range("empty", "^" + ids["c4"])
    pack_range("c3", f"{ids['c3']}\n^{ids['c2']}")
    pack_range("c3-ofs", f"{ids['c3']}\n^{ids['c2']}", "--delta-base-offset")
    pack_range("c3-thin", f"{ids['c3']}\n^{ids['c2']}", "--thin")
    pack_range("c3-thin-ofs", f"{ids['c3']}\n^{ids['c2']}", "--thin", "--delta-base-offset")
    pack_range("c4", f"{ids['c4']}\n^{ids['c2']}")
    pack_range("c4-only", f"{ids['c4']}\n^{ids['c3']}")
    pack_range("f1", f"{ids['f1']}\n^{ids['c1']}")
    pack_range("merge", f"{ids['merge']}\n^{ids['c2']}")
    pack_range("link", f"{ids['link']}\n^{ids['c2']}")
    pack_range("root", ids["root"])
    pack_range("all", f"{ids['merge']}\n{ids['root']}\n{ids['tagtag']}\n{ids['tagtree']}\n{ids['tagblob']}")
    pack("tags", ids["tag"], ids["tagtag"], ids["tagtree"], ids["tagblob"])
    pack("tagmissing", ids["tagmissing"])
    pack("tagkind", ids["tagkind"])
    pack("blob", ids["blob"])


def incomplete_packs():
    objects = git("rev-list", "--objects", "--no-object-names", ids["c3"], "^" + ids["c2"]).decode().split()
    kinds = {oid: git("cat-file", "-t", oid).decode().strip() for oid in objects}
    for kind in ["blob", "tree", "commit"]:
        missing = next(oid for oid in objects if kinds[oid] == kind)
        pack(f"no-{kind}", *[oid for oid in objects if oid != missing])
    ids["orphan"] = commit(ids["t3"], "56" * 20)
    pack("no-parent", ids["orphan"], *objects)
    ids["orphan-child"] = commit(ids["t3"], ids["orphan"])
    pack("shallow", ids["orphan"], ids["orphan-child"], *objects)
    ids["treeless"] = commit("78" * 20, ids["c2"])
    pack("treeless", ids["treeless"])


def damaged_packs():
    with open(f"{ROOT}/packs/c3", "rb") as file:
        good = file.read()
    count = struct.unpack(">I", good[8:12])[0]
    resum = lambda body: body + hashlib.sha1(body).digest()
    for name, end in [("cut-in-header", 7), ("cut-after-header", 12), ("cut-in-entry", 40), ("cut-in-trailer", -5)]:
        save(name, good[:end])
    save("bad-checksum", good[:-1] + bytes([good[-1] ^ 1]))
    save("bad-signature", resum(b"KCAP" + good[4:-20]))
    for version in [0, 1, 3, 4]:
        save(f"version-{version}", resum(good[:4] + struct.pack(">I", version) + good[8:-20]))
    save("one-more", resum(good[:8] + struct.pack(">I", count + 1) + good[12:-20]))
    save("one-less", resum(good[:8] + struct.pack(">I", count - 1) + good[12:-20]))
    save("huge-count", resum(good[:8] + struct.pack(">I", 0xFFFFFFFF) + good[12:-20]))
    save("trailing-garbage", good + b"garbage")
    save("not-a-pack", b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")
    save("nothing", b"")
    damaged = bytearray(good[:-20])
    damaged[len(damaged) // 2] ^= 0x55
    save("bad-zlib", resum(bytes(damaged)))
    raw_pack("zero-but-bytes", [object_entry(ids["blob"])], count=0)


def odd_packs():
    """Entries that git would not write."""
    c3 = [object_entry(oid) for oid in git(
        "rev-list", "--objects", "--no-object-names", ids["c3"], "^" + ids["c2"]).decode().split()]
    blob = git("cat-file", "blob", ids["blob"])
    raw_pack("plain", c3)
    raw_pack("type-0", c3 + [entry(0, b"x")])
    raw_pack("type-5", c3 + [entry(5, b"x")])
    raw_pack("twice", c3 + c3[:1])
    raw_pack("known-again", c3 + [object_entry(ids["c1"])])
    raw_pack("size-too-small", c3 + [entry(3, b"hello", size=4)])
    raw_pack("size-too-large", c3 + [entry(3, b"hello", size=6)])
    raw_pack("no-zlib", c3 + [entry(3, b"hello", compressed=b"hello, world")])
    raw_pack("uncompressed", c3 + [entry(3, b"hello", compressed=zlib.compress(b"hello", 0))])
    raw_pack("bad-adler", c3 + [entry(3, b"hello", compressed=zlib.compress(b"hello")[:-1] + b"\0")])
    raw_pack("empty-blob", c3 + [entry(3, b"")])
    delta = delta_append(blob, b"more")
    base = bytes.fromhex(ids["blob"])
    raw_pack("ref-delta", c3 + [entry(7, delta, prefix=base)])
    raw_pack("ref-delta-first", [entry(7, delta, prefix=base)] + c3)
    raw_pack("ref-delta-thin", c3 + [entry(7, delta_append(git("cat-file", "commit", ids["c1"]), b"x"), bytes.fromhex(ids["c1"]))])
    raw_pack("delta-of-delta", c3 + [
        entry(7, delta, prefix=base),
        entry(7, delta_append(blob + b"more", b"!"), prefix=hashlib.sha1(b"blob %d\0" % (len(blob) + 4) + blob + b"more").digest())])
    raw_pack("missing-base", c3 + [entry(7, delta, prefix=b"\x9a" * 20)])
    raw_pack("self-delta", c3 + [entry(7, delta, prefix=hashlib.sha1(b"blob %d\0" % (len(blob) + 4) + blob + b"more").digest())])
    raw_pack("wrong-base-size", c3 + [entry(7, varint(len(blob) + 1) + delta[2:], prefix=base)])
    raw_pack("reserved-instruction", c3 + [entry(7, varint(len(blob)) + varint(1) + b"\0", prefix=base)])
    raw_pack("copy-beyond", c3 + [entry(7, varint(len(blob)) + varint(9) + b"\xff\xff\xff\xff\x7f\x09\0\0", prefix=base)])
    raw_pack("result-too-long", c3 + [entry(7, varint(len(blob)) + varint(1) + b"\x02ab", prefix=base)])
    raw_pack("result-too-short", c3 + [entry(7, varint(len(blob)) + varint(3) + b"\x02ab", prefix=base)])
    raw_pack("delta-size-huge", c3 + [entry(7, b"\xac" + b"\xff" * 7 + b"\x7f\x09", prefix=base)])
    raw_pack("delta-result-huge", c3 + [entry(7, varint(len(blob)) + b"\xff" * 8 + b"\x7f\0", prefix=base)])
    raw_pack("empty-delta", c3 + [entry(7, b"", prefix=base)])
    position = 12 + sum(map(len, c3))
    first = object_entry(ids["blob"])
    raw_pack("ofs-delta", c3 + [first, entry(6, delta, prefix=offset(len(first)))])
    raw_pack("ofs-to-header", c3 + [entry(6, delta, prefix=offset(position))])
    raw_pack("ofs-before-pack", c3 + [entry(6, delta, prefix=offset(position + 9))])
    raw_pack("ofs-between", c3 + [first, entry(6, delta, prefix=offset(len(first) - 1))])
    raw_pack("ofs-zero", c3 + [entry(6, delta, prefix=b"\0")])
    raw_pack("ofs-overflow", c3 + [entry(6, delta, prefix=b"\xff" * 12 + b"\x7f")])
    raw_pack("size-overflow", c3 + [b"\xbf" + b"\xff" * 12 + b"\x7f" + zlib.compress(b"x")])


def bad_objects():
    """Trees, commits and tags that git fsck judges; one pack for each, with the commit that needs it."""
    blob, sub = ids["blob"], tree(("100644", "x", ids["blob"]))
    zero = "0" * 40
    trees = {
        name: [("40000" if name.endswith("/") else "100644", text, blob)]
        for name, text in {
            "dot": ".", "dotdot": "..", "dotgit": ".git", "dotgit-case": ".GiT", "dotgit-ntfs": "git~1",
            "dotgit-dot": ".git.", "dotgit-space": ".git ", "dotgit-stream": ".git::$INDEX_ALLOCATION",
            "dotgit-hfs": ".g\u200cit", "slash": "a/b", "no-name": "", "dotgit-backslash": ".git\\x", "git2": "git~2",
            "gitfoo": ".gitfoo", "backslash": "a\\b", "newline": "a\nb", "control": "a\x01b", "long": "n" * 300,
            "colon": "con:", "dots": "...",
        }.items()
    }
    trees |= {
        "dotgit-tree": [("40000", ".git", sub)],
        "modules-link": [("120000", ".gitmodules", blob)],
        "modules-link-ntfs": [("120000", "gitmod~1", blob)],
        "attributes-link": [("120000", ".gitattributes", blob)],
        "modules-tree": [("40000", ".gitmodules", sub)],
        "unsorted": [("100644", "b", blob), ("100644", "a", blob)],
        "twice": [("100644", "a", blob), ("100644", "a", blob)],
        "file-and-folder": [("100644", "a", blob), ("100644", "a.b", blob), ("40000", "a", sub)],
        "folder-order": [("100644", "a.b", blob), ("40000", "a", sub), ("100644", "a0", blob)],
        "folder-order-bad": [("40000", "a", sub), ("100644", "a.b", blob)],
        "null": [("100644", "a", zero)],
        "null-link": [("160000", "a", zero)],
        "mode-664": [("100664", "a", blob)], "mode-600": [("100600", "a", blob)], "mode-0": [("0", "a", blob)],
        "mode-padded": [("040000", "a", sub)], "mode-pipe": [("10644", "a", blob)],
        "mode-huge": [("1" * 30, "a", blob)],
        "blob-as-tree": [("40000", "a", blob)], "tree-as-blob": [("100644", "a", sub)],
        "empty": [],
    }
    cases = {f"tree-{name}": commit(tree(*entries), ids["c2"]) for name, entries in trees.items()}
    cut = {"mode": b"100644", "name": b"100644 a", "id": b"100644 a\0123", "not-octal": b"1006x4 a\0" + b"1" * 20}
    cases |= {f"tree-cut-{name}": commit(write("tree", content), ids["c2"]) for name, content in cut.items()}
    for name, url in {
        "good": "https://example.org/x", "dash": "-u./payload", "relative": "../x",
        "newline": "https://example.org/%0ahost=evil", "empty-host": "https:///x",
    }.items():
        modules = write("blob", f'[submodule "m"]\n\tpath = m\n\turl = {url}\n'.encode())
        cases[f"modules-url-{name}"] = commit(tree(("100644", ".gitmodules", modules)), ids["c2"])
    for name, text in {
        "name": b'[submodule "../m"]\n\tpath = m\n\turl = x\n', "path": b'[submodule "m"]\n\tpath = -m\n\turl = x\n',
        "update": b'[submodule "m"]\n\tupdate = !sh\n\turl = x\n', "parse": b"[submodule\n",
    }.items():
        cases[f"modules-{name}"] = commit(tree(("100644", ".gitmodules", write("blob", text))), ids["c2"])
    cases |= bad_commits()
    for name, oid in cases.items():
        ids[name] = oid
        pack_bad(name, oid)
    for name, content in bad_tags().items():
        ids[name] = write("tag", content)
        pack(f"bad-{name}", ids[name])


def bad_commits():
    who, parent = "A <a@b> 1700000000 +0000", ids["c2"]
    head = f"tree {ids['t2']}\n"
    texts = {
        "no-author": f"{head}parent {parent}\ncommitter {who}\n\nm\n",
        "no-committer": f"{head}parent {parent}\nauthor {who}\n\nm\n",
        "two-authors": f"{head}author {who}\nauthor {who}\ncommitter {who}\n\nm\n",
        "order": f"{head}committer {who}\nauthor {who}\n\nm\n",
        "bad-parent": f"{head}parent 123\nauthor {who}\ncommitter {who}\n\nm\n",
        "upper-tree": f"tree {ids['t2'].upper()}\nauthor {who}\ncommitter {who}\n\nm\n",
        "no-tree": f"author {who}\ncommitter {who}\n\nm\n",
        "null-tree": f"tree {'0' * 40}\nauthor {who}\ncommitter {who}\n\nm\n",
        "no-email": f"{head}author A 1700000000 +0000\ncommitter {who}\n\nm\n",
        "no-space": f"{head}author A<a@b> 1700000000 +0000\ncommitter {who}\n\nm\n",
        "no-name": f"{head}author <a@b> 1700000000 +0000\ncommitter {who}\n\nm\n",
        "no-date": f"{head}author A <a@b>\ncommitter {who}\n\nm\n",
        "zero-date": f"{head}author A <a@b> 0700000000 +0000\ncommitter {who}\n\nm\n",
        "huge-date": f"{head}author A <a@b> 99999999999999999999 +0000\ncommitter {who}\n\nm\n",
        "bad-zone": f"{head}author A <a@b> 1700000000 +00\ncommitter {who}\n\nm\n",
        "long-zone": f"{head}author A <a@b> 1700000000 +05300\ncommitter {who}\n\nm\n",
        "negative-date": f"{head}author A <a@b> -1 +0000\ncommitter {who}\n\nm\n",
        "nul-in-header": f"{head}author A\0 <a@b> 1700000000 +0000\ncommitter {who}\n\nm\n",
        "nul-in-message": f"{head}author {who}\ncommitter {who}\n\nm\0n\n",
        "no-blank": f"{head}author {who}\ncommitter {who}\n",
        "unknown-header": f"{head}author {who}\ncommitter {who}\nfoo bar\n\nm\n",
        "encoding": f"{head}author {who}\ncommitter {who}\nencoding latin1\n\nm\n",
        "gpgsig": f"{head}author {who}\ncommitter {who}\ngpgsig x\n y\n\nm\n",
        "parent-is-tree": f"{head}parent {ids['t2']}\nauthor {who}\ncommitter {who}\n\nm\n",
        "tree-is-commit": f"tree {parent}\nauthor {who}\ncommitter {who}\n\nm\n",
        "same-parents": f"{head}parent {parent}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nm\n",
        "empty-message": f"{head}author {who}\ncommitter {who}\n\n",
        "angle": f"{head}author A <a>b> 1700000000 +0000\ncommitter {who}\n\nm\n",
        "empty": "",
    }
    return {f"commit-{name}": write("commit", text.encode()) for name, text in texts.items()}


def bad_tags():
    who, target = "tagger A <a@b> 1700000000 +0000\n", ids["c1"]
    head = f"object {target}\ntype commit\n"
    return {f"tag-{name}": text.encode() for name, text in {
        "good": f"{head}tag v9\n{who}\nm\n",
        "no-tagger": f"{head}tag v9\n\nm\n",
        "bad-tagger": f"{head}tag v9\ntagger A\n\nm\n",
        "no-name": f"{head}tag \n{who}\nm\n",
        "bad-name": f"{head}tag a..b\n{who}\nm\n",
        "bad-kind": f"object {target}\ntype comit\ntag v9\n{who}\nm\n",
        "no-kind": f"object {target}\ntag v9\n{who}\nm\n",
        "bad-object": f"object 12\ntype commit\ntag v9\n{who}\nm\n",
        "extra-header": f"{head}tag v9\n{who}foo bar\n\nm\n",
        "no-blank": f"{head}tag v9\n{who}",
        "nul": f"{head}tag v9\ntagger A\0 <a@b> 1700000000 +0000\n\nm\n",
        "null-object": f"object {'0' * 40}\ntype commit\ntag v9\n{who}\nm\n",
    }.items()}


def pack_bad(name, oid):
    """The objects that a strange commit needs and the server has not."""
    entries, seen = [], set()

    def add(one):
        if one in seen or one == "0" * 40:
            return
        seen.add(one)
        entries.append(object_entry(one))

    add(oid)
    content = git("cat-file", "commit", oid)
    if content.startswith(b"tree "):
        root = content[5:45].decode(errors="replace").lower()
        if root != "0" * 40 and git("cat-file", "-t", root).strip() == b"tree":
            add(root)
            rest = git("cat-file", "tree", root)
            while b"\0" in rest and len(rest) > rest.index(b"\0") + 20:
                end = rest.index(b"\0")
                is_link = rest.startswith(b"160000")
                child, rest = rest[end + 1 : end + 21].hex(), rest[end + 21 :]
                if child != "31" * 20 and not is_link:
                    add(child)
                    if child != "0" * 40 and git("cat-file", "-t", child).strip() == b"tree":
                        add(ids["blob"])
    raw_pack(f"bad-{name}", entries)


os.makedirs(f"{ROOT}/packs")
for repository in [SERVER, CLIENT]:
    git("init", "-q", "--bare", "--initial-branch=main", repository, repository=repository)
configure()
histories()
pack_range("base", f"{ids['c2']}\n{ids['tag']}")
with open(f"{ROOT}/packs/base", "rb") as base:
    git("index-pack", "--stdin", data=base.read(), repository=SERVER)
server_references()
good_packs()
incomplete_packs()
damaged_packs()
odd_packs()
bad_objects()
with open(f"{ROOT}/ids", "w") as file:
    file.writelines(f"{name} {oid}\n" for name, oid in ids.items())
