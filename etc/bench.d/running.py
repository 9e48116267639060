"""What a connection costs while it is held, and how long an app takes to serve."""
import shutil
import statistics
import subprocess
import time

from measure import memory, report, run, timed, wait_for

HELD, DEPLOYMENTS, CHANGES = 40, 6, 5


def held(bench):
    used = {server.name: memory_of_a_connection(server) for server in bench.servers}
    report("memory of a held connection", used["martlet"] / used["sshd"], 0.05,
           f"{used['martlet'] / 1024:.0f} KiB of {used['sshd'] / 1024:.0f} KiB, anonymous, mean of {HELD}")


def memory_of_a_connection(server):
    anonymous = lambda: memory(server.pid, "smaps_rollup", "Pss_Anon")
    before = anonymous()
    clients = [subprocess.Popen(server.ssh("-N", "-T", f"{server.user}@127.0.0.1"), stdin=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL) for _ in range(HELD)]
    port = f"( sport = :{server.port} )"
    try:
        wait_for(lambda: len(run("ss", "-Htn", "state", "established", port).splitlines()) >= HELD, "all are connected")
        # Memory settles once the last key exchange is over.
        last = -1
        while (now := anonymous()) != last:
            last = now
            time.sleep(0.5)
        return (now - before) / HELD
    finally:
        for client in clients:
            client.terminate()
            client.wait()


def app(bench):
    """Seconds of each push of an app that runs, the first one left out: the same one for all lines."""
    if not hasattr(bench, "app"):
        bench.app = deploy(bench)
    return bench.app


def deploy(bench):
    martlet, path, walls = bench.martlet, f"{bench.work}/app", []
    run(f"{bench.root}/etc/base-image")
    shutil.copytree(f"{bench.root}/Tests/Apps/hello", path)
    git = lambda *words: run("git", "-C", path, "-c", "user.name=b", "-c", "user.email=b@example.com", *words)
    git("init", "-q", "-b", "main")
    bench.at_end.callback(remove_app, martlet, "live")
    for number in range(DEPLOYMENTS):
        with open(f"{path}/index.html", "a") as file:
            file.write(f"{number}\n")
        git("add", "."), git("commit", "-q", "-m", str(number))
        walls.append(martlet.push(path, martlet.url("live"), "main"))
    return walls[1:]


def live(bench):
    martlet, walls = bench.martlet, app(bench)
    times = martlet.sql("select extract(epoch from live_at - created_at) from releases where number > 1")
    after = statistics.median(float(line) for line in times.split())
    report("push to live, after the build", after / 1.5, 1.0, f"{after:.2f} s of 1.5 s allowed; the whole push "
           f"{statistics.median(walls):.2f} s, median of {len(walls)}")


def rollback(bench):
    app(bench)
    walls = [command(bench, "rollback", "live") for _ in range(CHANGES)]
    median = statistics.median(walls)
    report("rollback", median / 1.0, 1.0, f"{median:.2f} s of 1 s allowed, with the client's own time; median of {CHANGES}, "
           f"{min(walls):.2f} to {max(walls):.2f}")


def scale(bench):
    app(bench)
    one, four = [], []
    for _ in range(CHANGES):
        one.append(command(bench, "ps", "scale", "live", "web=2"))
        command(bench, "ps", "scale", "live", "web=1")
        four.append(command(bench, "ps", "scale", "live", "web=5"))
        command(bench, "ps", "scale", "live", "web=1")
    median = statistics.median(one)
    report("scale-up, one more process", median / 0.6, 1.0, f"{median:.2f} s of 0.6 s allowed, with the client's own time; four "
           f"more at once take {statistics.median(four):.2f} s, medians of {CHANGES}")


def command(bench, *words):
    """Seconds of a command over SSH."""
    return timed(bench.martlet.ssh("git@127.0.0.1", *words), bench.martlet.environment())


def remove_app(martlet, name):
    app = martlet.sql(f"select id from apps where name = '{name}'")
    martlet.command("apps", "destroy", name, "--confirm", name, check=False)
    ours = ("--filter", f"label=martlet.app={app}")
    wait_for(lambda: not run("/usr/bin/docker", "ps", "-aq", *ours), "the app's containers are gone", 40)
