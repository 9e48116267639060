"""Listing very many references."""
import os
import shutil

import cache
from measure import Pairs, Refused, in_turn, run

BRANCHES, TAGS, COMMITS, TAG_OBJECTS, ROUNDS = 40_000, 10_000, 4_000, 500, 9
# No push has more than 10,000 references: more than that is more than a server needs to take at once.
FOLDERS_A_PUSH = 10
TITLE = f"ls-remote of {BRANCHES + TAGS:,} references"


def list_references(bench):
    """As they are once pushed from a mirror clone, and then after `git pack-refs` on both servers."""
    mirror = cache.repository("references", cache.source_of(__file__), make_mirror)
    taken = Pairs(bench.servers)
    for server in bench.servers:
        url = server.repository("references")
        taken.add(server, sum(server.push(mirror, url, *specifications) for specifications in parts()))
        server.settle()
    ours, peers = taken.both()
    measure(bench, f"{TITLE}, just pushed", f"these pushes {ours:.1f} s of {peers:.1f} s")
    for server in bench.servers:
        run("git", "-c", "safe.directory=*", "-C", server.path("references"), "pack-refs", "--all")
    run("chown", "-R", bench.sshd.user, bench.sshd.path("references"))
    measure(bench, f"{TITLE}, packed", "")
    for server in bench.servers:
        server.drop("references")


def measure(bench, title, detail):
    walls, listed = Pairs(bench.servers), {}
    for number in range(-1, ROUNDS):
        for server in in_turn(bench.servers, number):
            seconds = server.git("ls-remote", server.url("references"))
            # The first of each is not counted.
            walls.add(server, seconds) if number >= 0 else listed.update({server.name: listing(server)})
    if listed["martlet"] != listed["sshd"]:
        raise Refused(f"lists {len(listed['martlet']):,} references, not the {len(listed['sshd']):,} of the peer")
    walls.report(title, 0.50, "ms", 1000, detail)


def listing(server):
    """What a client sees, without HEAD, which each server chooses."""
    words = ["git", "ls-remote", server.url("references")]
    lines = run(*words, env=server.environment()).splitlines()
    return {line for line in lines if not line.endswith("\tHEAD")}


def parts():
    """Reference specifications that cover the mirror, a push's worth each."""
    folders = [f"heads/topic/{number}" for number in range(BRANCHES // 1000)]
    folders += [f"tags/{number}" for number in range(TAGS // 1000)]
    specifications = [f"refs/{folder}/*:refs/{folder}/*" for folder in folders]
    return [specifications[start:start + FOLDERS_A_PUSH] for start in range(0, len(folders), FOLDERS_A_PUSH)]


def make_mirror(path):
    """What a mirror clone of a repository with that many branches and annotated tags is, and nothing else of size."""
    person, stream = lambda number: f"b <b@example.com> {1_700_000_000 + number} +0000", []
    for number in range(1, COMMITS + 1):
        stream.append(f"commit refs/heads/first\nmark :{number}\ncommitter {person(number)}\ndata 6\ncommit\n"
                      f"M 644 inline file\ndata <<END\n{number}\nEND\n\n")
    for number in range(TAG_OBJECTS):
        stream.append(f"tag {number}\nfrom :{number + 1}\ntagger {person(number)}\ndata 3\ntag\n")
    git = lambda *words, **options: run("git", "-C", path, *words, **options)
    git("fast-import", "--quiet", input="".join(stream))
    commits, tags = git("rev-list", "first").split(), git("for-each-ref", "--format=%(objectname)", "refs/tags").split()
    # As many files, one a reference, would take long to remove.
    shutil.rmtree(f"{path}/refs/heads"), shutil.rmtree(f"{path}/refs/tags")
    os.mkdir(f"{path}/refs/heads")
    lines = [f"{commits[number % COMMITS]} refs/heads/topic/{number // 1000}/{number}\n" for number in range(BRANCHES)]
    lines += [f"{tags[number % TAG_OBJECTS]} refs/tags/{number // 1000}/v{number}\n" for number in range(TAGS)]
    with open(f"{path}/packed-refs", "w") as file:
        file.writelines(sorted(lines, key=lambda line: line.split()[1]))
