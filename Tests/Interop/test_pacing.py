"""Promises about time, loosely: machines that run tests are busy. The exact schedule is tested in Swift."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from on_schedule import assert_on_schedule, median_of
from sse_client import Connection, chat, create, read_answer
from transports import is_http2

pytestmark = pytest.mark.alone
SLACK = 0.15


def gaps(answer):
    return [after.at - before.at for before, after in zip(answer.content, answer.content[1:])]


def together(*calls):
    """Runs waits side by side."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_the_mean_pace_is_the_rate(server):
    def at(rate, unit):
        answer = chat(server.port, "ab cd " * 200, model="echo", rate=rate, unit=unit, ttft=0, max_units=rate * 4)
        assert answer.whole and len(answer.content) == rate * 4
        mean = (answer.content[-1].at - answer.content[0].at) / (len(answer.content) - 1)
        assert abs(mean * rate - 1) < 0.05, (rate, unit, mean)

    together(*[lambda rate=rate, unit=unit: at(rate, unit) for rate in (10, 50, 100) for unit in ("character", "word")])


def test_high_rates_end_on_time(server):
    def at(rate):
        answer = chat(server.port, "x", model="long", rate=rate, ttft=0)
        assert answer.whole
        took = answer.last.at - answer.start.at
        assert abs(took / (20000 / rate) - 1) < 0.05 + SLACK / 2, (rate, took)

    at(5000)
    at(10000)


@pytest.mark.parametrize("ttft", [0, 300, 1500])
def test_first_unit_at_ttft(server, ttft):
    starts = []

    def first():
        sent = time.monotonic()
        answer = chat(server.port, "hello", model="echo", rate=100, ttft=ttft)
        starts.append(answer.start.at - sent)
        assert answer.content[0].at - sent >= ttft / 1000 - 0.01
        return answer.content[0].at - sent

    assert median_of(first) <= ttft / 1000 + SLACK
    assert statistics.median(starts) < SLACK


def test_first_unit_by_default_at_300_ms(server):
    def first():
        sent = time.monotonic()
        return chat(server.port, "hi", model="echo").content[0].at - sent

    assert 0.29 <= median_of(first) <= 0.3 + SLACK


def test_the_first_unit_of_a_created_stream_counts_from_its_creation(server):
    sent = time.monotonic()
    sid = create(server.port, prompt="hello", model="echo", ttft=1500)
    # From when it is read, it would come a second later.
    time.sleep(1)
    assert 1.49 <= chat(server.port, path=f"/chat/stream/{sid}").content[0].at - sent < 2.3


def test_pause_after_sentences_and_half_of_it_after_clauses(server):
    text = "One, two. Three! Four? Five; six: 3.14 a,b 你好。再见，是"
    answer = chat(server.port, text, model="echo", rate=50, ttft=0, pause=1000)
    assert answer.text == text and len(answer.units) == len(text)
    due = [0]
    for unit, after in zip(text, text[1:]):
        is_end = unit in ".!?" and after == " " or unit == "。"
        is_clause = unit in ",;:" and after == " " or unit == "，"
        due.append(due[-1] + 0.02 + (1 if is_end else 0.5 if is_clause else 0))
    assert_on_schedule([frame.at for frame in answer.content], due)


def test_the_pause_of_a_word_follows_the_word_that_holds_the_mark(server):
    answer = chat(server.port, "One. Two three", model="echo", unit="word", rate=20, ttft=0, pause=800)
    assert answer.units == ["One.", " Two", " three"]
    assert_on_schedule([frame.at for frame in answer.content], [0, 0.85, 0.9])


def test_burst_sends_units_together_and_multiplies_the_gap(server):
    answer = chat(server.port, "x" * 60, model="echo", rate=40, burst=10, ttft=0)
    assert answer.whole and len(answer.content) == 60, "a unit is a frame, also in a burst"
    assert_on_schedule([frame.at for frame in answer.content], [index // 10 * 0.25 for index in range(60)])


def test_jitter_spreads_the_gaps_and_keeps_the_mean(server):
    def of(cadence, jitter):
        parameters = {"cadence": cadence} if cadence else {}
        answer = chat(server.port, "x" * 201, model="echo", rate=50, ttft=0, jitter=jitter, seed=3, **parameters)
        found = gaps(answer)
        mean = statistics.mean(found)
        assert abs(mean * 50 - 1) < 0.25, (cadence, mean)
        # Not the standard deviation: a single moment in which the machine does something else would make half of it.
        spread = statistics.mean(abs(gap - mean) for gap in found) / mean / float(jitter)
        assert 0.4 < spread < 1.3, (cadence, spread)

    cases = [(None, "0.5"), ("uniform", "0.5"), ("normal", "0.3"), ("lognormal", "0.5"), ("gamma", "0.5"), ("exponential", "1")]
    together(*[lambda case=case: of(*case) for case in cases])


def test_the_same_seed_gives_the_same_schedule(server):
    first, second = together(*[lambda: chat(server.port, "x" * 60, model="echo", rate=20, ttft=0, jitter="0.8", seed=11)] * 2)
    at = [[frame.at - answer.content[0].at for frame in answer.content] for answer in (first, second)]
    # Of two seeds they would soon be some 100 ms apart.
    assert statistics.median(abs(a - b) for a, b in zip(*at)) < 0.03
    assert statistics.pstdev(gaps(first)) > 0.01


def test_rate_0_is_as_fast_as_the_client_reads_with_a_unit_a_frame(server):
    sent = time.monotonic()
    answer = chat(server.port, "x", model="long", rate=0, ttft=0)
    # At the slowest pace of its own, 400 s.
    assert answer.whole and answer.last.at - sent < 10
    assert len(answer.content) > 19000


def test_frames_come_one_by_one(server):
    answer = chat(server.port, "x" * 40, model="echo", rate=20, ttft=0)
    # Who reads late finds two or three at once; where they were held back, nearly all would be.
    assert len(answer.content) == 40 and sum(gap < 0.25 * 0.05 for gap in gaps(answer)) <= 6


@pytest.mark.transports("h1", "h2c", because="they stop at a window of their own, and TLS has the one of h1")
def test_a_reader_that_paused_gets_units_together_and_catches_up(server):
    """250 ms behind its schedule a stream shares frames, of at most 4 KiB."""
    # Some 5.7 MB in 3.4 s: more than the kernel keeps for a reader that is away.
    text = ("x" * 119 + " ") * 34000
    with Connection(server.port) as connection:
        body = {"prompt": text, "model": "echo", "unit": "word", "rate": 10000, "ttft": 0}
        connection.request("POST", "/chat/stream", body=body)
        response = connection.response()
        began = time.monotonic()
        # The reader's own pause: nothing to wait for.
        time.sleep(3.6)
        answer = read_answer(response)
    assert answer.whole and answer.text == text
    # Not over HTTP/1: Linux drops small segments that a full reader has no room for although its window has, and tries
    # again only when the next of its doubling timers ends: up to 3 s late, whatever the server does.
    if is_http2(server.port):
        assert answer.last.at - began < 5, "all was due, so nothing is left to wait for"
    sizes = [len(unit) for unit in answer.units]
    assert max(sizes) > 1000, "no units share a frame although it is far behind"
    assert max(sizes) <= 4096


def test_cadences_from_recordings(gateway):
    """A percentile table, or a recorded trace, under a name of the configuration; the rate still sets the mean."""
    port = gateway(config="cadences:\n  typist: { trace: [10, 10, 10, 90] }\n"
                          "  model: { percentiles: { 0: 10, 50: 20, 90: 40, 100: 200 } }\n").port

    def of(name):
        answer = chat(port, "x" * 121, model="echo", rate=40, ttft=0, cadence=name)
        assert answer.whole
        return gaps(answer)

    typist, model = together(lambda: of("typist"), lambda: of("model"))
    # Of each fourth gap the usual one, wherever in the trace it begins.
    *short, long = sorted(statistics.median(typist[phase::4]) for phase in range(4))
    assert max(short) < statistics.mean(typist) < 0.5 * long
    assert statistics.pstdev(model) > 0.2 * statistics.mean(model)
