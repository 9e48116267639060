"""What a build prints as fast as it can: how many lines are kept each second, what that takes of the daemon's memory, and
what another build has to wait for it.

The program is a buildpack's: what the steps of a Dockerfile print, BuildKit cuts off at 2 MiB.
"""
import os
import subprocess
import threading
import time

from measure import PATIENCE, Peak, Refused, memory, report, run, wait_for
from running import remove_app

LINES, WORD, GOAL, MOST = 1_000_000, "one of very many lines", 100_000, 32 << 20
BUILD = f"""#!/bin/sh
echo begin
yes '{WORD}' | head -n {LINES}
printf '[[processes]]\\ntype = "web"\\ncommand = ["python3", "-m", "http.server", "5000"]\\ndefault = true\\n' >"$1/launch.toml"
"""
DOCKERFILE = """FROM martlet/busybox
COPY . /www
CMD ["httpd", "-f", "-p", "5000", "-h", "/www"]
"""


class App:
    """An app of some files; each push of it changes one."""

    def __init__(self, bench, name, files):
        self.martlet, self.name, self.path = bench.martlet, name, f"{bench.work}/{name}"
        for file, text in files.items():
            os.makedirs(os.path.dirname(f"{self.path}/{file}"), exist_ok=True)
            with open(f"{self.path}/{file}", "w") as output:
                output.write(text)
            os.chmod(f"{self.path}/{file}", 0o755)
        self.git("init", "-q", "-b", "main")
        bench.at_end.callback(remove_app, bench.martlet, name)

    def git(self, *words):
        return run("git", "-C", self.path, "-c", "user.name=b", "-c", "user.email=b@example.com", *words)

    def commit(self, text):
        with open(f"{self.path}/index.html", "w") as file:
            file.write(text)
        self.git("add", "."), self.git("commit", "-q", "-m", text)

    def push(self, text):
        """Seconds of the push of another commit."""
        self.commit(text)
        return self.martlet.push(self.path, self.martlet.url(self.name), "main")

    def start(self, text):
        self.commit(text)
        words = ["git", "-C", self.path, "push", "-q", self.martlet.url(self.name), "main"]
        return subprocess.Popen(words, env=self.martlet.environment(), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kept(self):
        """Lines of the latest build that are in its log."""
        apps = f"app_id = (select id from apps where name = '{self.name}')"
        return int(self.martlet.sql(f"select coalesce((select log_lines from builds where {apps} "
                                    "order by number desc limit 1), 0)"))


def printed(bench):
    run(f"{bench.root}/etc/base-image")
    toml = 'api = "0.10"\n[buildpack]\nid = "bench/noise"\nversion = "1.0.0"\n'
    noisy = App(bench, "noisy", {
        "martlet.yaml": "build: {buildpacks: [./noise]}\n", "noise/buildpack.toml": toml,
        "noise/bin/detect": "#!/bin/sh\n", "noise/bin/build": BUILD})
    quiet = App(bench, "quiet", {"Dockerfile": DOCKERFILE})
    quiet.push("first")
    alone, before, beside = quiet.push("alone"), memory(bench.martlet.pid), []
    with Peak(bench.martlet.pid) as peak:
        push = noisy.start("loud")
        try:
            neighbour = threading.Thread(target=lambda: beside.append(quiet.push("beside")))
            rate = rate_of(noisy, neighbour.start)
            neighbour.join()
        finally:
            # It reads the log at a pace of its own, which is another matter.
            push.kill()
            push.wait()
    report("build output kept", GOAL / rate, 1.0, f"{rate:,.0f} lines a second of {GOAL:,}, {LINES:,} in all; another "
           f"app's push takes {''.join(f'{seconds:.2f}' for seconds in beside)} s meanwhile, {alone:.2f} s before")
    used = max(0, peak.bytes - before)
    report("memory of build output", used / MOST, 1.0, f"{used / 1048576:.1f} MiB of {MOST >> 20} MiB, anonymous, both builds")


def rate_of(app, begin):
    """Lines a second, from the first hundreds of them to the last; calls `begin` once it is at it."""
    wait_for(lambda: app.kept() > 100, "the build prints", 120)
    first, start = app.kept(), time.monotonic()
    begin()
    while (last := app.kept()) < LINES:
        if time.monotonic() - start > PATIENCE:
            raise Refused(f"only {last:,} of {LINES:,} lines are kept after {PATIENCE} s")
        time.sleep(0.05)
    return (last - first) / (time.monotonic() - start)
