# SPDX-License-Identifier: Apache-2.0
"""What is read off a run, for scripts/bench: a client's report, as it comes from load.c or requests.c, with what the server
used meanwhile."""

import json
import statistics
import sys

LETTERS = "abcdefghijklmnopqrstuvwxyz"
CHAT = "/v1/chat/completions"
CHAT_TEXT = '"delta":{"content":"'  # stands before the text of a chunk, and in no other chunk
SETTLE, MARGIN = 0.5, 1.5  # seconds between all streams up and the window; and, at least, from there to the first end


class Unmeasured(Exception):
    """Why there is no figure."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def median_of(runs, value):
    return statistics.median(value(run) for run in runs)


def cpu_us(run):
    return run["server_cpu_s"] * 1e6 / run["frames"]


def client_share(run):
    """Of its core, that the client used or waited for: near 1 it measures itself."""
    return (run["client_cpu_s"] + run["client_wait_s"]) / run["window_s"]


def server_share(run):
    return run["server_cpu_s"] / run["window_s"]


def late_p99(run):
    return run["late_ms"]["p99"]


def delta_us(run):
    return run["server_cpu_s"] * 1e6 / run["units"]


def turns(run):
    """How often a thread of the server was given the core, for a delta."""
    return run["server_turns"] / run["units"]


def way_p99(run):
    """From the upstream's send() to the client's read()."""
    return run["way_ms"]["p99"]


def grown_kib(run):
    return (run["rss_peak_kib"] - run["rss_before_kib"]) / run["streams"]


def per_second(run):
    return run["answers"] / run["window_s"]


def answer_us(run):
    return run["server_cpu_s"] * 1e6 / run["answers"]


def chat_body(prompt, **more):
    return json.dumps({"model": "echo", **more, "messages": [{"role": "user", "content": prompt}]}, separators=(",", ":"))
