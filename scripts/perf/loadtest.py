# SPDX-License-Identifier: Apache-2.0
"""The figures of `typebar bench`, for scripts/bench: how right it is, what an event costs it, how much it bears.

Here the client is what is measured. The server (schedule.c) keeps a schedule, counts what it sends, and tells how late it
was itself: what a client reports beyond that is its own. Where a client in C stands beside it, that is reader.c.
"""

import contextlib
import json
import resource
import shlex
import signal
import statistics
import subprocess
import time
from pathlib import Path

from runs import Unmeasured

FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
MANY = min(10000, FILES - 300)  # streams, of each of which client and server have one descriptor
FIRST, GAP = 100, 20  # ms, of the streams whose times are known
TRIES = 2  # a level of load counts as borne if one of so many runs can be trusted: the machine is shared
STEP, MOST = 500, 8000  # streams, of the search for the largest number

FIGURES = {
    "load_ttft": (f"time to first token, mean, off the {FIRST} ms that it is, 500 streams x 50/s", "ms", 2),
    "load_gap": (f"gap, p50, off the {GAP} ms that it is, the same run", "ms", 0.2),
    "load_chunks": ("events with text miscounted, the same run", "", 0),
    "load_cpu": ("client CPU an event over that of the C client, 500 streams x 50/s", "x", 1.3),
    "load_streams": ("streams at 20/s that one core drives with a trusted verdict", "", 2500),
    "load_many": ("streams at 5/s that one core drives with a trusted verdict, of the number that is tried", "", MANY),
    "load_memory": (f"peak resident memory at {MANY:,} streams x 5/s", "MiB", 60),
    "load_growth": ("peak resident memory after 60 s less that after 10 s, 100 streams x 50/s", "KiB", 1024),
}
AT_LEAST = {"load_streams", "load_many"}  # their bars are to be reached, not kept below


def child_cpu(children):
    return children.ru_utime + children.ru_stime


def cpu_us(run):
    return run["client_cpu_s"] * 1e6 / run["contents"]


def peak_kib(process):
    """The most memory that it ever had; None when it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return None


def used_by(pid):
    """Of a process, in seconds: the CPU it used, and how long it waited for a core."""
    used = waited = 0
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            words = (task / "schedstat").read_text().split()
            used, waited = used + int(words[0]) / 1e9, waited + int(words[1]) / 1e9
    return used, waited


class LoadFigures:
    """Of the class `Bench`, which knows cores, options and runs."""

    timed = None  # rounds of the streams whose times are known, which three figures share
    many = None

    @contextlib.contextmanager
    def known_schedule(self):
        command = ["taskset", "-c", str(self.server_core), str(self.perf / "schedule"), "0"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            yield server, int(server.stdout.readline())
        finally:
            if server.poll() is None:
                server.send_signal(signal.SIGTERM)
            server.communicate(timeout=30)

    def watched(self, words, limit):
        """Runs a client to its end: exit code, output, CPU seconds, seconds waited for the core, peak memory, seconds."""
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        log = self.perf / "load.log"
        with log.open("w+") as out:
            client = subprocess.Popen(["taskset", "-c", str(self.client_core), *map(str, words)], stdin=subprocess.DEVNULL,
                                      stdout=out, stderr=subprocess.STDOUT)
            peak = waited = 0
            while client.poll() is None:
                peak, waited = peak_kib(client) or peak, used_by(client.pid)[1] or waited
                if time.monotonic() > began + limit:
                    client.kill()
                with contextlib.suppress(subprocess.TimeoutExpired):  # seldom: we are on the client's core
                    client.wait(0.2)
        spent = child_cpu(resource.getrusage(resource.RUSAGE_CHILDREN)) - child_cpu(before)
        return client.returncode, log.read_text(), spent, waited, peak, time.monotonic() - began

    def load(self, client, streams, rate, seconds, *, ramp, first=FIRST, again=1):
        """One run: so many streams at once, which last so many seconds, `again` and again."""
        count = round(rate * seconds)
        target = f"/stream?ttft={first}&gap={1000 / rate:g}&count={count}&role=1&usage=1"
        with self.known_schedule() as (server, port):
            report = self.perf / "load.json"
            report.unlink(missing_ok=True)
            if client == "reader":
                words = [self.perf / "reader", port, target, streams, ramp]
            else:
                words = [self.options.binary, "bench", f"http://127.0.0.1:{port}{target}", "--concurrency", streams,
                         "--requests", streams * again, "--ramp", f"{ramp:g}s", "--json", report, "--quiet",
                         "--allow-client-bound"]
            used_before, waited_before = used_by(server.pid)
            code, said, cpu, waited, peak, lasted = self.watched(words, 5 * (ramp + again * seconds) + 30)
            used_after, waited_after = used_by(server.pid)
            server.send_signal(signal.SIGTERM)
            told = json.loads(server.stdout.read().splitlines()[-1])
        if code:
            raise Unmeasured(f"{client}, {streams} streams x {rate:g}/s: exit {code} {said.strip()[-400:]}")
        if told["contents"] != streams * again * count or told["whole"] != streams * again:
            raise Unmeasured(f"{client}, {streams} streams x {rate:g}/s: the server sent {told}")
        run = {"server": "schedule", "client": client, "streams": streams, "rate": rate, "window_s": lasted,
               "client_cpu_s": cpu, "client_wait_s": waited, "server_cpu_s": used_after - used_before,
               "server_wait_s": waited_after - waited_before, "peak_kib": peak, "told": told,
               "server_command": shlex.join(["taskset", "-c", str(self.server_core), str(self.perf / "schedule"), "PORT"]),
               "client_command": shlex.join(["taskset", "-c", str(self.client_core), *map(str, words)])}
        if client == "reader":
            result = json.loads(said)
            run.update(contents=result["contents"], verdict=None, ttft=result["ttft"], gap=result["gap"])
        else:
            whole = json.loads(report.read_text())["runs"][0]
            target = whole["targets"][0]
            run.update(contents=target["contents"], verdict=whole["verdict"]["level"], why=whole["verdict"]["reasons"],
                       ends=target["ends"], signals=whole["signals"],
                       **{name: {key: target["metrics"][name].get(key) for key in ("mean", "p50", "p99", "max", "count")}
                          for name in ("ttft", "ttft_send", "gap")})
        self.runs.append(run)
        self.say(f"  {client}: {streams} x {rate:g}/s, {cpu_us(run):.2f} us of CPU an event, {cpu / lasted:.0%} of its core, "
                 f"{peak / 1024:.0f} MiB, {run['verdict'] or ''} {'; '.join(run.get('why') or [])}; server late p99 "
                 f"{told['own_late_ms']['p99']} ms, {run['server_cpu_s'] / lasted:.0%} of its core")
        return run

    def rounds_of(self, make):
        rounds = []
        for number in range(self.options.rounds):
            self.say(f"  round {number + 1} of {self.options.rounds}")
            rounds.append(make())
        return rounds

    # MARK: Figures

    def timed_rounds(self):
        """500 streams x 50/s: typebar, and then the client in C."""
        if self.timed is None:
            seconds = 2 * self.options.seconds
            self.timed = self.rounds_of(lambda: [self.load(client, 500, 50, seconds, ramp=1) for client in ("typebar", "reader")])
        else:
            self.runs = [run for row in self.timed for run in row]
        return zip(*self.timed)

    def beside_times(self, name, ours, theirs):
        def middle(runs, key, of=name):
            return statistics.median(run[of][key] for run in runs)

        return {
            "mean": middle(ours, "mean"), "p50": middle(ours, "p50"), "p99": middle(ours, "p99") if ours[0][name]["p99"] else "-",
            "c_mean": middle(theirs, "mean"), "c_p50": middle(theirs, "p50"), "c_p99": middle(theirs, "p99"),
            "server_late_p99": statistics.median(run["told"]["own_late_ms"]["p99"] for run in ours),
            "verdicts": " ".join(run["verdict"] for run in ours),
        }

    def load_ttft(self):
        ours, theirs = self.timed_rounds()
        return [abs(run["ttft"]["mean"] - FIRST) for run in ours], {
            **self.beside_times("ttft", ours, theirs),
            "mean_since_sent": statistics.median(run["ttft_send"]["mean"] for run in ours),
        }

    def load_gap(self):
        ours, theirs = self.timed_rounds()
        return [abs(run["gap"]["p50"] - GAP) for run in ours], self.beside_times("gap", ours, theirs)

    def load_chunks(self):
        ours, _ = self.timed_rounds()
        return [abs(run["contents"] - run["told"]["contents"]) for run in ours], {"contents": ours[0]["contents"]}

    def load_cpu(self):
        ours, theirs = self.timed_rounds()
        return [cpu_us(a) / cpu_us(b) for a, b in zip(ours, theirs)], {
            "us_per_event": statistics.median(map(cpu_us, ours)),
            "c_us_per_event": statistics.median(map(cpu_us, theirs)),
            "share_of_core": statistics.median(run["client_cpu_s"] / run["window_s"] for run in ours),
        }

    def is_borne(self, streams, rate):
        """The load can be driven with figures to trust: the best run of a few."""
        for _ in range(TRIES):
            run = self.load("typebar", streams, rate, self.options.seconds + 3, ramp=3)
            if run["verdict"] == "trusted" and run["contents"] == run["told"]["contents"]:
                return run
        return None

    def load_streams(self):
        """Upwards from the bar; where the bar itself is too much, downwards."""
        best = []

        def search():
            level = FIGURES["load_streams"][2]
            borne = self.is_borne(level, 20)
            if not borne:
                while not borne and level > STEP:
                    level -= STEP
                    borne = self.is_borne(level, 20)
            else:
                while level + STEP <= MOST and (more := self.is_borne(level + STEP, 20)):
                    level, borne = level + STEP, more
            if borne:
                best.append(borne)
            return level if borne else 0

        found = self.rounds_of(search)
        last = self.runs[-1]
        beside = {"most": max(found), "beyond_why": "; ".join(last.get("why") or ["-"]),
                  "server_late_p99_beyond": last["told"]["own_late_ms"]["p99"],
                  "server_share_beyond": last["server_cpu_s"] / last["window_s"]}
        if best:
            beside.update(us_per_event=statistics.median(map(cpu_us, best)),
                          share_of_core=statistics.median(run["client_cpu_s"] / run["window_s"] for run in best),
                          peak_mib=statistics.median(run["peak_kib"] for run in best) / 1024)
        return found, beside

    def many_rounds(self):
        if self.many is None:
            self.many = self.rounds_of(lambda: [self.load("typebar", MANY, 5, self.options.seconds + 10, ramp=8)])
        else:
            self.runs = [run for row in self.many for run in row]
        return [run for run, in self.many]

    def load_many(self):
        runs = self.many_rounds()
        return [run["streams"] if run["verdict"] == "trusted" and run["contents"] == run["told"]["contents"] else 0
                for run in runs], {
            "verdicts": "; ".join([run["verdict"], *run["why"]][0] for run in runs),
            "reasons": "; ".join(reason for run in runs for reason in run["why"]) or "-",
            "us_per_event": statistics.median(map(cpu_us, runs)),
            "gap_p50": statistics.median(run["gap"]["p50"] for run in runs),
            "gap_p99": statistics.median(run["gap"]["p99"] for run in runs),
            "server_late_p99": statistics.median(run["told"]["own_late_ms"]["p99"] for run in runs),
        }

    def load_memory(self):
        runs = self.many_rounds()
        return [run["peak_kib"] / 1024 for run in runs], {"kib_per_stream": statistics.median(
            run["peak_kib"] for run in runs) / MANY}

    def load_growth(self):
        """Streams of 2 s, again and again."""
        short, long = (4, 8) if self.options.quick else (10, 60)
        rounds = self.rounds_of(lambda: [self.load("typebar", 100, 50, 2, ramp=1, first=0, again=seconds // 2)
                                         for seconds in (short, long)])
        return [b["peak_kib"] - a["peak_kib"] for a, b in rounds], {
            f"after_{short}_s_mib": statistics.median(a["peak_kib"] for a, _ in rounds) / 1024,
            f"after_{long}_s_mib": statistics.median(b["peak_kib"] for _, b in rounds) / 1024,
        }
