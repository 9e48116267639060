"""What is measured of processes, and how a figure is printed."""
import contextlib
import glob
import os
import socket
import statistics
import subprocess
import sys
import threading
import time

# Seconds for what a client does: far more than anything here takes on a machine that is not busy.
PATIENCE = 300
TICK = os.sysconf("SC_CLK_TCK")


class Refused(Exception):
    """A line that cannot be measured, and why."""


def run(*words, check=True, **options):
    result = subprocess.run(words, capture_output=True, text=True, **options)
    if check and result.returncode:
        raise Refused(f"{' '.join(words)} failed: {result.stderr or result.stdout}")
    return result.stdout


def timed(words, environment):
    """Seconds that a client needs. What is not yet on disk is brought there first, so that nobody pays for another."""
    os.sync()
    begin = time.monotonic()
    try:
        result = subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise Refused(f"{' '.join(words)} takes more than {PATIENCE} s") from None
    seconds = time.monotonic() - begin
    if result.returncode:
        raise Refused(f"{' '.join(words)} failed: {result.stderr.decode(errors='replace')}")
    return seconds


def report(name, ratio, goal, detail):
    print(f"{name}: ratio {ratio:.3f} (goal <= {goal:.2f})  [{detail}]", flush=True)


class Pairs:
    """Paired rounds: what each server took in each."""

    def __init__(self, servers):
        self.ours, self.peers = servers
        self.taken = {server.name: [] for server in servers}

    def add(self, server, amount):
        self.taken[server.name].append(amount)

    def both(self):
        """The medians: ours and the peer's."""
        return tuple(statistics.median(self.taken[server.name]) for server in (self.ours, self.peers))

    def report(self, name, goal, unit, scale, detail=""):
        """Prints the ratio of the medians, and between which bounds the ratios of the single rounds lie."""
        ours, peers = self.both()
        rounds = sorted(a / b for a, b in zip(self.taken[self.ours.name], self.taken[self.peers.name]))
        spread = f"median of {len(rounds)}, single rounds {rounds[0]:.2f} to {rounds[-1]:.2f}"
        text = f"{ours * scale:.1f} {unit} of {peers * scale:.1f} {unit}, {spread}"
        report(name, ours / peers, goal, "; ".join(filter(None, (text, detail))))


def in_turn(servers, number):
    """The servers of a round: who begins changes from one to the next."""
    return servers if number % 2 else servers[::-1]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Refused(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def cpu(pid):
    """CPU seconds of a process, to the nanosecond, and of what it has awaited, to the clock's tick."""
    try:
        fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        # The kernel's number for the CPU clock of another process.
        own = time.clock_gettime((~pid << 3) | 2)
    except OSError:
        raise Refused(f"the server, process {pid}, has ended") from None
    return own + sum(int(field) for field in fields[13:15]) / TICK


def descendants(pid):
    children = []
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        with contextlib.suppress(OSError):
            for child in open(path).read().split():
                children += [int(child)] + descendants(int(child))
    return children


def memory(pid, file="status", key="RssAnon"):
    """Bytes of a process and all below it, at this instant."""
    total = 0
    for process in [pid] + descendants(pid):
        with contextlib.suppress(OSError):
            for line in open(f"/proc/{process}/{file}"):
                if line.startswith(key + ":"):
                    total += int(line.split()[1]) << 10
    return total


class Peak:
    """The most anonymous memory of a server's processes, all added up at each instant, while the block runs."""

    def __init__(self, pid):
        self.pid, self.bytes, self.over = pid, 0, threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.sample)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def sample(self):
        while not self.over.wait(0.03):
            self.bytes = max(self.bytes, memory(self.pid))


def progress(text):
    print(f"  {text}", file=sys.stderr, flush=True)
