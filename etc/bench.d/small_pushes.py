"""Small pushes: one after the other, and two hundred at once."""
import subprocess
import time

from measure import Pairs, Refused, in_turn, report, run

ROUNDS, UNCOUNTED, AT_ONCE, AT_ONCE_ROUNDS, REFERENCES = 21, 3, 200, 3, 600


class Client:
    """A repository of 400 files in 20 folders, and branches of one commit each beside its main one."""

    def __init__(self, work):
        self.path, self.begun = f"{work}/client", False
        run("git", "init", "-q", "--bare", "-b", "main", self.path)
        files = "".join(f"M 644 inline d{number % 20}/f{number}\ndata <<END\n" + f"{number}\n" * 20 + "END\n"
                        for number in range(400))
        self.write(self.commit("main", "seed", "", files))

    def commit(self, branch, text, start, files):
        return (f"commit refs/heads/{branch}\ncommitter b <b@example.com> 1700000000 +0000\n"
                f"data {len(text)}\n{text}\n{start}{files}\n")

    def write(self, stream):
        run("git", "-C", self.path, "fast-import", "--quiet", input=stream)

    def next_commit(self, number):
        files = f"M 644 inline d0/f0\ndata <<END\nround {number}\n" + "0\n" * 20 + "END\n"
        self.write(self.commit("main", f"round {number}", "from refs/heads/main^0\n", files))

    def make_branches(self):
        """One for each push at once, and those that were there before."""
        if self.begun:
            return
        names = [f"at-once-{number}" for number in range(AT_ONCE)]
        names += [f"old/{number}" for number in range(REFERENCES)]
        run("git", "-C", self.path, "branch", "trunk", "main")
        self.write("".join(
            self.commit(name, f"branch {name}", "from refs/heads/trunk^0\n",
                        f"M 644 inline d{number % 20}/f{number % 400}\ndata <<END\n{name}\nEND\n")
            for number, name in enumerate(names)))
        run("git", "-C", self.path, "pack-refs", "--all")
        self.begun = True


def one_commit(bench):
    """The CPU is that of Martlet's process, and of sshd with all it starts; PostgreSQL's is counted for neither."""
    urls = {server.name: server.repository("one-commit") for server in bench.servers}
    walls = Pairs(bench.servers)
    push = lambda server: server.push(bench.client.path, urls[server.name], "main:refs/heads/work")
    for number in range(UNCOUNTED):
        bench.client.next_commit(f"uncounted {number}")
        for server in bench.servers:
            push(server)
    used = {server.name: 0.0 for server in bench.servers}
    for number in range(ROUNDS):
        bench.client.next_commit(number)
        for server in in_turn(bench.servers, number):
            before = server.cpu()
            walls.add(server, push(server))
            used[server.name] += (server.cpu() - before) / ROUNDS * 1000
    walls.report("one-commit push, wall", 0.20, "ms", 1000)
    report("one-commit push, server CPU", used["martlet"] / used["sshd"], 0.10,
           f"{used['martlet']:.2f} ms of {used['sshd']:.1f} ms, mean of {ROUNDS}")


def at_once(bench):
    measure_at_once(bench, f"{AT_ONCE} pushes at once, time for each", "once", [])


def at_once_among_references(bench):
    measure_at_once(bench, f"{AT_ONCE} pushes at once among {REFERENCES} references, time for each", "among",
                    ["refs/heads/old/*:refs/heads/old/*"])


def measure_at_once(bench, title, name, before):
    bench.client.make_branches()
    times, failed, used = Pairs(bench.servers), {}, {}
    for number in range(AT_ONCE_ROUNDS):
        urls = {server.name: server.repository(f"{name}{number}") for server in bench.servers}
        for server in bench.servers:
            server.push(bench.client.path, urls[server.name], "main:refs/heads/work", *before)
        for server in in_turn(bench.servers, number):
            cpu = server.cpu()
            seconds, failures = push_at_once(server, bench.client.path, urls[server.name])
            if failures and server.name == "martlet":
                raise Refused(f"{len(failures)} of {AT_ONCE} failed: {failures[0]}")
            failed[server.name] = failed.get(server.name, 0) + len(failures)
            used.setdefault(server.name, []).append((server.cpu() - cpu) / AT_ONCE * 1000)
            times.add(server, seconds / (AT_ONCE - len(failures)))
        for server in bench.servers:
            server.drop(f"{name}{number}")
    ours, peers = times.both()
    cpu = [sum(used[server.name]) / AT_ONCE_ROUNDS for server in bench.servers]
    of = AT_ONCE * AT_ONCE_ROUNDS
    times.report(title, 0.40, "ms", 1000, f"{1 / ours:.1f}/s against {1 / peers:.1f}/s, {failed['martlet']} and "
                 f"{failed['sshd']} of {of} failed; server CPU {cpu[0]:.1f} ms of {cpu[1]:.1f} ms")


def push_at_once(server, path, url):
    begin = time.monotonic()
    clients = [
        subprocess.Popen(["git", "-C", path, "push", "-q", url, f"at-once-{number}"], env=server.environment(),
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for number in range(AT_ONCE)]
    ends = [(client.communicate()[1], client.returncode) for client in clients]
    return time.monotonic() - begin, [text.decode(errors="replace") for text, code in ends if code]
