"""Repositories that are made once and kept outside of the checkout for later runs."""
import hashlib
import os
import shutil
import tempfile

from measure import Refused, progress, run


def repository(name, source, make):
    """A packed bare repository that `make` filled, given its path; made again when the text `source` changes."""
    path = f"{folder()}/{name}-{hashlib.sha256(source).hexdigest()[:12]}.git"
    if os.path.exists(path):
        return path
    progress(f"making {name}, once; it is kept in {path}")
    unfinished = tempfile.mkdtemp(prefix="unfinished-", dir=folder())
    try:
        run("git", "init", "-q", "--bare", unfinished)
        # As a developer's clone: no bitmaps, all cores.
        settings = {"repack.writeBitmaps": "false", "pack.threads": str(os.cpu_count()), "gc.auto": "0"}
        for setting, value in settings.items():
            run("git", "-C", unfinished, "config", setting, value)
        make(unfinished)
        run("git", "-C", unfinished, "pack-refs", "--all")
        # Another run may have been quicker.
        if not os.path.exists(path):
            os.rename(unfinished, path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return path


def folder():
    """A folder of our own below the one for temporary files; another's is not to be trusted."""
    path = f"{os.environ.get('TMPDIR', '/tmp').rstrip('/')}/martlet-bench-repositories-{os.getuid()}"
    os.makedirs(path, mode=0o700, exist_ok=True)
    if os.path.islink(path) or os.stat(path).st_uid != os.getuid():
        raise Refused(f"'{path}' belongs to somebody else; remove it or set TMPDIR")
    return path


def source_of(file):
    with open(file, "rb") as text:
        return text.read()
