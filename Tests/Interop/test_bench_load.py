# SPDX-License-Identifier: Apache-2.0
"""`typebar bench`: when requests begin, who shares the load, two servers at once, and whether the client kept up."""

import contextlib
import json
import os
import subprocess
import sys
import time

import pytest

from bench_client import KnownSchedule, bench

pytestmark = [pytest.mark.alone, pytest.mark.timeout(120)]


@pytest.fixture
def known():
    server = KnownSchedule()
    yield server
    server.end()


# MARK: Open loops


def test_a_rate_gives_the_requests_of_its_time(known):
    result = bench(known.url(ttft=20, gap=10, count=5), request_rate=40, duration="3s", burstiness="inf")
    assert result.code == 0, result
    assert 117 <= result.target["planned"] <= 121 and result.target["begun"] == result.target["planned"]
    assert result.ends == {"complete": result.target["begun"]} and known.told()["streams"] == result.target["begun"]


def test_the_same_seed_draws_the_same_times(known):
    runs = [bench(known.url(ttft=10, gap=5, count=2), request_rate=50, requests=40, seed=seed) for seed in (5, 5, 6)]
    hashes = [run.runs[0].get("schedule_hash") for run in runs]
    assert hashes[0] == hashes[1] != hashes[2] and hashes[0], hashes


def test_what_waits_for_a_server_waits_on_the_clock():
    """500 ms for each answer, one at a time, 10 requests a second: the 20th waits 8 s, whatever its own answer took."""
    server = KnownSchedule()
    result = bench(server.url(ttft=500, gap=1, count=2), request_rate=10, burstiness="inf", requests=20, max_concurrency=1)
    server.end()
    assert result.code == 0, result
    assert result.metric("ttft_send").at(0.5) == pytest.approx(500, abs=60)
    planned = result.metric("ttft")
    assert planned.mean > 3500 and planned.max == pytest.approx(500 + 19 * 402, rel=0.1)
    assert result.metric("queue").max == pytest.approx(19 * 402, rel=0.1)


def test_a_server_of_one_at_a_time_is_seen_from_the_plan_and_from_the_write():
    server = KnownSchedule("-s")
    result = bench(server.url(ttft=200, gap=1, count=2), request_rate=20, burstiness="inf", requests=20)
    told = server.end()
    assert result.code == 0 and told["streams"] == 20, result
    assert result.metric("ttft").max == pytest.approx(200 + 19 * 152, rel=0.15)
    assert result.metric("ttft_send").max == pytest.approx(result.metric("ttft").max, rel=0.1), "it was written on time"


def test_stages_follow_one_another(known):
    result = bench(known.url(ttft=10, gap=5, count=2), stages="10:1s,50:1s", burstiness="inf")
    assert result.code == 0, result
    assert 58 <= result.target["planned"] <= 62 and result.target["begun"] == result.target["planned"]
    windows = result.target["timeline"]["begun"]
    assert windows[0] == pytest.approx(10, abs=3) and windows[1] == pytest.approx(50, abs=8)


def test_a_trace_is_played(known, tmp_path):
    trace = tmp_path / "arrivals"
    trace.write_text("0\n0.1\n0.1\n0.2\n1.5\n")
    began = time.monotonic()
    result = bench(known.url(ttft=10, gap=5, count=2), trace=trace)
    assert result.code == 0 and time.monotonic() - began > 1.5, result
    assert result.target["planned"] == result.target["begun"] == known.told()["streams"] == 5
    lines = tmp_path / "arrivals.jsonl"
    lines.write_text("".join(json.dumps({"timestamp": at, "input_length": 7}) + "\n" for at in (0, 50, 700)))
    result = bench(known.url(ttft=10, gap=5, count=2), trace=lines)
    assert result.code == 0 and result.target["begun"] == 3, result


# MARK: Closed loops


def test_a_ramp_spreads_the_first_requests(known):
    result = bench(known.url(ttft=10, gap=100, count=35), concurrency=20, requests=20, ramp="2s")
    assert result.code == 0, result
    windows = result.target["timeline"]["begun"]
    assert windows[0] == pytest.approx(10, abs=3) and windows[1] == pytest.approx(10, abs=3)
    assert result.target["peak_streams"] == 20


def test_a_sweep_stops_where_the_server_is_saturated():
    """One answer of 100 ms at a time: 2 users are as many tokens a second as 1, and each further level is slower."""
    server = KnownSchedule("-s")
    result = bench(server.url(ttft=80, gap=20, count=2), sweep="1,2,4,8,16,32,64", duration="2s", timeout=100)
    server.end()
    assert result.code == 0, result
    assert 2 <= len(result.runs) <= 4, [run["load"] for run in result.runs]
    assert "saturat" in result.out.lower(), result.out


def test_a_sweep_goes_through_levels_that_are_borne(known):
    result = bench(known.url(ttft=20, gap=10, count=5), sweep="2,4,8", duration="1s", timeout=60)
    assert result.code == 0 and len(result.runs) == 3, result
    contents = [run["targets"][0]["contents"] for run in result.runs]
    assert contents[0] < contents[1] < contents[2]


# MARK: Several processes, two servers


def test_processes_share_the_load_and_their_figures_add_up(known):
    result = bench(known.url(ttft=50, gap=10, count=20), concurrency=10, requests=40, processes=2)
    told = known.told()
    assert result.code == 0, result
    assert result.ends == {"complete": 40} and told["streams"] == 40
    assert result.target["contents"] == told["contents"] == 800
    assert result.metric("gap").count == 40 * 19 and result.metric("ttft").count == 40
    assert result.runs[0]["signals"]["processes"] == 2


def test_a_planned_load_of_two_processes_is_the_same_plan(known):
    flags = {"request_rate": 30, "requests": 60, "seed": 3}
    one, two = (bench(known.url(ttft=10, gap=5, count=3), processes=count, **flags) for count in (1, 2))
    assert one.code == two.code == 0, two
    assert one.target["begun"] == two.target["begun"] == 60
    assert one.runs[0]["schedule_hash"] == two.runs[0]["schedule_hash"]


def test_two_servers_are_asked_in_turn_and_compared(known):
    """B takes 30 ms longer: it is found, with an interval that contains it."""
    result = bench(known.url(ttft=80, gap=10, count=8), compare=known.url(ttft=110, gap=10, count=8), concurrency=8,
                   requests=160)
    assert result.code == 0, result
    first, second = result.targets
    assert sum(first["ends"].values()) == sum(second["ends"].values()) == 80
    difference = next(each for each in result.runs[0]["comparison"] if each["metric"] == "ttft")
    # Of 20 such intervals one misses, so it is given its own width once more.
    width = difference["high"] - difference["low"]
    assert difference["low"] - width <= 30 <= difference["high"] + width, difference
    assert 25 < difference["difference"] < 35 and difference["high"] - difference["low"] < 15, difference


def test_two_servers_alike_are_called_alike(known):
    url = known.url(ttft=80, gap=10, count=8)
    result = bench(url, compare=url, concurrency=8, requests=160)
    difference = next(each for each in result.runs[0]["comparison"] if each["metric"] == "ttft")
    width = difference["high"] - difference["low"]
    assert difference["low"] - width <= 0 <= difference["high"] + width, difference


# MARK: The verdict


@contextlib.contextmanager
def hogs(core, count):
    """Others that want the same core."""
    made = [subprocess.Popen(["taskset", "-c", str(core), sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for each in made:
            each.kill()
            each.wait()


def test_a_client_that_is_kept_off_its_core_is_called_client_bound():
    """The same load is borne without the others, if not at the first try where the machine is shared."""
    cores = sorted(os.sched_getaffinity(0))
    server = KnownSchedule(core=cores[0])
    load = {"concurrency": 300, "requests": 300, "ramp": "1s", "core": cores[-1], "loose": False}
    url = server.url(ttft=100, gap=10, count=400)
    for _ in range(3):
        alone = bench(url, **load)
        if alone.code == 0:
            break
    with hogs(cores[-1], 3):
        crowded = bench(url, timeout=90, **load)
    loose = None
    if crowded.code == 3:
        with hogs(cores[-1], 3):
            loose = bench(url, timeout=90, **(load | {"loose": True}))
    server.end()
    assert alone.verdict != "client_bound" and alone.code == 0, alone
    assert crowded.verdict == "client_bound" and crowded.code == 3, crowded
    assert crowded.runs[0]["verdict"]["reasons"], "it says why"
    assert "client" in crowded.out.splitlines()[0].lower()
    assert loose.code == 0, loose
