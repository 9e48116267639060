"""Plays fetching clients to git upload-pack and to the program under test, and prints what each answered.

Usage: fetches.py PROGRAM… < CASES. Cases and answers are JSON: a case has a `repository` (full, empty, detached or
headless), a `version` (0, 1 or 2) and `lines`, each a packet; `0000`, `0001` and `0002` are special packets, `raw:…` is
sent as it is, and `@name` stands for an object's ID. An answer is a list of lines for each side; what is in a pack comes
as a sorted list of IDs.
"""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.org",
}
# What git says to its own standard error where a client has no band for it.
PROGRESS = re.compile("Enumerating|Counting|Compressing|Total")
PROGRAMS = {"git": ["git", "upload-pack"], "ours": sys.argv[1:]}


def git(repository, *words, data=b"", check=True):
    command = ["git", "--git-dir", repository, *words]
    return subprocess.run(command, input=data, capture_output=True, env=ENVIRONMENT, check=check).stdout


class World:
    """Four repositories, and the names of what is in them."""

    def __init__(self, folder):
        self.folder, self.names, self.stream = folder, [], []
        self.path = {name: f"{folder}/{name}.git" for name in ["full", "empty", "detached", "headless"]}
        for path in self.path.values():
            git(path, "init", "-q", "--bare", "--initial-branch=main")
            git(path, "config", "transfer.hideRefs", "refs/martlet")
        self.history()
        full = self.path["full"]
        marks = f"{folder}/marks"
        git(full, "fast-import", "--quiet", f"--export-marks={marks}", data="".join(self.stream).encode())
        found = dict(line.split() for line in open(marks))
        self.ids = {name: found[f":{mark}"] for mark, name in enumerate(self.names, 1)}
        self.ids |= {f"{name}-tree": self.parse(f"{self.ids[name]}^{{tree}}") for name in ["c9", "c1"]}
        self.ids |= {f"{name}-blob": self.parse(f"{self.ids[name]}:file") for name in ["c9", "c1"]}
        self.ids |= {"v1": self.parse("refs/tags/v1"), "unknown": "12" * 20, "zero": "0" * 40}
        self.references()

    def parse(self, revision):
        return git(self.path["full"], "rev-parse", revision).decode().strip()

    def commit(self, name, parents, reference="refs/martlet/all"):
        self.names.append(name)
        mark = len(self.names)
        numbers = [self.names.index(parent) + 1 for parent in parents]
        lines = [f"line {n} of {name if n % 40 == mark else 'all'}\n" for n in range(200)]
        text = "".join(lines)
        who = f"A <a@example.org> {1_700_000_000 + 1000 * mark} +0000"
        self.stream.append(f"reset {reference}\n" if not numbers else "")
        self.stream.append(f"commit {reference}\nmark :{mark}\nauthor {who}\ncommitter {who}\ndata {len(name)}\n{name}\n")
        for word, number in zip(["from", "merge", "merge"], numbers):
            self.stream.append(f"{word} :{number}\n")
        for path in ["file", f"sub/{name}", "sub/deep/same"]:
            content = "same" if path.endswith("same") else text
            self.stream.append(f"M 644 inline {path}\ndata {len(content)}\n{content}\n")

    def history(self):
        """c1 … c6 - m7 - c8 - c9, with s1 … s3 from c3 into m7; u1 - u2 apart; h1 hidden and d1 dangling on c9."""
        for number in range(1, 7):
            self.commit(f"c{number}", [f"c{number - 1}"] if number > 1 else [])
        for number in range(1, 4):
            self.commit(f"s{number}", [f"s{number - 1}" if number > 1 else "c3"])
        for name, parents in [("m7", ["c6", "s3"]), ("c8", ["m7"]), ("c9", ["c8"]), ("h1", ["c9"]), ("d1", ["c9"])]:
            self.commit(name, parents)
        self.commit("u1", [])
        self.commit("u2", ["u1"])
        mark = self.names.index("c5") + 1
        who = "T <t@example.org> 1700050000 +0000"
        self.stream.append(f"tag v1\nfrom :{mark}\ntagger {who}\ndata 3\nv1\n\n")

    def references(self):
        full, ids = self.path["full"], self.ids
        for name, value in {
            "heads/main": "c9", "heads/side": "s3", "heads/old": "c2", "heads/other": "u2", "tags/light": "c3",
            "martlet/secret": "h1", "tags/tree": "c9-tree", "notes/x": "u1",
        }.items():
            git(full, "update-ref", f"refs/{name}", ids[value])
        git(full, "update-ref", "-d", "refs/martlet/all")
        for name, value in [("v2", "v1"), ("blob", ids["c1-blob"])]:
            git(full, "tag", "-a", "-m", name, name, value)
            ids[name if name == "v2" else "blob-tag"] = self.parse(f"refs/tags/{name}")
        git(full, "symbolic-ref", "refs/heads/alias", "refs/heads/main")
        git(full, "symbolic-ref", "refs/heads/broken", "refs/heads/nowhere")
        git(full, "symbolic-ref", "refs/heads/inside", "refs/martlet/secret")
        git(full, "pack-refs", "--all")
        git(full, "update-ref", "refs/heads/loose", ids["c8"])
        for name in ["detached", "headless"]:
            with open(f"{self.path[name]}/objects/info/alternates", "w") as file:
                file.write(f"{full}/objects\n")
            git(self.path[name], "update-ref", "refs/heads/one", ids["c2"])
        git(self.path["detached"], "update-ref", "--no-deref", "HEAD", ids["c4"])

    def input(self, lines):
        """The bytes that a case's lines stand for."""
        out = b""
        for line in lines:
            line = re.sub(f"@({'|'.join(sorted(self.ids, reverse=True))})", lambda found: self.ids[found[1]], line)
            if line in ["0000", "0001", "0002"]:
                out += line.encode()
            elif line.startswith("raw:"):
                out += line[4:].encode()
            else:
                out += b"%04x" % (len(line.encode()) + 4) + line.encode()
        return out

    def label(self, text):
        """IDs as names, where they have one."""
        names = {value: f"@{name}" for name, value in self.ids.items()}
        return re.sub(r"\b[0-9a-f]{40}\b", lambda found: names.get(found[0], found[0]), text)


class Answer:
    """What one side said, taken apart."""

    def __init__(self, world, case, side, number):
        self.world, self.side = world, side
        self.scratch = f"{world.folder}/{number}-{side}"
        environment = dict(ENVIRONMENT, GIT_PROTOCOL=f"version={case['version']}" if case["version"] else "")
        self.repository = world.path[case["repository"]]
        given = world.input(case["lines"])
        self.is_thin = b"thin-pack" in given
        done = subprocess.run(
            ["timeout", "60", *PROGRAMS[side], self.repository], input=given, capture_output=True, env=environment)
        self.lines = [f"status {done.returncode}"]
        self.pack, self.is_banded = b"", False
        self.take(done.stdout)
        if self.pack:
            self.lines += self.objects()
        told = [line.replace("'", "") for line in done.stderr.decode(errors="replace").splitlines()]
        self.lines += [f"error: {line}" for line in told if line and not PROGRESS.match(line)]
        self.lines = [world.label(line) for line in self.lines]
        self.sort_ends()

    def take(self, out):
        while out:
            if out.startswith(b"PACK"):
                self.pack = out
                return
            try:
                size = int(out[:4], 16)
            except ValueError:
                self.lines.append(f"no packet: {out[:40]}")
                return
            if size < 4:
                self.lines.append(["flush", "delimiter", "end", "3"][size])
                out = out[4:]
                continue
            self.line(out[4:size])
            out = out[size:]

    def sort_ends(self):
        """The ends of a history come in any order."""
        places = [place for place, line in enumerate(self.lines) if re.match("(un)?shallow ", line)]
        for place, line in zip(places, sorted(self.lines[place] for place in places)):
            self.lines[place] = line

    def line(self, data):
        if data[:1] in [b"\1", b"\2", b"\3"]:
            self.pack += data[1:] if data[:1] == b"\1" else b""
            if data[:1] == b"\3":
                self.lines.append(f"band 3: {data[1:].decode(errors='replace').strip()}")
            return
        text, _, words = data.decode(errors="replace").partition("\0")
        if text.startswith("agent="):
            return
        self.lines.append(text.rstrip("\n"))
        self.lines += [f"capability {word}" for word in sorted(words.split()) if not word.startswith("agent=")]

    def objects(self):
        words = ["--fix-thin"] if self.is_thin else []
        done = subprocess.run(
            ["git", "--git-dir", self.world.path["full"], "index-pack", "--stdin", *words, f"{self.scratch}.pack"],
            input=self.pack, capture_output=True, env=ENVIRONMENT)
        if done.returncode:
            return [f"bad pack: {done.stderr.decode().strip()}"]
        with open(f"{self.scratch}.idx", "rb") as file:
            rows = [line.split() for line in git(self.repository, "show-index", data=file.read()).splitlines()]
        # Bases that the pack lacked follow what was in it.
        rows = sorted(rows, key=lambda row: int(row[0]))[: int.from_bytes(self.pack[8:12], "big")]
        return sorted(f"object {row[1].decode()}" for row in rows)


def excused(world, case, answers):
    """Without what git sends although the client has it all the same, and we do not."""
    named = re.findall(r"^(?:have|shallow) @(\S+)", "\n".join(case["lines"]), re.M)
    if not any(line.startswith("have @") for line in case["lines"]):
        named = []
    known = [world.ids[name] for name in named if name != "unknown"]
    if known:
        words = ["--no-walk"] if any(line.startswith("shallow ") for line in case["lines"]) else []
        words = ["--objects", "--no-object-names", "--ignore-missing", *words, *known]
        listed = git(world.path["full"], "rev-list", *words).decode().split()
        needless = {world.label(f"object {one}") for one in listed} - set(answers["ours"])
        answers["git"] = [line for line in answers["git"] if line not in needless]
    return answers


with tempfile.TemporaryDirectory() as folder:
    world = World(folder)
    cases = json.load(sys.stdin)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        jobs = [
            {side: pool.submit(Answer, world, case, side, number) for side in PROGRAMS}
            for number, case in enumerate(cases)
        ]
        answers = [{side: job.result().lines for side, job in pair.items()} for pair in jobs]
    json.dump([excused(world, *pair) for pair in zip(cases, answers)], sys.stdout)
