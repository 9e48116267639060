"""Makes the corpora that fuzzing starts from, out of what the differential tests play: seed.py WORLD CORPUS

WORLD is a folder that Tests/DifferentialTests/world.py made. Run again when a parser learns something new.
"""

import os
import struct
import subprocess
import sys
import zlib

world, corpus = sys.argv[1:]
ids = dict(line.split() for line in open(f"{world}/ids"))


def seed(target, name, data):
    os.makedirs(f"{corpus}/{target}", exist_ok=True)
    with open(f"{corpus}/{target}/{name}", "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def packet(data):
    data = data if isinstance(data, bytes) else data.encode()
    return b"%04x" % (len(data) + 4) + data


def pack(name):
    with open(f"{world}/packs/{name}", "rb") as file:
        return file.read()


main = f"{ids['c2']} {ids['c3']} refs/heads/main"
usual = "\0 report-status-v2 side-band-64k atomic push-options object-format=sha1 agent=git/2.39.5 session-id=1-2"
requests = {
    "push": packet(main + usual.replace(" push-options", "")) + b"0000" + pack("c3"),
    "options": packet(main + usual) + b"0000" + packet("ci.skip") + packet("a=b\n") + b"0000" + pack("empty"),
    "delete": packet(f"{ids['c1']} {'0' * 40} refs/heads/old\0report-status\n") + b"0000",
    "two": packet(main + "\0report-status") + packet(f"{'0' * 40} {ids['c1']} refs/tags/x\n") + b"0000",
    "shallow": packet(f"shallow {ids['c1']}") + packet(main + "\0") + b"0000",
    "nothing": b"0000",
    "certificate": packet("push-cert\0report-status") + b"0000",
}
for name, data in requests.items():
    seed("push-request", name, data[:2000])
    seed("packets", name, data[:600])
want, have = f"want {ids['c2']}", f"have {ids['c1']}"
plain = {
    "clone": packet(want + " multi_ack_detailed side-band-64k ofs-delta\n") + b"0000" + packet("done\n"),
    "haves": packet(want + " multi_ack") + b"0000" + packet(have) + b"0000" + packet("done"),
    "deepen": packet(want) + packet("shallow " + ids["c1"]) + packet("deepen 2") + b"0000" + packet("done"),
    "since": packet(want) + packet("deepen-since 1700000000") + packet("deepen-not main") + b"0000",
    "nothing": b"0000",
}
fetch = packet("command=fetch") + packet("agent=x") + packet("object-format=sha1") + b"0001"
commands = {
    "list": packet("command=ls-refs\n") + b"0001" + packet("peel") + packet("symrefs") + packet("ref-prefix refs/") + b"0000",
    "fetch": fetch + packet(want) + packet(have) + packet("thin-pack") + packet("done\n") + b"0000",
    "deepen": fetch + packet(want) + packet("deepen 1") + packet("deepen-relative") + b"00000000",
    "wait": fetch + packet("wait-for-done") + packet(have) + b"0000", "bare": packet("command=fetch") + b"0000",
    "since": fetch + packet(want) + packet("deepen-since 1") + packet("deepen-not a") + packet("shallow " + ids["c1"]) + b"0000",
}
for target, seeds in [("fetch-request", plain), ("commands", commands)]:
    for name, data in seeds.items():
        seed(target, name, data)
for name, text in {
    "delimiter": b"2000a" + b"0001", "v2": b"2" + packet("command=ls-refs\n") + b"0001" + packet("peel\n") + b"0000",
    "long": b"fff0" + b"x" * 100, "bad": b"0003", "upper": b"000Aabcdef",
}.items():
    seed("packets", name, text)
for number, line in enumerate([
    "git-receive-pack '/shop.git'", "git receive-pack 'a b'", "git-upload-pack '/it'\\''s'", "apps create shop", "scp -t .",
    "/usr/bin/git-receive-pack x", "config set A=\"b c\" 'd'", "git-lfs-authenticate x download", "a\\ b \"c\\\"d\" ''",
]):
    seed("exec-command", str(number), line)
for number, name in enumerate([
    "main", "a/b", "a.lock", "a..b", "@{", "a.lock/b", "-x", "refs/heads/\u00e4", "HEAD", ".a", "a.", "a~1", "a//b", "@",
]):
    seed("reference-name", str(number), name)
    seed("reference-name", f"full-{number}", f"refs/tags/{name}")
for number, text in enumerate([usual, "report-status", " a=1 a=2\tb\0c\n", "agent=git/2.0 session-id=x object-format=sha256"]):
    seed("capabilities", str(number), text)
for number, text in enumerate([
    "one\ntwo\n\nthree", "50%\r100%\r\n", "\x1b[31mred\x1b[0m \x1b[K", "\u202eabc", "\x07\x9b", "\u00e4" * 20, "\x1b]0;t\x07",
]):
    seed("lines", str(number), text)
    seed("control-characters", str(number), text)
for name in ["c3", "c3-ofs", "c3-thin", "ofs-delta", "ref-delta", "delta-of-delta", "tags", "twice", "type-0", "bad-zlib", "ofs-zero"]:
    data = pack(name)
    seed("pack", name, bytes([struct.unpack(">I", data[8:12])[0] & 15]) + data[12:-20])


def varint(value):
    return bytes([value]) if value < 128 else bytes([value & 0x7F | 0x80]) + varint(value >> 7)


base = varint(300)
for name, delta in {
    "copy": base + varint(300) + b"\xb0\x2c\x01", "insert": base + varint(3) + b"\x03abc", "zero-size": base + varint(65536) + b"\x80",
    "both": base + varint(8) + b"\x91\x05\x04" + b"\x04wxyz", "reserved": base + varint(1) + b"\0", "empty": base + b"\0",
    "beyond": base + varint(9) + b"\xff\xff\xff\xff\x7f\x09\0\0", "long": base + varint(600) + b"\xb0\x2c\x01" * 2,
}.items():
    seed("delta", name, delta)
    seed("delta", f"{name}-2", delta + b"\x01x")
git = lambda *words: subprocess.run(["git", "--git-dir", f"{world}/client.git", *words], capture_output=True, check=True).stdout
for name, oid in ids.items():
    if not name.startswith(("commit-", "tree-", "tag", "modules-")):
        continue
    kind = git("cat-file", "-t", oid).decode().strip()
    if kind == "commit" and name.startswith("tree-"):
        oid, kind = git("cat-file", "commit", oid)[5:45].decode(), "tree"
    seed("objects", name, bytes([["commit", "tree", "tag"].index(kind)]) + git("cat-file", kind, oid)[:1000])
