"""A server with hundreds of apps that do nothing: what a look at all of them takes, and a change of one's routes.

It is a Martlet of its own, whose log tells how long each took. Its apps are pushed, each with a container that runs.
"""
import concurrent.futures
import os
import re
import statistics

from measure import progress, report, run, wait_for
from servers import Martlet

APPS, PASSES, CHANGES, AT_ONCE = 300, 7, 5, 4
DOCKER = "/usr/bin/docker"
DOCKERFILE = """FROM martlet/busybox
COPY index.html /www/
EXPOSE 5000
CMD ["httpd", "-f", "-p", "5000", "-h", "/www"]
"""


class Fleet:
    def __init__(self, bench):
        run(f"{bench.root}/etc/base-image")
        self.work = f"{bench.work}/fleet"
        os.mkdir(self.work)
        os.chmod(self.work, 0o755)
        for name in ("key", "key.pub"):
            os.link(f"{bench.work}/{name}", f"{self.work}/{name}")
        self.martlet = Martlet(self.work, bench.martlet.program, MARTLET_LOG_LEVEL="debug", MARTLET_GUARD_SECONDS="0")
        self.label = "label=martlet.installation=" + self.martlet.sql("select id from installation")
        bench.at_end.callback(self.remove)
        self.path = f"{self.work}/app"
        self.make()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for number, _ in enumerate(pool.map(self.push, range(APPS)), 1):
                if number % 50 == 0:
                    progress(f"{number} of {APPS} apps run")
        waiting = "select count(*) from processes where state in ('starting', 'draining')"
        wait_for(lambda: self.martlet.sql(waiting) == "0", "all is quiet")

    def make(self):
        os.mkdir(self.path)
        for name, text in (("Dockerfile", DOCKERFILE), ("index.html", "idle\n")):
            with open(f"{self.path}/{name}", "w") as file:
                file.write(text)
        git = lambda *words: run("git", "-C", self.path, "-c", "user.name=b", "-c", "user.email=b@example.com", *words)
        git("init", "-q", "-b", "main"), git("add", "."), git("commit", "-q", "-m", "idle")

    def push(self, number):
        self.martlet.push(self.path, self.martlet.url(f"idle-{number}"), "main")

    def times(self, words):
        """The seconds of each line of the log that begins with these words, in their order."""
        with open(f"{self.work}/martlet.log") as log:
            return [float(found[1]) for line in log if words in line and (found := re.search(r"took=([\d.e-]+) seconds", line))]

    def latest(self, words, act, count):
        """The seconds that were logged each time `act` was called."""
        found = []
        for number in range(count):
            before = len(self.times(words))
            act(number)
            wait_for(lambda: len(self.times(words)) > before, f"the log says '{words}'")
            found.append(self.times(words)[before])
        return found

    def remove(self):
        self.martlet.stop()
        for listing, remove in (("ps -aq", "rm -f"), ("network ls -q", "network rm"), ("images -q", "rmi -f")):
            if found := set(run(DOCKER, *listing.split(), "--filter", self.label).split()):
                run(DOCKER, *remove.split(), *found, check=False)


def fleet(bench):
    """The same one for all lines."""
    if not hasattr(bench, "fleet"):
        bench.fleet = Fleet(bench)
    return bench.fleet


def idle(bench):
    ours = fleet(bench)
    wake = lambda _: ours.martlet.sql("select pg_notify('martlet', '')")
    times = ours.latest("looked at all apps", wake, PASSES)
    report("pass over 300 idle apps", statistics.median(times) / 1.0, 1.0,
           f"{statistics.median(times):.2f} s of 1 s allowed, median of {PASSES}, {min(times):.2f} to {max(times):.2f}")


def routes(bench):
    ours = fleet(bench)
    ssh = lambda *words: run(*ours.martlet.ssh("git@127.0.0.1", *words))
    hosts = ours.latest("routes in force", lambda number: ssh("domains", "add", "idle-7", f"h{number}.example"), CHANGES)
    moved = ours.latest("routes in force", lambda _: ssh("ps", "restart", "idle-7"), CHANGES)
    median = statistics.median
    report("routes of one of 300 apps", median(hosts) / 0.3, 1.0,
           f"{median(hosts):.3f} s of 0.3 s allowed for a new host, {median(moved):.3f} s for a new process, medians of {CHANGES}")
