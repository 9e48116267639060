"""Histories with the shape of real ones, made offline and always the same.

Thousands of commits on topic branches that are merged, nested folders, source-like files of which a few lines
change at a time (the more popular a file, the larger it grows), a few very large ones, and binary ones.
`git fast-import` takes them in, file by file so that each version meets the one before, and `git repack` gives them
the deltas and the order of a real pack.
"""
import bisect
import dataclasses
import fcntl
import random
import subprocess
import time

import cache
from measure import Refused, run


@dataclasses.dataclass(frozen=True)
class Shape:
    name: str
    commits: int
    files: int
    folders: int
    # Lines of a file at its beginning, and lines that a hunk replaces: means.
    lines: int
    hunk: int
    # The most that a common file grows to.
    most_lines: int
    # Text files of very many lines, and binary files of up to so many bytes.
    long_files: int
    long_lines: int
    binaries: int
    binary_bytes: int
    body_lines: int


LARGE = Shape("large", commits=69_000, files=4_400, folders=260, lines=400, hunk=9, most_lines=2_500,
              long_files=10, long_lines=14_000, binaries=60, binary_bytes=2_500_000, body_lines=9)
SMALL = Shape("small", commits=20_000, files=1_100, folders=90, lines=70, hunk=3, most_lines=450,
              long_files=2, long_lines=3_000, binaries=10, binary_bytes=250_000, body_lines=3)

SYLLABLES = "al ba con de er fi gra ha in jo ka lo mer no or pa qui re sta tu un ver wi xe yo zu".split()
ENDINGS = "c c c c h h sh txt py md".split()


class Vocabulary:
    """Words as common as those of a language, and lines of source made of them."""

    def __init__(self, chance):
        self.words = sorted({"".join(SYLLABLES[chance.getrandbits(16) % 26] for _ in range(1 + chance.getrandbits(2)))
                             for _ in range(4_000)}, key=lambda word: (len(word), word))
        self.chance = chance
        self.lines = [self.line().encode() for _ in range(60_000)]

    def word(self):
        return self.words[int(self.chance.random() ** 3 * len(self.words))]

    def line(self):
        word, kind = self.word, self.chance.getrandbits(8) % 10
        indent = "\t" * (1 + self.chance.getrandbits(4) % 3)
        if kind == 0:
            return "\n"
        if kind == 1:
            return f"{indent}}}\n"
        if kind == 2:
            return f"static int {word()}_{word()}(struct {word()} *{word()}, int {word()})\n"
        if kind == 3:
            return f"{indent}if ({word()}->{word()} > {word()} && !{word()})\n"
        if kind == 4:
            return f"{indent}/* {' '.join(word() for _ in range(8))} */\n"
        if kind < 8:
            return f"{indent}{word()} = {word()}_{word()}({word()}, {word()}->{word()});\n"
        return f"{indent}return {word()}({self.chance.getrandbits(10)}, \"{word()} {word()}\");\n"

    def some_lines(self, count):
        chance, lines = self.chance.random, self.lines
        return [lines[int(chance() * 60_000)] for _ in range(count)]


class Plan:
    """Who changes what, before any content: commits of (branch, parents, {file: version}), and each file's versions."""

    def __init__(self, shape, chance):
        self.shape, self.chance = shape, chance
        self.name_files()
        self.versions = [0] * len(self.paths)
        self.born, self.commits = 0, []
        self.cumulative, total = [], 0.0
        for weight in self.weights:
            total += weight
            self.cumulative.append(total)
        self.commit(b"work", [], {file: self.next_version(file) for file in range(self.be_born(shape.files // 20))})
        self.grow()

    def name_files(self):
        shape, chance, words = self.shape, self.chance, Vocabulary(random.Random(7)).words
        name = lambda: words[60 + int(chance.random() * (len(words) - 60))]
        folders = [""]
        for number in range(shape.folders):
            parent = folders[int(chance.random() ** 4 * len(folders))]
            folders.append(f"{parent if parent.count('/') < 5 else ''}{name()}{number}/")
        kinds = ["text"] * shape.files + ["long"] * shape.long_files + ["binary"] * shape.binaries
        self.kinds = sorted(kinds, key=lambda _: chance.random())
        self.paths, self.weights, self.neighbours = [], [], {folder: [] for folder in folders}
        for number in range(len(kinds)):
            folder = folders[int(chance.random() ** 3.6 * len(folders))]
            ending = "bin" if self.kinds[number] == "binary" else ENDINGS[chance.getrandbits(16) % len(ENDINGS)]
            self.paths.append(f"{folder}{name()}-{name()}{number}.{ending}")
            self.weights.append((1.0 - chance.random()) ** -0.7)
            self.neighbours[folder].append(number)

    def be_born(self, count):
        self.born = min(self.born + count, len(self.paths))
        return self.born

    def next_version(self, file):
        self.versions[file] += 1
        return self.versions[file] - 1

    def popular(self):
        return bisect.bisect(self.cumulative, self.chance.random() * self.cumulative[self.born - 1])

    def touched(self):
        """The files of one change: one or a few, mostly in one folder."""
        first = self.popular()
        files = {first}
        while self.chance.random() < 0.6 and len(files) < 30:
            folder = self.paths[first].rpartition("/")[0]
            near = self.neighbours[folder + "/" if folder else ""]
            file = near[int(self.chance.random() ** 2 * len(near))] if self.chance.random() < 0.75 else self.popular()
            if file < self.born:
                files.add(file)
        # A large share of the files comes into being with the change of another.
        if self.chance.random() < 1.3 * len(self.paths) / self.shape.commits and self.born < len(self.paths):
            files.add(self.be_born(1) - 1)
        return {file: self.next_version(file) for file in sorted(files)}

    def commit(self, branch, parents, changes):
        self.commits.append((branch, parents, changes))
        return len(self.commits)

    def grow(self):
        """Commits upon commits: a quarter on the trunk, the others on topics of a few that are merged."""
        trunk, tips = 1, [1]
        while len(self.commits) < self.shape.commits:
            if self.chance.random() < 0.4:
                trunk = self.commit(b"work", [trunk], self.touched())
            else:
                topic, all_changes = tips[-1 - int(self.chance.random() ** 2 * min(len(tips), 40))], {}
                for _ in range(1 + int(self.chance.random() ** 2 * 7)):
                    changes = self.touched()
                    all_changes.update(changes)
                    topic = self.commit(b"topic", [topic], changes)
                trunk = self.commit(b"work", [trunk, topic], all_changes)
            tips.append(trunk)


class Writer:
    """A plan as a stream for `git fast-import`."""

    def __init__(self, shape, out):
        self.shape, self.chance, self.out = shape, random.Random(f"history of {shape.name}"), out
        self.vocabulary = Vocabulary(self.chance)
        self.plan = Plan(shape, self.chance)
        self.first_mark, mark = [], len(self.plan.commits) + 1
        for versions in self.plan.versions:
            self.first_mark.append(mark)
            mark += versions

    def write(self):
        for file, versions in enumerate(self.plan.versions):
            for number, content in enumerate(self.contents(self.plan.kinds[file], versions)):
                self.out.write(b"blob\nmark :%d\ndata %d\n" % (self.first_mark[file] + number, len(content)))
                self.out.write(content)
                self.out.write(b"\n")
        for number, commit in enumerate(self.plan.commits, 1):
            self.commit(number, *commit)
        trunk = [number for number, commit in enumerate(self.plan.commits, 1) if commit[0] == b"work"]
        for number in trunk[999::1_000]:
            self.out.write(b"tag v%d\nfrom :%d\ntagger b <b@example.com> %d +0000\ndata 4\ntag\n"
                           % (number, number, 1_200_000_000 + number * 3_000))
        self.out.write(b"reset refs/heads/topic\nfrom 0000000000000000000000000000000000000000\n\ndone\n")

    def mean(self, count):
        return 1 + int(self.chance.expovariate(1) * count)

    def contents(self, kind, versions):
        return self.binaries(versions) if kind == "binary" else self.texts(kind == "long", versions)

    def texts(self, is_long, versions):
        """Versions of a text: a few hunks changed between one and the next."""
        shape, chance = self.shape, self.chance.random
        most = shape.long_lines if is_long else shape.most_lines
        # The more popular, the larger from the beginning.
        start = most // 2 if is_long else min(self.mean(shape.lines * (1 + versions / 60)), most)
        lines = self.vocabulary.some_lines(start)
        for _ in range(versions):
            yield b"".join(lines)
            for _ in range(1 + int(chance() ** 2 * 4)):
                place, gone = int(chance() * len(lines)), self.mean(shape.hunk) - 1
                # Grows by a third of what changes, until it is long enough.
                more = gone + self.mean(shape.hunk // 3) if len(lines) < most else gone // 2
                lines[place:place + gone] = self.vocabulary.some_lines(max(more, 1))

    def binaries(self, versions):
        """Versions of a file that does not compress: a stretch of it is new in each."""
        size = 2_000 + int(self.chance.random() ** 3 * self.shape.binary_bytes)
        content = self.chance.randbytes(size)
        for _ in range(min(versions, 4)):
            yield content
            place = int(self.chance.random() * size)
            content = content[:place] + self.chance.randbytes(size // 20) + content[place + size // 20:]
        # Later changes only count: they keep it in the stream's numbering.
        for number in range(4, versions):
            yield content + b"%d" % number

    def commit(self, number, branch, parents, changes):
        word, chance = self.vocabulary.word, self.chance
        subject = f"{word()}: {' '.join(word() for _ in range(3 + chance.getrandbits(2)))}"
        body = "".join(" ".join(word() for _ in range(11)) + "\n" for _ in range(self.mean(self.shape.body_lines) - 1))
        name = b"%s%d" % (word().encode(), chance.getrandbits(10) % 700)
        author = b"%s %s <%s@example.com>" % (name, word().encode(), name)
        text = f"{subject}\n\n{body}\nSigned-off-by: ".encode() + author + b"\n"
        out = [b"commit refs/heads/%s\nmark :%d\nauthor %s %d +0100\ncommitter %s %d +0000\ndata %d\n%s"
               % (branch, number, author, 1_200_000_000 + number * 3_000 - chance.getrandbits(16), author,
                  1_200_000_000 + number * 3_000, len(text), text)]
        out += [(b"from :%d\n", b"merge :%d\n")[place] % parent for place, parent in enumerate(parents)]
        for file, version in changes.items():
            path = self.plan.paths[file].encode()
            mode = b"755" if path.endswith(b".sh") else b"644"
            out.append(b"M %s :%d %s\n" % (mode, self.first_mark[file] + version, path))
        self.out.write(b"".join(out))


class History:
    """A packed bare repository of a shape, and how a push of it is spelled."""

    def __init__(self, shape):
        source = repr(shape).encode() + cache.source_of(__file__)
        self.path = cache.repository(f"{shape.name}-history", source, lambda path: make(shape, path))
        self.references = ["refs/heads/work", "refs/tags/*:refs/tags/*"]

    def client_floor(self):
        """Seconds that the client alone needs for such a push: what no server can be faster than."""
        begin = time.monotonic()
        words = ["git", "-C", self.path, "pack-objects", "--all", "--delta-base-offset", "--stdout", "-q"]
        subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        return time.monotonic() - begin

    def counts(self):
        with open(f"{self.path}/counts") as file:
            return file.read()


def make(shape, path):
    words = ["git", "-C", path, "fast-import", "--quiet", "--done"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, bufsize=1 << 20) as importer:
        fcntl.fcntl(importer.stdin, fcntl.F_SETPIPE_SZ, 1 << 20)
        Writer(shape, importer.stdin).write()
    if importer.returncode:
        raise Refused(f"git fast-import did not take the {shape.name} history")
    run("git", "-C", path, "symbolic-ref", "HEAD", "refs/heads/work")
    run("git", "-C", path, "repack", "-adfq", "--depth=50", "--window=10")
    with open(f"{path}/counts", "w") as file:
        file.write(count(path))


def count(path):
    """What a repository really holds, in words."""
    line = "%(objecttype) %(objectsize) %(objectsize:disk) %(deltabase)"
    listing = run("git", "-C", path, "cat-file", "--batch-all-objects", "--unordered", f"--batch-check={line}")
    kinds, deltas, inflated, packed = {}, 0, 0, 0
    for kind, size, stored, base in (line.split() for line in listing.splitlines()):
        kinds[kind] = kinds.get(kind, 0) + 1
        deltas += base.strip("0") != ""
        inflated, packed = inflated + int(size), packed + int(stored)
    parts = ", ".join(f"{number:,} {kind}s" for kind, number in sorted(kinds.items()))
    return (f"{sum(kinds.values()):,} objects ({parts}), {deltas:,} deltas, {packed / 1e6:.0f} MB packed, "
            f"{inflated / 1e9:.2f} GB inflated")
