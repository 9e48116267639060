"""What a connection costs while it is held, and how long an app takes to serve."""
import shutil
import statistics
import subprocess
import time

from measure import memory, report, run, wait_for

HELD, DEPLOYMENTS = 40, 6


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


def live(bench):
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
    times = martlet.sql("select extract(epoch from live_at - created_at) from releases where number > 1")
    after = statistics.median(float(line) for line in times.split())
    report("push to live, after the build", after / 1.5, 1.0, f"{after:.2f} s of 1.5 s allowed; the whole push "
           f"{statistics.median(walls[1:]):.2f} s, median of {DEPLOYMENTS - 1}")


def remove_app(martlet, name):
    app = martlet.sql(f"select id from apps where name = '{name}'")
    martlet.command("apps", "destroy", name, "--confirm", name, check=False)
    ours = ("--filter", f"label=martlet.app={app}")
    wait_for(lambda: not run("/usr/bin/docker", "ps", "-aq", *ours), "the app's containers are gone", 40)
