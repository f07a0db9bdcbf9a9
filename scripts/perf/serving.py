# SPDX-License-Identifier: Apache-2.0
"""The figures of typebar's own answers, for scripts/bench: a frame's CPU and lateness, memory, scaling, overload, whole
answers a second, how soon a scenario is found, how soon the server is up.

Beside most stands the floor, the least C server that can do the same (floor.c), run in turn with typebar so that the drift of
the machine cancels.
"""

import http.client
import json
import shlex
import statistics
import sys
import time

from runs import (CHAT, CHAT_TEXT, LETTERS, MARGIN, SETTLE, Unmeasured, answer_us, chat_body, client_share, cpu_us, late_p99,
                  median_of, per_second, say, server_share)
from servers import PERF, ROOT, output

SMALL_FRAME = 18  # bytes on the wire: the chunk of "data: hello\n\n", whose 13 bytes older measurements were made with
CONNECTIONS, TOKENS = 32, 50  # of the requests for whole answers: at once; in each answer

FIGURES = {
    "cpu": ("server CPU a frame over the floor's, 600 streams x 50/s", "x", 1.3),
    "lateness": ("p99 of a frame's lateness, 600 streams x 50/s", "ms", 2),
    "chat": ("server CPU a frame over the floor's, OpenAI chat format, 600 streams x 50/s", "x", 1.5),
    "memory": ("resident memory a stream, 5,000 streams", "KiB", 10),
    "scaling": ("CPU a frame, 5,000 streams x 1/s over 100 x 50/s", "x", 1.15),
    "overload": ("latest end over its ideal, 600 streams that ask for 3 cores", "%", 5),
    "accept": ("p99 from connect() to the first frame, 200 new a second beside 600 x 50/s", "ms", 50),
    "requests": (f"whole chat completions of {TOKENS} tokens a second over the floor's, {CONNECTIONS} connections", "x", None),
    "match": ("p99 of finding a request's scenario among 1,000", "us", 50),
    "startup": ("from exec to the first answer", "ms", 100),
}


def target(kind, rate, units, size, wire="plain_stream"):
    """What the client asks for, and, where that takes more than a target, how."""
    if kind == "floor":
        return [f"/?rate={rate:g}&count={units}&size={size}"]
    prompt, pace = (LETTERS * (units // len(LETTERS) + 1))[:units], f"unit=character&rate={rate:g}&ttft=0"
    if wire == "openai_chat":
        return [f"{CHAT}?{pace}", "-b", chat_body(prompt, stream=True), "-m", CHAT_TEXT]
    return [f"/chat/stream?prompt={prompt}&model=echo&{pace}"]


def check_tokens(port, path, body):
    """Typebar's answer is as long as it is said to be."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        tokens = json.loads(text)["usage"]["completion_tokens"] if answer.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError, LookupError) as problem:
        raise Unmeasured(f"typebar, {path}: {problem!r}") from problem
    finally:
        connection.close()
    if tokens != TOKENS:
        raise Unmeasured(f"typebar, {path}: {answer.status}, {tokens} tokens instead of {TOKENS}: {text[:200]}")


def check_match(request, count, lines):
    """All scenarios were read, and the one that is meant takes the request."""
    taken = [line.split()[1] for line in lines if line.startswith("MATCH ")]
    known = sum(line.startswith(("MATCH ", "also ", "no ")) for line in lines)
    if known != count or taken != [name for name in [request["scenario"]] if name]:
        raise Unmeasured(f"request {request['name']}: {known} scenarios, taken by {taken}, not {request['scenario']}")


class ServingFigures:
    """Of the class `Bench`, which knows cores, options, servers and runs."""

    steady = None  # rounds that two figures share

    def run(self, kind, streams, rate, *, ramp, size=None, lifetime=None, probes=0, probe_rate=200, wire="plain_stream"):
        """One run. With `lifetime` (seconds) the streams are followed to their ends and the window is all that it can be."""
        window = probes / probe_rate + 0.2 if probes else self.options.seconds
        units = max(2, round(rate * (lifetime or ramp + SETTLE + window + MARGIN)))
        words = ["-u", *target(kind, rate, units, size, wire), "-n", streams, "-k", f"{rate:g}", "-r", ramp]
        words += ["-s", 0, "-w", 1000, "-e"] if lifetime else ["-s", SETTLE, "-w", window]
        # Long enough for a server that is far behind, not for one that hangs.
        words += ["-t", 5 * (lifetime or ramp + window) + 10]
        if probes:
            words += ["-U", *target(kind, 50, 10, size), "-N", probes, "-Q", probe_rate]
        with self.server(kind) as (process, port, _):
            short_ones = target(kind, 50, 10, size, wire)
            warm_up, _ = self.client("load", process, port, "-u", *short_ones, "-n", 200, "-k", 50, "-r", 0.5, "-e")
            if warm_up["problem"]:
                raise Unmeasured(f"{kind}, warm-up: {warm_up['problem']}")
            time.sleep(0.3)
            run, command = self.client("load", process, port, *words)
            if run["problem"]:
                died = f"; the server exited with {process.returncode}" if process.poll() is not None else ""
                raise Unmeasured(f"{kind}, {streams} streams x {rate:g}/s: {run['problem']}, {run['failed']} failed{died}")
            if not run["frames"]:
                raise Unmeasured(f"{kind}, {streams} streams x {rate:g}/s: no frame came while all of them ran")
        run = {"server": kind, "wire": wire, "rate": rate, "size": size, "units_wanted": units,
               "window_wanted_s": None if lifetime else window, **run}
        self.keep(run, command)
        say(f"  {kind}: {streams} x {rate:g}/s, {cpu_us(run):.2f} us of CPU a frame, late p99 {late_p99(run):.2f} ms, client "
            f"{client_share(run):.0%}")
        return run

    def pairs(self, streams, rate, *, ramp, **more):
        """Rounds of typebar and then the floor, with frames as long as typebar's were."""
        for number in range(self.options.rounds):
            say(f"  round {number + 1} of {self.options.rounds}")
            ours = self.run("typebar", streams, rate, ramp=ramp, **more)
            yield ours, self.run("floor", streams, rate, ramp=ramp, size=round(ours["bytes"] / ours["frames"]), **more)

    def whole_answers(self, kind, path, body, *, size=None):
        """One run of requests for whole answers, one after the other on each connection."""
        words = ["-u", path, "-b", body, "-n", CONNECTIONS, "-s", 1, "-w", self.options.seconds]
        with self.server(kind) as (process, port, _):
            if kind == "typebar":
                check_tokens(port, path, body)
            run, command = self.client("requests", process, port, *words)
        if run["problem"]:
            raise Unmeasured(f"{kind}, {path}: {run['problem']}")
        run = {"server": kind, "size": size, **run}
        self.keep(run, command)
        say(f"  {kind}: {per_second(run):,.0f} answers/s, {answer_us(run):.2f} us of CPU an answer, {server_share(run):.0%} of "
            f"the server's core, client {client_share(run):.0%}")
        return run

    def explain(self, request, folder, *flags):
        return ["taskset", "-c", self.server_core, self.options.binary, "explain", request["path"], "--scenarios", folder,
                *flags]

    # MARK: Figures. Each gives its value in each round, and what stands beside.

    def steady_rounds(self):
        if self.steady is None:
            rounds = [(*pair, self.run("floor", 600, 50, ramp=2, size=SMALL_FRAME)) for pair in self.pairs(600, 50, ramp=2)]
            self.steady = rounds
        else:  # the figure before this one was of the same runs
            self.runs = [run for row in self.steady for run in row]
        return self.steady

    def cpu(self):
        rounds = self.steady_rounds()
        ours, floor, small = zip(*rounds)
        return [cpu_us(a) / cpu_us(b) for a, b, _ in rounds], {
            "us_per_frame": median_of(ours, cpu_us),
            "floor_us_per_frame": median_of(floor, cpu_us),
            "frame_bytes": floor[0]["size"],
            "small_frame_floor_us": median_of(small, cpu_us),
            "over_small_frame_floor": statistics.median(cpu_us(a) / cpu_us(c) for a, _, c in rounds),
        }

    def lateness(self):
        ours, floor, _ = zip(*self.steady_rounds())
        return [late_p99(run) for run in ours], {
            "floor_p99": median_of(floor, late_p99),
            "p50": median_of(ours, lambda run: run["late_ms"]["p50"]),
            "p999": median_of(ours, lambda run: run["late_ms"]["p999"]),
            "max": max(run["late_ms"]["max"] for run in ours),
            "from_connect_p99": median_of(ours, lambda run: run["late_from_connect_ms"]["p99"]),
            "floor_from_connect_p99": median_of(floor, lambda run: run["late_from_connect_ms"]["p99"]),
        }

    def chat(self):
        rounds = list(self.pairs(600, 50, ramp=2, wire="openai_chat"))
        ours, floor = zip(*rounds)
        return [cpu_us(a) / cpu_us(b) for a, b in rounds], {
            "us_per_frame": median_of(ours, cpu_us),
            "floor_us_per_frame": median_of(floor, cpu_us),
            "frame_bytes": floor[0]["size"],
            "late_p99": median_of(ours, late_p99),
            "floor_late_p99": median_of(floor, late_p99),
        }

    def memory(self):
        runs = [self.run("typebar", 5000, 2, ramp=4) for _ in range(self.options.rounds)]
        return [(run["rss_peak_kib"] - run["rss_before_kib"]) / run["streams"] for run in runs], {
            "before_mib": median_of(runs, lambda run: run["rss_before_kib"]) / 1024,
            "peak_mib": median_of(runs, lambda run: run["rss_peak_kib"]) / 1024,
        }

    def scaling(self):
        few, many, more = [], [], []
        for _ in range(self.options.rounds):
            size = None
            for kind in ("typebar", "floor"):
                few.append(self.run(kind, 100, 50, ramp=1, size=size))
                many.append(self.run(kind, 5000, 1, ramp=4, size=size))
                size = round(few[-1]["bytes"] / few[-1]["frames"])
            more.append(self.run("typebar", 5000, 4, ramp=4))
        ratios = [cpu_us(b) / cpu_us(a) for a, b in zip(few, many)]
        return ratios[::2], {
            "us_at_100x50": median_of(few[::2], cpu_us),
            "us_at_5000x1": median_of(many[::2], cpu_us),
            "us_at_5000x4": median_of(more, cpu_us),
            "5000x4_over_100x50": statistics.median(cpu_us(b) / cpu_us(a) for a, b in zip(few[::2], more)),
            "floor": statistics.median(ratios[1::2]),
            "over_floor": statistics.median(a / b for a, b in zip(ratios[::2], ratios[1::2])),
        }

    def overload(self):
        known = [row[0] for row in self.steady] if self.steady else [self.run("typebar", 600, 50, ramp=2)]
        capacity = 1e6 / median_of(known, cpu_us)
        rate = min(10000, round(3 * capacity / 600, 1))
        runs = [self.run("typebar", 600, rate, ramp=1, lifetime=8) for _ in range(self.options.rounds)]
        return [run["end_over_pct"]["max"] for run in runs], {
            "p99": median_of(runs, lambda run: run["end_over_pct"]["p99"]),
            "p50": median_of(runs, lambda run: run["end_over_pct"]["p50"]),
            "capacity_frames_per_s": capacity,
            "asked_frames_per_s": 600 * rate,
            "sent_frames_per_s": median_of(runs, lambda run: run["frames"] / run["window_s"]),
            "sent_units_per_s": median_of(runs, lambda run: run["units"] / run["window_s"]),
            "server_share": median_of(runs, server_share),
            "client_cpu_share": median_of(runs, lambda run: run["client_cpu_s"] / run["window_s"]),
            "client_share": median_of(runs, client_share),
        }

    def accept(self):
        probes = int(200 * max(1, self.options.seconds))
        ours, floor = zip(*self.pairs(600, 50, ramp=2, probes=probes))
        return [run["first_frame_ms"]["p99"] for run in ours], {
            "probes": probes,
            "p50": median_of(ours, lambda run: run["first_frame_ms"]["p50"]),
            "max": max(run["first_frame_ms"]["max"] for run in ours),
            "floor_p99": median_of(floor, lambda run: run["first_frame_ms"]["p99"]),
        }

    def requests(self):
        body = chat_body(" ".join(["word"] * TOKENS))
        rounds = []
        for number in range(self.options.rounds):
            say(f"  round {number + 1} of {self.options.rounds}")
            ours = self.whole_answers("typebar", f"{CHAT}?speed=0", body)
            size = round(ours["bytes"] / ours["answers"])
            rounds.append((ours, self.whole_answers("floor", f"/?body={ours['longest_body']}&size={size}", body, size=size)))
        ours, floor = zip(*rounds)
        return [per_second(a) / per_second(b) for a, b in rounds], {
            "per_second": median_of(ours, per_second),
            "floor_per_second": median_of(floor, per_second),
            "answer_bytes": floor[0]["size"],
            "body_bytes": ours[0]["longest_body"],
            "us_per_answer": median_of(ours, answer_us),
            "floor_us_per_answer": median_of(floor, answer_us),
            "cpu_over_floor": statistics.median(answer_us(a) / answer_us(b) for a, b in rounds),
            "server_share": median_of(ours, server_share),
            "floor_server_share": median_of(floor, server_share),
            "p50_ms": median_of(ours, lambda run: run["answer_ms"]["p50"]),
            "p99_ms": median_of(ours, lambda run: run["answer_ms"]["p99"]),
        }

    def match(self):
        """Of the usual requests the slowest; the long one stands beside."""
        made = json.loads(output(sys.executable, ROOT / "scripts" / "perf" / "scenarios.py", PERF / "match"))
        folder, requests = made["scenarios"], made["requests"]
        for request in requests:
            check_match(request, made["count"], output(*self.explain(request, folder)).splitlines())
        rounds = []
        for number in range(self.options.rounds):
            say(f"  round {number + 1} of {self.options.rounds}")
            rounds.append({})
            for request in requests:
                times = json.loads(output(*self.explain(request, folder, "--time")))
                say(f"  {request['name']}: {json.dumps(times)}")
                rounds[-1][request["name"]] = times
        beside = {"scenarios": made["count"], "runs": rounds[0]["none"]["runs"]}
        for request in requests:
            name = request["name"]
            beside[f"{name}_bytes"] = request["bytes"]
            for rank in ("p50_us", "p99_us", "max_us"):
                beside[f"{name}_{rank}"] = median_of(rounds, lambda times: times[name][rank])
        beside["command"] = shlex.join(map(str, self.explain(requests[0], folder, "--time")))
        usual = [name for name in rounds[0] if name != "long"]
        return [max(times[name]["p99_us"] for name in usual) for times in rounds], beside

    def startup(self):
        times = []
        for _ in range(3 if self.options.quick else 10):
            with self.server("typebar") as (_, _, seconds):
                times.append(seconds * 1000)
        return times, {"min": min(times), "max": max(times), "command": shlex.join(self.command("typebar", "PORT"))}
