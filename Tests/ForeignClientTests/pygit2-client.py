"""Pushes and fetches with libgit2 (pygit2). Usage: pygit2-client.py push|fetch URL FOLDER KEY"""

import sys

import pygit2

action, url, folder, key = sys.argv[1:]


class Callbacks(pygit2.RemoteCallbacks):
    def credentials(self, url, username, allowed):
        return pygit2.Keypair("git", f"{key}.pub", key, "")

    def certificate_check(self, certificate, valid, host):
        return True

    def push_update_reference(self, name, message):
        print("failed" if message else "pushed", name, message or "")


def commit(repo, text, parents):
    builder = repo.TreeBuilder()
    builder.insert("file", repo.create_blob(text.encode()), pygit2.GIT_FILEMODE_BLOB)
    who = pygit2.Signature("P", "p@example.org", 1700000000, 60)
    return repo.create_commit("refs/heads/a", who, who, text, builder.write(), parents)


if action == "push":
    repo = pygit2.init_repository(folder, bare=True)
    remote = repo.remotes.create("origin", url)
    first = commit(repo, "one", [])
    repo.create_tag("v1", first, pygit2.GIT_OBJ_COMMIT, pygit2.Signature("P", "p@example.org", 1700000000, 60), "v1")
    repo.references.create("refs/heads/b", first)
    remote.push(["refs/heads/a", "refs/heads/b", "refs/tags/v1"], callbacks=Callbacks())
    second = commit(repo, "two" * 50_000, [first])
    remote.push(["refs/heads/a"], callbacks=Callbacks())
    remote.push([":refs/heads/b"], callbacks=Callbacks())
    remote.push(["refs/heads/a:refs/heads/c"], callbacks=Callbacks())
    remote.push(["refs/heads/a:refs/heads/a/sub"], callbacks=Callbacks())
    print("head", second)
else:
    repo = pygit2.clone_repository(url, folder, bare=True, callbacks=Callbacks())
    for name in sorted(repo.references):
        print(repo.references[name].target, name)
    assert repo.get(repo.references["refs/remotes/origin/a"].target) is not None
