"""Where and when faults act, how they are asked for, and what they do to whole answers and to `/chat/stream`."""

import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api_client import ASK, CHAT, ask, call
from fault_client import (FORMATS, FRAMING, HALF_CLOSE, LETTERS, MESSAGES, faulty, is_short, plain, was_closed,
                          was_reset, words)
from on_schedule import median_of
from sse_client import Answer, Connection, assert_error, chat, fetch, stream_target

pytestmark = pytest.mark.transports("h1", "tls", "h2")


# ── Places, chances, and where a fault may stand ──

@pytest.mark.parametrize("count", [0, 1, 100, 777])
def test_a_place_in_bytes_is_exact(server, count):
    whole, cut = faulty(server.port, ""), faulty(server.port, f"reset@{count}b")
    assert cut.body == whole.body[:count] and cut.error is not None


def test_a_place_in_time_is_kept_whatever_has_been_said(server):
    cut = faulty(server.port, "reset@300ms", pace="unit=word&rate=10&ttft=0")
    assert 0.29 <= cut.seconds <= 0.45 and words(cut.body).startswith("a b c") and words(cut.body) != LETTERS
    told = faulty(server.port, "close@0.2s", pace="rate=1&ttft=5000")
    assert 0.19 <= told.seconds <= 0.4 and told.error is not None and words(told.body) == ""


def test_chances_are_drawn_from_the_seed(server):
    def fates():
        return [ask(server.port, "a", parameters=f"speed=0&seed={seed}&fault=status:500~0.5").status == 500
                for seed in range(1, 41)]

    drawn = fates()
    assert drawn == fates() and 10 <= sum(drawn) <= 30
    assert faulty(server.port, "status:500~0").status == 200 and faulty(server.port, "status:500~1").status == 500


@pytest.mark.parametrize("format", FORMATS)
def test_a_fault_may_stand_after_the_models_name(server, format):
    if format == "gemini":  # whose model stands in the path
        told = ask(server.port, LETTERS, format, model="echo%3Fspeed=0%26fault=reset@2", parameters="")
    else:
        path, headers, body = ASK[format]
        told = call(server.port, "POST", path, body(LETTERS) | {"model": "echo?speed=0&fault=reset@2", "stream": True},
                    headers)
    assert was_reset(told, server.port) and words(told.body, format) == "a b"


@pytest.mark.parametrize("fault", [
    "rest@2", "reset@", "reset@-1", "status", "status:200", "split:nibble", "reset~2", "drip", "missing_done@3",
    "status:503:x", ",", "giant:99999999999"])
def test_a_fault_that_nobody_knows_is_refused(server, fault):
    told = faulty(server.port, fault)
    assert told.status == 400 and "fault" in told.json()["error"]["message"] + str(told.json()["error"]["param"])
    assert_error(fetch(server.port, "GET", stream_target("x", model="echo", fault=fault)), 400, "fault")


def test_several_faults_go_together(server):
    told = faulty(server.port, "line_ends:crlf,duplicate@1,comments,reset@4")
    assert was_reset(told, server.port) and words(told.body.replace(b"\r\n", b"\n")) == "a b b c"


def test_a_fault_of_a_scenarios_step_acts_there(gateway, tmp_path):
    (tmp_path / "s.yaml").write_text(
        "- name: cut\n  reply:\n    - text: Hello\n    - fault: reset\n    - text: never\n")
    port = gateway(scenarios=tmp_path).port
    for format in FORMATS:
        told = faulty(port, "", format)
        assert was_reset(told, port) and words(told.body, format) == "Hello", format
    told = call(port, "GET", "/chat/stream?prompt=x&rate=0&ttft=0")
    assert was_reset(told, port) and told.text.count("\ndata: ") == 1 + len("Hello")


def test_a_fault_that_is_a_scenarios_first_step_acts_before_the_first_word(gateway, tmp_path):
    (tmp_path / "s.yaml").write_text("- { name: cut, reply: [ fault: reset, text: never ] }\n")
    port = gateway(scenarios=tmp_path).port
    assert was_reset(faulty(port, ""), port)
    for pace in ("rate=0&ttft=100", "rate=0&ttft=0"):
        told = call(port, "GET", "/chat/stream?prompt=x&" + pace)
        assert was_reset(told, port) and ".5\n" not in told.text, pace


def test_another_stream_of_the_same_server_is_not_touched(server):
    with Connection(server.port) as other:
        body = {"model": "echo", "stream": True, "messages": MESSAGES}
        other.request("POST", f"{CHAT}?rate=20&ttft=0&seed=1", body=body)
        for fault in ("reset@1", "close@1", "error@1", "giant:100000@1", "drip:100000"):
            faulty(server.port, fault)
        assert other.response().read() == faulty(server.port, "").body


# ── Answers that are not streamed ──

@pytest.mark.parametrize("fault", ["reset@100b", "close@100b", "truncate"])
def test_a_whole_answer_is_cut(server, fault):
    whole, cut = plain(server.port, ""), plain(server.port, fault)
    # What is cut in the framing of a length is short, and no error of the network.
    assert not fault.startswith("reset") or was_reset(cut, server.port)
    assert is_short(cut) and whole.body.startswith(cut.body) and 0 < len(cut.body) < len(whole.body)


@pytest.mark.alone
def test_a_whole_answer_stalls_drips_and_fails(server):
    assert 0.29 < median_of(lambda: plain(server.port, "stall:300").seconds) < 0.5
    whole = plain(server.port, "").body
    slow = [plain(server.port, "drip:1000") for _ in range(3)]
    assert {each.body for each in slow} == {whole}
    assert statistics.median(each.seconds for each in slow) == pytest.approx(len(whole) / 1000, rel=0.2)
    assert plain(server.port, "error").status >= 500


@pytest.mark.parametrize("fault", ["malformed_json", "invalid_utf8", "giant:5000", "unknown_fields"])
def test_a_whole_answer_that_is_altered_arrives_in_right_framing(server, fault):
    whole, told = plain(server.port, ""), plain(server.port, fault)
    assert not is_short(told) and told.body != whole.body
    if fault == "malformed_json":
        assert told.body == whole.body[:-1]
    elif fault != "invalid_utf8":
        assert told.json()["choices"] == whole.json()["choices"]


def test_a_whole_answer_that_ends_early_ends_cleanly(server):
    told = plain(server.port, "end@50b")
    assert told.status == 200 and not is_short(told) and len(told.body) == 50


# ── /chat/stream ──

FAST = {"model": "echo", "rate": 0, "ttft": 0}


def streamed(port, fault, text="abcdef", **parameters):
    """`/chat/stream` with a fault, as far as it comes, and what a client of it has got."""
    told = call(port, "GET", stream_target(text, fault=fault, **FAST | parameters))
    blocks = told.body.split(b"\n\n")[:-1]
    units = [block for block in blocks if block.startswith(b"id: ") and b".end\n" not in block]
    return told, units


@pytest.mark.parametrize("fault,is_cut", [("reset@3", was_reset), ("close@3", was_closed), ("truncate@3", was_closed)])
def test_a_stream_is_cut_and_a_resume_brings_the_rest_once_and_whole(server, fault, is_cut):
    told, units = streamed(server.port, fault)
    assert is_cut(told, server.port) and len(units) == 3
    last = units[-1].split(b"\n")[0].removeprefix(b"id: ").decode()
    rest = chat(server.port, headers={"Last-Event-ID": last})
    assert rest.text == "def" and rest.whole and rest.about["resumed"] is True


def test_a_stream_that_ends_without_its_terminator_is_resumed_too(server):
    for fault, count in (("end@2", 2), ("missing_done", 6)):
        told, units = streamed(server.port, fault)
        assert told.error is None and len(units) == count and b"[DONE]" not in told.body
        rest = chat(server.port, headers={"Last-Event-ID": units[-1].split(b"\n")[0].removeprefix(b"id: ").decode()})
        assert rest.text == "abcdef"[count:] and rest.whole


def test_a_reset_before_the_first_unit_leaves_an_id_to_resume_from(server):
    told, units = streamed(server.port, "reset@200b")
    assert told.error is not None and not units and b"event: start" in told.body and len(told.body) == 200
    sid = told.headers["x-stream-id"]
    assert chat(server.port, headers={"Last-Event-ID": f"{sid}.0"}).text == "abcdef"


def test_an_error_ends_a_stream_with_its_own_fault(server):
    told, units = streamed(server.port, "error@2")
    assert told.error is None and len(units) == 2
    event = told.text.rstrip("\n").split("\n\n")[-1].split("\n")
    assert event[0] == "event: fault" and event[1].endswith(".end")
    assert json.loads(event[2].removeprefix("data: "))["retryable"] is True


@pytest.mark.alone
def test_a_stall_and_a_drip_of_a_stream_take_their_time(server):
    def seconds(fault):
        told, units = streamed(server.port, fault)
        assert len(units) == 6 and told.error is None
        return told.seconds

    assert 0.29 <= median_of(lambda: seconds("stall:300@2")) <= 0.5
    length = len(streamed(server.port, "")[0].body)
    assert median_of(lambda: seconds("drip:1000")) == pytest.approx(length / 1000, rel=0.25)


@pytest.mark.parametrize("fault,expected", [
    ("lose@1", b"acdef"), ("duplicate@1", b"abbcdef"), ("reorder@1", b"acbdef"), ("invalid_utf8@1", b"a\xffbcdef")])
def test_units_of_a_stream_are_lost_doubled_and_change_places(server, fault, expected):
    told, units = streamed(server.port, fault)
    assert told.error is None and b"".join(unit.split(b"data: ")[1] for unit in units) == expected
    assert chat(server.port, headers={"Last-Event-ID": told.headers["x-stream-id"] + ".0"}).text == "abcdef"


def test_a_giant_frame_of_a_stream_is_padded_and_still_means_the_same(server):
    told, _ = streamed(server.port, "giant:100000@1")
    assert told.error is None and len(told.body) > 100_000
    assert "".join(data for data in told.events() if len(data) == 1) == "abcdef"


def test_line_ends_comments_and_fields_of_a_stream(server):
    told, _ = streamed(server.port, "line_ends:crlf,comments,unknown_fields")
    lines = told.body.split(b"\r\n")
    assert told.error is None and not any(b"\n" in line for line in lines)
    data = [line.removeprefix(b"data: ") for line in lines if line.startswith(b"data: ")]
    assert b"".join(each for each in data if len(each) == 1) == b"abcdef"
    assert any(line.startswith(b":") for line in lines) and any(line.startswith(b"x-unknown") for line in lines)


def test_only_the_terminator_of_a_stream_is_doubled_or_missing(server):
    for fault, count in (("doubled_done", 2), ("missing_done", 0)):
        told, units = streamed(server.port, fault, events="usage")
        assert told.body.count(b"data: [DONE]") == count and len(units) == 6
        assert told.body.count(b"event: usage") == 1


def test_the_type_of_a_stream_is_wrong_too(server):
    assert streamed(server.port, "content_type:text/html")[0].headers["content-type"] == "text/html"


@FRAMING
def test_the_length_of_a_stream_is_wrong_too(server):
    told = call(server.port, "GET", stream_target("abcdef", fault="content_length:100000", **FAST), timeout=1)
    assert int(told.headers["content-length"]) > len(told.body) and "transfer-encoding" not in told.headers


def test_a_status_or_a_limit_comes_instead_of_a_stream(server, transport):
    response = fetch(server.port, "GET", stream_target("x", fault="status:503:2", **FAST))
    assert_error(response, 503)
    assert response.header("retry-after") == "2"
    headers = {"X-Typebar-Session": f"plain-limit-{transport}"}
    told = [fetch(server.port, "GET", stream_target("x", fault="rate_limit:2", **FAST), headers) for _ in range(3)]
    assert [each.status for each in told] == [200, 200, 429]


def test_a_fault_after_the_models_name_of_a_stream(server):
    told = call(server.port, "GET", stream_target("abcdef", model="echo?rate=0&ttft=0&fault=reset@2"))
    assert was_reset(told, server.port) and told.text.count(".1\n") == 1 and ".3\n" not in told.text


@pytest.mark.parametrize("pace", ["rate=0&ttft=0", "rate=20&ttft=0&unit=character"])
@pytest.mark.parametrize("path,body", [
    ("/v1/chat/completions", {"model": "echo", "stream": True, "messages": [{"role": "user", "content": "a b c" * 99}]}),
    ("/v1/chat/completions", {"model": "echo", "messages": [{"role": "user", "content": "a b c"}]}),
    ("/api/generate", {"model": "echo", "prompt": "a b c" * 99}),
    ("/chat/stream", {"model": "echo", "prompt": "a b c" * 99})])
def test_a_client_that_leaves_a_stall_that_never_ends_is_forgotten(server, path, body, pace):
    """At once, however much is still to be said."""
    before = server.settled_sockets()
    with Connection(server.port) as connection:
        connection.request("POST", f"{path}?{pace}&fault=stall@1", {"Content-Type": "application/json"},
                           json.dumps(body).encode())
        time.sleep(0.2)
    deadline = time.monotonic() + 3
    while server.sockets() > before:
        assert time.monotonic() < deadline, "the server keeps the socket of a client that is gone"
        time.sleep(0.05)


def half_closed(port, format, fault):
    path, headers, body = ASK[format]
    target = path.format(model="echo")
    target += ("&" if "?" in target else "?") + f"speed=0&seed=1&fault={fault}"
    with Connection(port) as connection:
        connection.request("POST", target, headers, body(LETTERS) | {"model": "echo", "stream": True})
        connection.finish_sending()
        return connection.response().read()


@HALF_CLOSE
@pytest.mark.parametrize("fault", ["stall:1500@2", "drip", "duplicate@2", "stall:700,split:utf8"])
def test_a_client_that_closes_its_sending_side_reads_on_through_a_fault(server, fault):
    def bodies(format):
        # The system that asks whether somebody is there writes no byte of the body.
        told = faulty(server.port, fault.replace("1500", "0") if fault != "drip" else "", format).body
        # Two seconds, however long the answer is.
        return half_closed(server.port, format, f"drip:{len(told) // 2}" if fault == "drip" else fault), told

    with ThreadPoolExecutor(len(FORMATS)) as pool:
        for format, (body, expected) in zip(FORMATS, pool.map(bodies, FORMATS)):
            assert body == expected, format


@HALF_CLOSE
@pytest.mark.parametrize("fault", ["stall:1500@2", "drip:900", "stall:1500"])
def test_a_client_of_a_stream_that_closes_its_sending_side_reads_on_through_a_fault(server, fault):
    with Connection(server.port) as connection:
        connection.request("GET", stream_target("abcdefgh", model="echo", rate=50, ttft=100, fault=fault))
        connection.finish_sending()
        response = connection.response()
        answer = Answer(response, list(response.frames())).check()
        assert answer.whole and answer.text == "abcdefgh"


def test_a_drip_does_not_hold_what_it_does_not_let_out(gateway):
    server = gateway()
    prompt = {"prompt": "x" * 4_000_000, "model": "echo", "rate": 0, "ttft": 0}
    fetch(server.port, "POST", "/chat", {}, prompt)
    before = server.resident()
    readers = []
    for fault in ("drip:1000", "stall@5", "drip:1000,stall:60000@99"):
        readers.append(Connection(server.port).request("POST", f"/chat/stream?fault={fault}", {}, prompt))
        assert next(readers[-1].response().frames())
    time.sleep(1)
    # Each holds its prompt, as it came and as it is said, and no frames of it.
    grown = server.resident() - before
    assert grown < 90 << 20, f"{grown >> 20} MiB"
    for each in readers:
        each.reset()


def test_a_fault_of_a_step_waits_for_the_text_before_it_however_slow_that_is(gateway, tmp_path):
    (tmp_path / "s.yaml").write_text(
        f"- name: slow\n  reply:\n    - text: {'x' * 3000}\n    - fault: lose\n    - text: abc\n")
    server = gateway(scenarios=tmp_path)
    answer = chat(server.port, "Hi", model="mock", unit="character", rate=0, ttft=0, fault="drip:200000")
    assert answer.text == "x" * 3000 + "bc" and answer.whole
