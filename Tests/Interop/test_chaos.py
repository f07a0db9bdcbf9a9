"""500 streams at once while the upstreams are killed, started again, reset and stopped: TYPEBAR_CHAOS_SECONDS, or 120.
With TYPEBAR_CHAOS_OVER=tls over TLS.

Promised: each stream ends with its whole text or with an error of its format, none hangs, what was counted adds up, and
when all is over nothing is left of it: no stream, no call, no place taken at an upstream, no descriptor, no memory.
"""

import asyncio
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from api_client import ASK, call
from chaos_clients import PLAIN, Crowd
from sse_client import wait_until

SECONDS = float(os.environ.get("TYPEBAR_CHAOS_SECONDS") or 120)
OVER = os.environ.get("TYPEBAR_CHAOS_OVER") or "h1"
SEED = os.environ.get("TYPEBAR_CHAOS_SEED") or "1"
CROWD = 500
# No answer takes longer: three tries with a clock of 1.5 s each, or the longest text with a stop in it.
PATIENCE = 60
PLACES = 60
# What the log tells of upstreams that fail and clients that leave; and the line of the start.
EXPECTED = re.compile(r"time=\S+ level=(info|notice|warning) |typebar serves", re.IGNORECASE)
# What a process that has served thousands of streams may weigh more than one that has served hundreds.
GROWTH = 24 << 20

pytestmark = pytest.mark.timeout(SECONDS + 300)


class ChaosUpstream:
    """A `chaos_upstream.py` that can be killed and comes back on its port."""

    def __init__(self, name, format, folder):
        self.name, self.format, self.file = name, format, folder / f"{name}.tags"
        self.log = open(folder / f"{name}.log", "ab")
        # Bound and never listening: the port stays ours while the process is dead, and refuses connections.
        self.reserved = socket.socket()
        self.reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.reserved.bind(("127.0.0.1", 0))
        self.port = self.reserved.getsockname()[1]
        self.process, self.births = None, 0

    def start(self, is_calm=False):
        self.births += 1
        seed = "calm" if is_calm else f"{SEED}-{self.name}-{self.births}"
        self.process = subprocess.Popen(
            [sys.executable, "-B", Path(__file__).parent / "chaos_upstream.py", str(self.port), self.format, seed,
             str(self.file)], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def wait_until_it_listens(self):
        def listens():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0
        wait_until(listens, 20, f"{self.name} does not start")

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def signal(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)

    def tags(self):
        return self.file.read_text().split("\n")[:-1] if self.file.exists() else []

    def end(self):
        self.kill()
        self.reserved.close()
        self.log.close()


class Chaos(threading.Thread):
    """Does something to one of the upstreams, several times a second."""

    def __init__(self, upstreams):
        super().__init__(daemon=True)
        self.upstreams, self.done, self.dice = upstreams, threading.Event(), random.Random(SEED)
        self.deeds = Counter()

    def run(self):
        pending = []
        while not self.done.wait(self.dice.uniform(0.2, 1.2)):
            now = time.monotonic()
            for due, undo, each in [entry for entry in pending if entry[0] <= now]:
                undo()
                pending.remove((due, undo, each))
            free = [each for each in self.upstreams if all(each is not entry[2] for entry in pending)]
            # One is left alone, so that there is something to fail over to.
            if len(free) < 2:
                continue
            victim, deed = self.dice.choice(free), self.dice.choice(["kill", "kill", "stop", "reset"])
            self.deeds[deed] += 1
            if deed == "reset":
                victim.signal(signal.SIGUSR1)
            elif deed == "stop":
                victim.signal(signal.SIGSTOP)
                pending.append((now + self.dice.uniform(0.1, 2.5), lambda each=victim: each.signal(signal.SIGCONT), victim))
            else:
                victim.kill()
                pending.append((now + self.dice.uniform(0, 1.5), victim.start, victim))
        for _, undo, _ in pending:
            undo()

    def stop(self):
        self.done.set()
        self.join(20)


@pytest.fixture
def upstreams(tmp_path):
    made = [ChaosUpstream(f"u{index}", format, tmp_path) for index, format in enumerate(
        ["openai_chat", "anthropic_messages", "gemini", "ollama_chat", "openai_responses", "openai_chat"])]
    for each in made:
        each.start()
    for each in made:
        each.wait_until_it_listens()
    yield made
    for each in made:
        each.end()


BASES = {"gemini": "/v1beta", "ollama_chat": ""}


def configuration(upstreams):
    entries = [{"name": each.name, "url": f"http://127.0.0.1:{each.port}{BASES.get(each.format, '/v1')}",
                "format": each.format, "connection": {"reuse_seconds": 2},
                "timeouts": {"connect_ms": 1000, "first_token_ms": 1500, "idle_ms": 1500, "total_ms": 30000},
                "breaker": {"failures": 10, "open_ms": 300}} for each in upstreams]
    entries[1]["health"] = {"interval_ms": 500, "timeout_ms": 500}
    entries[5]["concurrency"] = {"at_once": PLACES, "queue": PLACES, "queue_ms": 5000}

    def route(model, *targets, **more):
        return {"model": model, "targets": list(targets), "retries": {"base_ms": 50, "longest_retry_after_ms": 1500}} | more

    def target(index, **more):
        return {"upstream": f"u{index}", "model": "m"} | more
    routes = [
        route("alone", target(0)), route("then", target(0), target(1, priority=1), target(2, priority=2)),
        route("fastest", target(1), target(2), target(3), balance="fastest"),
        route("least", target(2), target(4), balance="least_in_flight"),
        route("hedged", target(3), target(4, priority=1), hedge={"least_ms": 200}),
        route("mocked", target(4), {"mock": "echo", "priority": 1}),
        route("smooth", target(0), target(1), smooth_ms=250), route("limited", target(5)),
    ]
    limits = {"reader_grace_seconds": 3, "retention_seconds": 5}
    return json.dumps({"upstreams": entries, "routes": routes, "limits": limits, "log_level": "info",
                       "mock": {"speed": 0}, "admin": {"requests": 100}}), [each["model"] for each in routes]


def samples(port):
    told = call(port, "GET", "/metrics")
    return {name: float(value) for name, value in re.findall(r"^(typebar_\S+) (\S+)$", told.text, re.MULTILINE)}


def total(figures, family, *labels):
    """The sum of a family's samples that bear all of these labels."""
    return int(sum(value for name, value in figures.items()
                   if name.partition("{")[0] == family and all(label in name for label in labels)))


def wait_until_quiet(server):
    """Until no stream is open and no call under way; the streams that /chat/stream keeps go after their time."""
    def is_quiet():
        figures = samples(server.port)
        return not any(value for name, value in figures.items()
                       if name.startswith(("typebar_streams_open", "typebar_upstream_in_flight")))
    wait_until(is_quiet, 45, f"still open: {samples(server.port) if server.process.poll() is None else 'it has ended'}")
    time.sleep(6)


def descriptors(server):
    return len(os.listdir(f"/proc/{server.pid}/fd"))


def shown(problems, server):
    """Problems, each with what the server's log tells of its request."""
    lines = server.said().splitlines() if problems else []
    return "\n".join("\n  ".join([str(each), *(line for line in lines if each.request and each.request in line)])
                     for each in problems)


def be_calm(server, upstreams, crowd):
    """All upstreams anew and well: every route answers whole, which also sweeps out libcurl's dead connections."""
    for each in upstreams:
        each.kill()
        each.start(is_calm=True)
    for each in upstreams:
        each.wait_until_it_listens()
    wait_until_quiet(server)
    for _ in range(3):
        before = Counter(crowd.ended)
        # In turn, so that no more than one connection of each upstream is left at rest.
        for model in crowd.models:
            asyncio.run(crowd.ask("openai_chat", model, leaves=False))
        ended = Counter(crowd.ended) - before
        if ended == Counter({("openai_chat", "whole"): len(crowd.models)}):
            break
        # A breaker may still be open.
        time.sleep(1)
    else:
        raise AssertionError(f"it does not serve on: {ended} {shown(crowd.problems[-3:], server)}")
    # All places at the upstream that has so many, and its whole queue: one that was not given back would be missed.
    before = Counter(crowd.ended)
    asyncio.run(crowd.ask_each_once(2 * PLACES, format="openai_chat", model="limited", leaves=False))
    ended = Counter(crowd.ended) - before
    assert ended == Counter({("openai_chat", "whole"): 2 * PLACES}), (ended, shown(crowd.problems[-3:], server))
    time.sleep(2.5)
    for model in crowd.models:
        asyncio.run(crowd.ask("openai_chat", model, leaves=False))
    wait_until_quiet(server)


def assert_sums(server, crowd, upstreams):
    figures = samples(server.port)
    assert set(crowd.asked) == {*(format for format, _ in crowd.ended)}
    for format, asked in crowd.asked.items():
        label = f'format="{format}"'
        ended = total(figures, "typebar_streams_total", label)
        assert ended == asked, f"{format}: {asked} asked, {ended} ended"
        whole = total(figures, "typebar_streams_total", label, 'outcome="whole"')
        told, left = crowd.ended[format, "whole"], crowd.ended[format, "left"]
        assert told <= whole <= told + left, f"{format}: {told} clients had it all, {whole} were counted, {left} left"
    calls = total(figures, "typebar_upstream_seconds_count")
    again = sum(total(figures, f"typebar_upstream_{kind}_total") for kind in ("retries", "hedges", "failovers"))
    arrived = Counter(tag for each in upstreams for tag in each.tags())
    streams = sum(crowd.asked.values())
    # Not every call arrives at a process that is dead, and not every try becomes a call: but none comes from nowhere.
    assert sum(arrived.values()) <= calls <= streams + again, (sum(arrived.values()), calls, streams, again)
    assert set(arrived) <= set(crowd.tags), "an upstream was asked what nobody asked"
    often = {(tag, crowd.tags[tag]): count for tag, count in arrived.items() if count > 3}
    assert not often, f"more requests than three for an answer: {often}"


def test_every_stream_ends_whole_or_with_an_error_and_nothing_is_left(gateway, upstreams):
    config, models = configuration(upstreams)
    server = gateway(config=config, over=OVER)
    crowd = Crowd(server.port, models, SEED, PATIENCE)
    chaos = Chaos(upstreams)
    chaos.start()
    asyncio.run(crowd.ask_each_once(CROWD))
    chaos.stop()
    be_calm(server, upstreams, crowd)
    before = descriptors(server), server.resident()

    for each in upstreams:
        each.kill()
        each.start()
    chaos = Chaos(upstreams)
    chaos.start()
    asyncio.run(crowd.keep_asking(CROWD, SECONDS))
    chaos.stop()
    be_calm(server, upstreams, crowd)
    after = descriptors(server), server.resident()

    ends = Counter(how for (_, how), count in crowd.ended.items() for _ in range(count))
    print(f"\n{sum(crowd.asked.values())} streams: {dict(ends)}, refused with {dict(crowd.errors)}; {dict(chaos.deeds)}; "
          f"descriptors {before[0]} -> {after[0]}, memory {before[1] >> 20} -> {after[1] >> 20} MiB")
    if crowd.problems:
        pytest.fail(f"{len(crowd.problems)}: {shown(crowd.problems[:10], server)}", pytrace=False)
    assert_sums(server, crowd, upstreams)
    # The chaos has been one, and has left something alive.
    assert all(crowd.ended[format, how] for format in [*ASK, PLAIN] for how in ("whole", "error")), crowd.ended
    # A connection to each upstream may be at rest.
    assert after[0] <= before[0] + len(upstreams), f"descriptors: {before[0]}, then {after[0]}"
    assert after[1] <= before[1] + GROWTH, f"memory: {before[1] >> 20} MiB, then {after[1] >> 20} MiB"
    # Nothing but what is told as such has gone wrong inside.
    told = [line for line in server.said().splitlines() if not EXPECTED.match(line)]
    assert not told, told[:20]
