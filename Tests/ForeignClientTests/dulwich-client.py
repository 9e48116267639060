"""Pushes and fetches with dulwich. Usage: dulwich-client.py push|fetch URL FOLDER; SSH by GIT_SSH_COMMAND."""

import sys

from dulwich.client import get_transport_and_path
from dulwich.objects import Tag
from dulwich.repo import Repo

action, url, folder = sys.argv[1:]
client, path = get_transport_and_path(url)


def commit(repo, name, text):
    with open(f"{folder}/{name}", "w") as file:
        file.write(text)
    repo.stage([name])
    return repo.do_commit(text.encode(), committer=b"D <d@example.org>", author=b"D <d@example.org>")


def send(repo, **changes):
    """Pushes; values are object IDs, or None to delete."""
    def wanted(old):
        return {f"refs/{name.replace('__', '/')}".encode(): value or b"0" * 40 for name, value in changes.items()}

    result = client.send_pack(path, wanted, generate_pack_data=repo.generate_pack_data)
    failed = {name: reason for name, reason in (result.ref_status or {}).items() if reason}
    print("failed", failed) if failed else print("pushed", " ".join(sorted(changes)))


if action == "push":
    repo = Repo.init(folder, mkdir=True)
    first = commit(repo, "file", "one")
    tag = Tag()
    tag.name, tag.tagger, tag.message, tag.tag_time, tag.tag_timezone = b"v1", b"D <d@example.org>", b"v1", 1700000000, 0
    tag.object = (type(repo[first]), first)
    repo.object_store.add_object(tag)
    send(repo, heads__a=first, heads__b=first, tags__v1=tag.id)
    second = commit(repo, "file", "two" * 50_000)
    send(repo, heads__a=second)
    send(repo, heads__b=None)
    send(repo, heads__c=first)
    send(repo, heads__a__sub=first)
    print("head", second.decode())
else:
    repo = Repo.init(folder, mkdir=True)
    result = client.fetch(path, repo)
    for name, value in sorted(result.refs.items()):
        print(value.decode(), name.decode())
    for _, value in result.refs.items():
        assert value in repo.object_store, value
    assert repo[result.refs[b"refs/heads/a"]].type_name == b"commit"
