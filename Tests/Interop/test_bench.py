# SPDX-License-Identifier: Apache-2.0
"""`typebar bench` against a server whose schedule is known: what it reports is what happened.

The bounds are wide, since others use the machine; scripts/bench measures how near it comes.
"""

import pytest

from bench_client import KnownSchedule, bench

pytestmark = pytest.mark.alone
COUNT, STREAMS = 30, 24


@pytest.fixture
def known():
    server = KnownSchedule()
    yield server
    server.end()


def measured(known, *words, streams=STREAMS, at_once=8, code=0, **wishes):
    wishes = {"ttft": 100, "gap": 20, "count": COUNT} | wishes
    flags = {} if "--max-error-rate" in words else {"max_error_rate": "0%"}
    result = bench(known.url(**wishes), *words, concurrency=at_once, requests=streams, **flags)
    assert result.code == code, result
    assert result.target["begun"] == streams and sum(result.ends.values()) == streams
    return result


def test_times_and_counts_are_the_servers(known):
    result = measured(known)
    told = known.told()
    assert result.ends == {"complete": STREAMS} and told["streams"] == STREAMS
    assert result.target["contents"] == told["contents"] == STREAMS * COUNT
    for name in ("ttft", "ttft_send"):
        times = result.metric(name)
        assert times.count == STREAMS and times.at(0.5) == pytest.approx(100, abs=15), name
        assert times.mean == pytest.approx(sum(value * count for value, count in times.values) / STREAMS, rel=0.01)
    assert result.metric("ttft").values[0][0] > 99.5
    gaps = result.metric("gap")
    assert gaps.count == STREAMS * (COUNT - 1)
    assert gaps.at(0.5) == pytest.approx(20, abs=1) and gaps.mean == pytest.approx(20, abs=1)
    assert result.metric("tpot").at(0.5) == pytest.approx(20, abs=1)
    assert result.metric("tps_user").count == STREAMS
    assert result.metric("e2e").at(0.5) == pytest.approx(100 + 20 * (COUNT - 1), abs=20)


def test_a_role_a_finish_and_a_usage_are_no_tokens(known):
    result = measured(known, role=1, usage=1, ttft=200)
    target = result.target
    assert target["contents"] == known.told()["contents"] == STREAMS * COUNT
    assert result.metric("ttfe").at(0.9) < 100, "the role's chunk is the first event"
    assert result.metric("ttft").values[0][0] > 199, "and no token"
    assert result.metric("gap").count == STREAMS * (COUNT - 1) and result.metric("gap").at(0.1) > 10
    assert target["tokens"] == STREAMS * COUNT, "the server's own count"


def test_thoughts_are_tokens_and_what_is_shown_is_timed_apart(known):
    result = measured(known, reasoning=10)
    assert result.target["contents"] == STREAMS * COUNT
    assert result.metric("ttft").at(0.5) == pytest.approx(100, abs=15)
    assert result.metric("ttfvt").at(0.5) == pytest.approx(300, abs=15)


@pytest.mark.parametrize("format", ["chat", "text", "ids", "lines"])
def test_stalls_are_counted_and_as_long_as_they_were(known, format):
    result = measured(known, format=format, stall="12:400", every=3)
    told = known.told()
    stalls, gaps = result.metric("stall"), result.metric("gap")
    assert stalls.count == told["stalls"] == STREAMS // 3
    assert stalls.at(0.5) == pytest.approx(400, abs=30) and 370 < stalls.max < 800
    assert result.metric("max_gap").above(300) == told["stalls"]
    assert gaps.max == stalls.max and gaps.above(300) == told["stalls"]


def test_percentiles_are_values_that_occurred(known):
    """100 gaps of 20 ms and a stall of 420 in each stream: 227 between them, which others report, never was."""
    result = measured(known, count=102, gap=10, stall="50:420", streams=20, at_once=20)
    gaps = result.metric("gap").told
    values = [value / 1000 for value, _ in gaps["histogram"]]
    for name in ("p50", "p90", "p99", "p999", "max"):
        value = gaps.get(name)
        assert value is None or min(abs(value - each) / each for each in values if each) < 0.002, name
    assert gaps["p99"] is not None and not 100 < gaps["p99"] < 400
    assert 390 < gaps["max"] < 800


def test_lateness_is_what_was_put_in(known):
    result = measured(known, "--cadence", "ttft=100ms,gap=20ms", late="10:150")
    late = result.metric("late")
    assert late.count == STREAMS * COUNT
    assert late.above(148) == STREAMS * (COUNT - 10), "this event and all after it"
    assert late.at(0.3) < 30 and late.at(0.5) == pytest.approx(150, abs=15)


def test_one_late_event_is_one_late_event(known):
    result = measured(known, "--cadence", "gap=200ms", gap=200, count=8, once="4:150", streams=16)
    late = result.metric("late")  # by the first event, which may itself have been late
    assert 16 <= late.above(75) <= 24, "each stream has one; the machine may add a few"
    assert 14 <= result.metric("gap").above(275)
    assert late.at(0.5) < 15


def test_a_typebar_tells_its_own_schedule(server):
    result = bench(f"{server.url}/chat/stream?prompt=abcdefghijklmnopqrst&model=echo&unit=character&rate=50&ttft=100",
                   concurrency=4, requests=8)
    assert result.code == 0, result
    assert result.target["format"] == "event_source" and result.target["contents"] == 8 * 20
    late = result.metric("late")
    assert late.count >= 8 * 19 and late.at(0.5) < 15


def test_events_that_share_a_read_are_told(known):
    result = measured(known, join="7", every=2, streams=20)
    target, told = result.target, known.told()
    assert target["contents"] == told["contents"] == 20 * COUNT
    # A client that is away for one gap finds two events in each of its streams.
    assert told["joined"] == 10 and 10 <= target["shared_reads"] <= 10 + 20 * COUNT // 10
    assert result.metric("gap").values[0][0] < 1, "they came at one time"


@pytest.mark.parametrize("format", ["chat", "text", "ids", "lines"])
def test_an_event_in_two_pieces_is_one(known, format):
    result = measured(known, format=format, split=1, streams=8)
    assert result.target["contents"] == known.told()["contents"] == 8 * COUNT
    assert result.metric("gap").at(0.5) == pytest.approx(20, abs=2)


def test_the_end_after_the_last_token_is_timed_apart(known):
    result = measured(known, tail=150, streams=8)
    assert result.metric("close").at(0.5) == pytest.approx(150, abs=20)
    assert result.metric("e2e").at(0.5) == pytest.approx(100 + 20 * (COUNT - 1), abs=20), "to the last token"
    gaps = result.metric("gap")
    assert gaps.count == 8 * (COUNT - 1) and gaps.above(120) < 8, "it is no gap of any stream"


def test_a_reader_of_constant_speed_waits_where_the_server_is_slower(known):
    result = measured(known, "--reader-rate", 50, gap=40, streams=8)
    assert result.metric("reader_buffer").at(0.5) == pytest.approx(20 * (COUNT - 1), abs=60)
    slow = measured(known, "--reader-rate", 20, gap=40, streams=8)
    assert slow.metric("reader_buffer").at(0.5) < 25


def test_connections_are_used_again(known):
    result = measured(known, count=3, streams=30, at_once=5)
    assert result.target["connections"] == 5 and result.target["reused_connections"] == 25
    assert result.metric("connect").count == 5
    assert known.told()["connections"] - 1 == 5, "without the one that asks"


def test_a_server_that_accepts_late_is_late_with_the_first_byte_not_with_the_connection():
    server = KnownSchedule("-a", 500)
    result = bench(server.url(count=3, gap=10), concurrency=4, requests=4)
    server.end()
    assert result.code == 0, result
    assert result.metric("connect").max < 200
    assert result.metric("ttfb").at(0.5) > 250
