"""Whole histories, pushed into an empty repository and cloned from it."""
import shutil

import history
from measure import Pairs, Peak, in_turn


def push_large(bench):
    push(bench, history.LARGE, rounds=2, wall=0.60, memory=0.50)


def push_small(bench):
    push(bench, history.SMALL, rounds=3, wall=0.80, memory=None)


def clone_large(bench):
    clone(bench, history.LARGE, rounds=2)


def clone_small(bench):
    clone(bench, history.SMALL, rounds=3)


def push(bench, shape, rounds, wall, memory):
    """The memory is the most of all processes together, without what the server holds when it is idle."""
    made = history.History(shape)
    walls, peaks, used = Pairs(bench.servers), Pairs(bench.servers), Pairs(bench.servers)
    for number in range(rounds):
        for server in in_turn(bench.servers, number):
            url = server.repository(f"{shape.name}{number}")
            before = server.cpu()
            with Peak(server.pid) as peak:
                walls.add(server, server.push(made.path, url, *made.references))
            used.add(server, server.cpu() - before)
            peaks.add(server, max(peak.bytes - server.idle, 1))
            bench.keep(server, shape.name, f"{shape.name}{number}")
    title = f"push of a {shape.name} history"
    costs = f"{in_words(used, 's', 1)} server CPU, {in_words(peaks, 'MB', 1e-6)} anonymous memory"
    walls.report(f"{title}, wall", wall, "s", 1,
                 f"the client alone {made.client_floor():.1f} s, {costs}; {made.counts()}")
    if memory:
        peaks.report(f"{title}, anonymous memory", memory, "MB", 1e-6)


def clone(bench, shape, rounds):
    made, target = history.History(shape), f"{bench.work}/clone"
    for server in bench.servers:
        if (server.name, shape.name) not in bench.kept:
            server.push(made.path, server.repository(shape.name), *made.references)
            bench.keep(server, shape.name, shape.name)
    walls, peaks, used = Pairs(bench.servers), Pairs(bench.servers), Pairs(bench.servers)
    try:
        for number in range(rounds):
            for server in in_turn(bench.servers, number):
                before, url = server.cpu(), server.url(bench.kept[server.name, shape.name])
                with Peak(server.pid) as peak:
                    walls.add(server, server.git("clone", "-q", "--bare", url, target))
                shutil.rmtree(target)
                used.add(server, server.cpu() - before)
                peaks.add(server, max(peak.bytes - server.idle, 1))
    finally:
        shutil.rmtree(target, ignore_errors=True)
    walls.report(f"clone of a {shape.name} history, wall", 1.0, "s", 1, f"{in_words(used, 's', 1)} server CPU, "
                 f"{in_words(peaks, 'MB', 1e-6)} anonymous memory")


def in_words(pairs, unit, scale):
    ours, peers = pairs.both()
    return f"{ours * scale:.1f} {unit} of {peers * scale:.1f} {unit}"
