"""Pushes of a large app of which little or nothing changed: what they take beside the build itself.

The peer is the docker client with BuildKit, on a folder of the same files, in turn with Martlet. Each changes the one
file to something else, so that neither finds in BuildKit's cache what the other built.
"""
import os
import random
import shutil
import statistics

from measure import report, run, timed
from running import remove_app

APP, FILES, FILE_BYTES, ROUNDS, GOAL = "rebuilds", 3_000, 10_000, 5, 1.0
DOCKER, IMAGE = "/usr/bin/docker", f"martlet-bench-{os.getpid()}"
DOCKERFILE = """FROM martlet/busybox
COPY . /www
CMD ["httpd", "-f", "-p", "5000", "-h", "/www"]
"""


class App:
    """The app, deployed, and a folder with the same files that no git knows."""

    def __init__(self, bench):
        self.martlet, self.path, self.plain = bench.martlet, f"{bench.work}/{APP}", f"{bench.work}/{APP}-plain"
        run(f"{bench.root}/etc/base-image")
        self.write_files()
        shutil.copytree(self.path, self.plain)
        self.git("init", "-q", "-b", "main")
        self.images = []
        bench.at_end.callback(self.remove_images)
        bench.at_end.callback(remove_app, self.martlet, APP)
        # The first build of each is not measured.
        self.commit("first")
        self.push()
        self.build()

    def write_files(self):
        source = random.Random(1)
        for number in range(FILES):
            folder = f"{self.path}/data/{number % 30}"
            os.makedirs(folder, exist_ok=True)
            with open(f"{folder}/{number}", "wb") as file:
                file.write(source.randbytes(FILE_BYTES))
        with open(f"{self.path}/Dockerfile", "w") as file:
            file.write(DOCKERFILE)
        self.change(self.path, "first")

    def change(self, path, text):
        with open(f"{path}/index.html", "w") as file:
            file.write(text + "\n")

    def git(self, *words):
        return run("git", "-C", self.path, "-c", "user.name=b", "-c", "user.email=b@example.com", *words)

    def commit(self, text):
        self.git("add", ".")
        self.git("commit", "-q", "--allow-empty", "-m", text)

    def push(self):
        """Seconds of a push until there is its release, and those until that serves; zero for a push without one."""
        before = self.releases()
        wall = self.martlet.push(self.path, self.martlet.url(APP), "main")
        if self.releases() == before:
            return wall, 0
        after = float(self.sql("extract(epoch from live_at - created_at)", "order by number desc limit 1"))
        return wall - after, after

    def releases(self):
        return int(self.sql("count(*)"))

    def sql(self, what, suffix=""):
        apps = f"app_id = (select id from apps where name = '{APP}')"
        return self.martlet.sql(f"select {what} from releases where {apps} {suffix}")

    def build(self):
        """Seconds that the docker client takes for the same files."""
        self.images.append(f"{IMAGE}:{len(self.images)}")
        words = [DOCKER, "build", "--progress=plain", "--tag", self.images[-1], self.plain]
        return timed(words, dict(os.environ, DOCKER_BUILDKIT="1"))

    def remove_images(self):
        run(DOCKER, "rmi", "-f", *self.images, check=False)


def app(bench):
    """The same one for both lines."""
    if not hasattr(bench, "rebuilds"):
        bench.rebuilds = App(bench)
    return bench.rebuilds


def changed(bench):
    def prepare(ours, number):
        ours.change(ours.path, f"pushed {number}")
        ours.change(ours.plain, f"built {number}")
    measure(bench, "cached rebuild", prepare)


def unchanged(bench):
    measure(bench, "no-change push", lambda ours, number: None)


def measure(bench, title, prepare):
    ours, own, builds, after = app(bench), [], [], []
    for number in range(ROUNDS):
        prepare(ours, number)
        ours.commit(f"{title} {number}")
        if number % 2:
            build, (push, live) = ours.build(), ours.push()
        else:
            (push, live), build = ours.push(), ours.build()
        own.append(push - build), builds.append(build), after.append(live)
    median = statistics.median
    report(f"{title}, Martlet's own time", max(0, median(own)) / GOAL, 1.0,
           f"{median(own):.2f} s of {GOAL:.0f} s allowed, single rounds {min(own):.2f} to {max(own):.2f}; docker build "
           f"{median(builds):.2f} s, from build to live {median(after):.2f} s; {FILES} files of {FILE_BYTES} bytes")
