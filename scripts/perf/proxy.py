# SPDX-License-Identifier: Apache-2.0
"""The figures of typebar in front of an upstream (upstream.c), for scripts/bench; nginx is measured in front of the same one.

The upstream is on the client's core. Each stream is followed to its end, and each delta counted.
"""

import contextlib
import json
import statistics
import time

from runs import (CHAT, CHAT_TEXT, MARGIN, SETTLE, Unmeasured, chat_body, client_share, delta_us, grown_kib, median_of, say,
                  turns, way_p99)
from servers import FILES

FIRST_TOKEN = 50  # ms that the upstream takes for it
NEIGHBOURS = 5  # streams that stall, or that nobody reads, beside those that are measured
MANY = min(10000, (FILES - 250) // 2)  # streams through a proxy, which has two descriptors for each, and some of its own

FIGURES = {
    "proxy_cpu": ("server CPU a proxied delta over nginx's, 300 streams x 50/s", "x", 2),
    "proxy_ttft_p50": ("added time to first token at 200 streams x 50/s, p50", "ms", 0.5),
    "proxy_ttft_p99": ("the same, p99", "ms", 3),
    "proxy_memory": ("resident memory a proxied stream, 2,000 streams", "KiB", 40),
    "proxy_stall": (f"p99 of a delta's way, 500 streams x 20/s, {NEIGHBOURS} stalled upstreams beside, over none", "x", 1.1),
    "proxy_unread": (f"the same, {NEIGHBOURS} clients beside that do not read", "x", 1.1),
    "proxy_many": (f"p99 of the gap, {MANY:,} proxied streams x 1/s over 100", "x", 1.1),
}


def proxied_target(rate, count, **more):
    """The same of a stream of the upstream's: it reads in the message how it is to be."""
    wishes = " ".join(f"{name}={value:g}" for name, value in {"rate": rate, "count": count, **more}.items())
    return [CHAT, "-b", chat_body(wishes, model="bench", stream=True), "-m", CHAT_TEXT, "-z"]


def others(words):
    """Of a target: for the client's other streams."""
    return ["-U", words[0], "-B", words[2]]


class ProxyFigures:
    """Of the class `Bench`, which knows cores, options, servers and runs."""

    first = disturbed = None  # rounds that two figures share

    def proxied(self, kind, streams, rate, *, ramp, window=None, settle=SETTLE, probes=0, probe_rate=200, beside=None):
        """One run through typebar or nginx, or with the upstream itself. `beside`: what the neighbours are to suffer."""
        window = probes / probe_rate + 0.2 if probes else window or self.options.seconds
        count = round(rate * (ramp + settle + window + MARGIN))
        words = ["-u", *proxied_target(rate, count, ttft=FIRST_TOKEN), "-c", count, "-n", streams, "-k", f"{rate:g}"]
        words += ["-r", ramp, "-s", settle, "-w", window, "-e", "-t", 5 * (ramp + window) + 15]
        if probes:
            words += [*others(proxied_target(50, 10, ttft=FIRST_TOKEN)), "-N", probes, "-Q", probe_rate, "-C", 10]
        if beside == "stalled":
            words += [*others(proxied_target(rate, 1e6, stall=20)), "-N", NEIGHBOURS, "-Q", 0]
        if beside == "unread":
            words += [*others(proxied_target(2000, 1e6)), "-N", NEIGHBOURS, "-Q", 0, "-d"]
        with contextlib.ExitStack() as stack:
            upstream, behind, _ = stack.enter_context(self.server("upstream"))
            process, port = upstream, behind
            if kind != "upstream":
                process, port, _ = stack.enter_context(self.server(kind, behind))
            warm_up = ["-u", *proxied_target(50, 10), "-c", 10, "-n", 200, "-k", 50, "-r", 0.5, "-e"]
            warm, _ = self.client("load", process, port, *warm_up)
            time.sleep(0.3)
            run, command = self.client("load", process, port, *words) if not warm["problem"] else (warm, None)
            died = f"; it exited with {process.returncode}" if process.poll() is not None else ""
            told = json.loads(self.ask(behind))
        if run["problem"] or not run["frames"]:
            raise Unmeasured(f"{kind}, {streams} proxied streams x {rate:g}/s: {run['problem'] or 'no delta'}, "
                             f"{run['failed']} failed{died}")
        suffered = {"stalled": told["stalled"], "unread": told["blocked"]}.get(beside, NEIGHBOURS)
        if suffered != NEIGHBOURS:
            raise Unmeasured(f"{kind}: {suffered} of {NEIGHBOURS} neighbours were {beside}")
        run = {"server": kind, "behind": behind, "beside": beside, "rate": rate, "units_wanted": count,
               "window_wanted_s": window, **run}
        self.keep(run, command, behind)
        say(f"  {kind}{f' beside {beside} ones' if beside else ''}: {streams} x {rate:g}/s, {delta_us(run):.2f} us of CPU a "
            f"delta, on its way p99 {way_p99(run):.2f} ms, client {client_share(run):.0%}")
        return run

    def proxied_rounds(self, *kinds, streams, rate, **more):
        for number in range(self.options.rounds):
            say(f"  round {number + 1} of {self.options.rounds}")
            yield [self.proxied(kind, streams, rate, **more) for kind in kinds]

    def proxy_cpu(self):
        rounds = list(self.proxied_rounds("typebar", "nginx", streams=300, rate=50, ramp=2))
        ours, nginx = zip(*rounds)
        return [delta_us(a) / delta_us(b) for a, b in rounds], {
            "us_per_delta": median_of(ours, delta_us),
            "nginx_us_per_delta": median_of(nginx, delta_us),
            "turns_per_delta": median_of(ours, turns),
            "nginx_turns_per_delta": median_of(nginx, turns),
            "delta_bytes": median_of(ours, lambda run: run["bytes"] / run["units"]),
            "way_p50": median_of(ours, lambda run: run["way_ms"]["p50"]),
            "nginx_way_p50": median_of(nginx, lambda run: run["way_ms"]["p50"]),
            "way_p99": median_of(ours, way_p99),
            "nginx_way_p99": median_of(nginx, way_p99),
        }

    def first_tokens(self, rank):
        if self.first is None:
            probes = int(200 * max(1, self.options.seconds))
            more = {"streams": 200, "rate": 50, "ramp": 1, "probes": probes}
            self.first = list(self.proxied_rounds("upstream", "typebar", **more))
        else:
            self.runs = [run for row in self.first for run in row]
        times = [[run["first_frame_ms"] for run in row] for row in self.first]
        return [ours[rank] - direct[rank] for direct, ours in times], {
            "probes": times[0][0]["n"],
            "direct": statistics.median(direct[rank] for direct, _ in times),
            "through": statistics.median(ours[rank] for _, ours in times),
        }

    def proxy_ttft_p50(self):
        return self.first_tokens("p50")

    def proxy_ttft_p99(self):
        return self.first_tokens("p99")

    def proxy_memory(self):
        runs = [run for run, in self.proxied_rounds("typebar", streams=2000, rate=2, ramp=3)]
        return [grown_kib(run) for run in runs], {
            "before_mib": median_of(runs, lambda run: run["rss_before_kib"]) / 1024,
            "peak_mib": median_of(runs, lambda run: run["rss_peak_kib"]) / 1024,
        }

    def disturbances(self, index, what):
        """Each round: nobody beside, upstreams that stall, clients that do not read."""
        if self.disturbed is None:
            rounds = []
            for number in range(self.options.rounds):
                say(f"  round {number + 1} of {self.options.rounds}")
                rounds.append([
                    self.proxied("typebar", 500, 20, ramp=3, settle=1, window=2 * self.options.seconds, beside=beside)
                    for beside in (None, "stalled", "unread")])
            self.disturbed = rounds
        else:
            self.runs = [run for row in self.disturbed for run in row]
        alone, beside = [row[0] for row in self.disturbed], [row[index] for row in self.disturbed]
        return [way_p99(b) / way_p99(a) for a, b in zip(alone, beside)], {
            what: NEIGHBOURS,
            "p99": median_of(beside, way_p99),
            "p99_alone": median_of(alone, way_p99),
            "p50": median_of(beside, lambda run: run["way_ms"]["p50"]),
            "p50_alone": median_of(alone, lambda run: run["way_ms"]["p50"]),
            "lowest_over_lowest": min(map(way_p99, beside)) / min(map(way_p99, alone)),
        }

    def proxy_stall(self):
        return self.disturbances(1, "stalled")

    def proxy_unread(self):
        return self.disturbances(2, "unread")

    def proxy_many(self):
        rounds = []
        for number in range(self.options.rounds):
            say(f"  round {number + 1} of {self.options.rounds}")
            few = self.proxied("typebar", 100, 1, ramp=1, window=2 * self.options.seconds)
            rounds.append((few, self.proxied("typebar", MANY, 1, ramp=10, window=2 * self.options.seconds)))
        few, many = zip(*rounds)
        return [b["gap_ms"]["p99"] / a["gap_ms"]["p99"] for a, b in rounds], {
            "streams": MANY,
            "gap_p99": median_of(many, lambda run: run["gap_ms"]["p99"]),
            "gap_p99_of_100": median_of(few, lambda run: run["gap_ms"]["p99"]),
            "gap_max": max(run["gap_ms"]["max"] for run in many),
            "way_p99": median_of(many, way_p99),
            "way_p99_of_100": median_of(few, way_p99),
            "us_per_delta": median_of(many, delta_us),
            "kib_per_stream": median_of(many, grown_kib),
        }
