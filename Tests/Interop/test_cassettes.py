"""Cassettes: what an upstream once said, again: byte for byte, or at another pace and in another format."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api_client import ASK, CHAT, ask, call, said
from fault_client import was_reset
from on_schedule import assert_on_schedule
from sse_client import Connection, chat, post_chat, wait_until
from test_command import one_line, run

GOLDEN = Path(__file__).parents[1] / "MockModelTests/Golden/cassettes"
TEXT = "Hello, café by the sea."
SECRET = "sk-verysecret-0123456789abcdef"


def sse(*payloads):
    return "".join(f"data: {each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)}\n\n"
                   for each in payloads).encode()


def delta(finish=None, **delta):
    return {"id": "chatcmpl-x1", "object": "chat.completion.chunk", "created": 1, "model": "rec-1",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


# Times in milliseconds. The second read ends inside the é of café.
WHOLE = sse(delta(role="assistant", content=""), delta(content="Hello, "), delta(content="café"), delta(content=" by"),
            delta(content=" the sea."), delta("stop"), "[DONE]")
CUTS = [WHOLE.index("é".encode()) + 1, WHOLE.index(b" the sea") - 30]
READS = [(100, WHOLE[:CUTS[0]]), (150, WHOLE[CUTS[0]:CUTS[1]]), (400, WHOLE[CUTS[1]:])]
# When the pieces of the text came, and what ends them in JSON of any format.
SAID = [(100, b'Hello, "'), (150, b' by"'), (400, b' the sea."')]


def tape(reads=READS, end="complete", at=None, format="openai_chat", status=200, headers=None, request=None):
    head = {"typebar_cassette": 1, "format": format, "status": status,
            "headers": headers or {"content-type": "text/event-stream; charset=x-taped"}}
    lines = [head | ({"request": request} if request else {})]
    for time, read in reads:
        try:
            body = {"text": read.decode()}
        except UnicodeDecodeError:
            body = {"base64": base64.b64encode(read).decode()}
        lines.append({"t": time * 1_000_000} | body)
    last = reads[-1][0] if reads else 0
    lines.append({"t": (last + 50 if at is None else at) * 1_000_000, "end": end})
    return "".join(json.dumps(line) + "\n" for line in lines)


@pytest.fixture
def replay(gateway, tmp_path):
    """A server that answers everything from a cassette: `replay(tape(), "speed: 10")` gives its port."""
    def make(content, options="", pace="", **flags):
        (tmp_path / "tapes").mkdir(exist_ok=True)
        (tmp_path / "tapes/one.jsonl").write_text(content)
        (tmp_path / "scenarios").mkdir(exist_ok=True)
        options = f"{{ file: ../tapes/one.jsonl, {options} }}" if options else "../tapes/one.jsonl"
        pace = f"  pace: {{ {pace} }}\n" if pace else ""
        (tmp_path / "scenarios/s.yaml").write_text(f"- name: taped\n{pace}  reply:\n    cassette: {options}\n")
        return gateway(scenarios=tmp_path / "scenarios", **flags).port

    return make


def pieces(port, query="", format="openai_chat"):
    """Each write of a streamed answer, with the seconds since the request."""
    path, headers, body = ASK[format]
    path = path.format(model="m")
    with Connection(port) as connection:
        connection.request("POST", path + ("&" if "?" in path else "?") + query, headers,
                           body("x") | {"model": "m", "stream": True})
        began = connection.at
        response = connection.response()
        assert response.status == 200
        return [(piece, at - began) for piece, at in response.pieces()]


# ── As it was ──

@pytest.mark.alone
def test_the_bytes_come_as_they_were_in_the_same_writes_at_the_same_times(replay):
    port = replay(tape())
    told = pieces(port)
    assert [piece for piece, _ in told] == [read for _, read in READS]
    assert_on_schedule([at for _, at in told], [time / 1000 for time, _ in READS], usually=0.1, since=0)
    told = ask(port, parameters="")
    assert told.body == WHOLE and told.error is None and said(told) == TEXT
    assert told.headers["content-type"] == "text/event-stream; charset=x-taped"


@pytest.mark.alone
@pytest.mark.parametrize("options,query,flags,scale", [
    ("speed: 10", "", {}, 10), ("", "speed=10", {}, 10), ("", "", {"speed": 10}, 10), ("speed: 0", "", {}, 0),
    ("", "speed=0", {}, 0), ("", "", {"speed": 0}, 0), ("speed: 0.5", "", {}, 0.5)])
def test_a_speed_scales_its_times(replay, options, query, flags, scale):
    told = pieces(replay(tape(), options, **flags), query)
    assert b"".join(piece for piece, _ in told) == WHOLE
    due = READS[-1][0] / 1000 / scale if scale else 0
    # Nearer to it than to the time of the tape.
    assert due - 0.012 <= told[-1][1] < due + 0.2


def test_a_golden_cassette_of_the_unit_tests_is_played(gateway, tmp_path):
    (tmp_path / "s.yaml").write_text(f"- {{ name: golden, reply: {{ cassette: {GOLDEN}/openai-chat-text.jsonl }} }}\n")
    port = gateway(scenarios=tmp_path, speed=0).port
    assert said(ask(port, parameters="")) == said(ask(port, format="gemini", parameters=""), "gemini") != ""


def test_a_reset_at_the_end_is_one_again(replay):
    for end in ("reset", "timeout"):
        cut = ask(replay(tape(READS[:2], end)), parameters="speed=0")
        assert isinstance(cut.error, ConnectionResetError) and cut.body == WHOLE[:CUTS[1]]


def test_an_end_without_done_is_one_again(replay):
    told = ask(replay(tape(READS[:2])), parameters="speed=0")
    assert told.error is None and told.body == WHOLE[:CUTS[1]]


ERROR = json.dumps({"error": {"message": "Slow down.", "type": "requests", "param": None, "code": "slow"}}).encode()


def test_an_error_status_comes_again_with_its_body(replay):
    port = replay(tape([(10, ERROR)], status=429, headers={"content-type": "application/json"}))
    told = ask(port, parameters="")
    assert (told.status, told.body, told.headers["content-type"]) == (429, ERROR, "application/json")


# ── In other formats ──

@pytest.mark.alone
def test_other_formats_tell_the_same_at_the_same_times(replay):
    port = replay(tape())
    others = [format for format in ASK if format != "openai_chat"]
    with ThreadPoolExecutor(len(others)) as pool:
        answers = dict(zip(others, pool.map(lambda format: pieces(port, "", format), others)))
    for format, told in answers.items():
        for time, mark in SAID:
            # The first piece that bears it: some formats tell the whole text again at the end.
            at = next(at for piece, at in told if mark in piece)
            assert time - 20 <= at * 1000 <= time + 400, (format, mark)


@pytest.mark.parametrize("format", ASK)
def test_every_format_tells_the_text_of_a_cassette_whole(replay, format):
    assert said(ask(replay(tape(), speed=0), format=format, parameters=""), format) == TEXT


def test_who_does_not_stream_gets_the_whole_of_it(replay):
    port = replay(tape(), speed=0)
    told = call(port, "POST", CHAT, {"model": "m", "messages": [{"role": "user", "content": "x"}]}).json()
    assert told["choices"][0]["message"]["content"] == TEXT and told["choices"][0]["finish_reason"] == "stop"
    told = call(port, "POST", "/v1/messages", {"model": "m", "max_tokens": 99, "messages": [
        {"role": "user", "content": "x"}]}, {"anthropic-version": "2023-06-01"}).json()
    assert told["content"] == [{"type": "text", "text": TEXT}] and told["stop_reason"] == "end_turn"


def test_the_plain_stream_types_what_a_cassette_says(replay):
    port = replay(tape())
    told = chat(port, "x", rate=0, ttft=0, unit="word")
    assert told.whole and told.text == TEXT and len(told.content) > 3


TOOLS = sse(
    delta(role="assistant", reasoning_content="Hm."), delta(content="Look: "),
    delta(tool_calls=[{"index": 0, "id": "call_1", "type": "function", "function": {"name": "find", "arguments": ""}}]),
    delta(tool_calls=[{"index": 0, "function": {"arguments": "{\"shade\":"}}]),
    delta(tool_calls=[{"index": 0, "function": {"arguments": "true}"}}]), delta("tool_calls"),
    {"id": "chatcmpl-x1", "object": "chat.completion.chunk", "created": 1, "model": "rec-1", "choices": [],
     "usage": {"prompt_tokens": 21, "completion_tokens": 9, "total_tokens": 30}}, "[DONE]")


def test_tools_reasoning_and_usage_pass_into_another_format(replay):
    port = replay(tape([(10, TOOLS)]), speed=0)
    body = {"model": "m", "max_tokens": 2000, "thinking": {"type": "enabled", "budget_tokens": 1024},
            "messages": [{"role": "user", "content": "x"}]}
    told = call(port, "POST", "/v1/messages", body, {"anthropic-version": "2023-06-01"}).json()
    kinds = {block["type"]: block for block in told["content"]}
    assert kinds["thinking"]["thinking"] == "Hm." and kinds["text"]["text"] == "Look: "
    assert (kinds["tool_use"]["name"], kinds["tool_use"]["input"]) == ("find", {"shade": True})
    assert told["stop_reason"] == "tool_use"
    assert (told["usage"]["input_tokens"], told["usage"]["output_tokens"]) == (21, 9)
    plain = post_chat(port, {"prompt": "x", "rate": 0, "ttft": 50, "events": ["reasoning", "tool", "usage"]})
    assert plain.text == "Look: " and plain.named("usage") == [{"input_tokens": 21, "output_tokens": 9}]
    assert json.loads("".join(each["arguments"] for each in plain.named("tool"))) == {"shade": True}
    assert "".join(each["delta"] for each in plain.named("reasoning")) == "Hm."


@pytest.mark.parametrize("end,kind", [("reset", ConnectionResetError), ("timeout", ConnectionResetError)])
def test_a_cut_answer_is_cut_in_another_format_too(replay, end, kind):
    port = replay(tape(READS[:2], end), speed=0)
    for format in ("anthropic_messages", "ollama_chat"):
        cut = ask(port, format=format, parameters="")
        assert isinstance(cut.error, kind) and said(cut, format) == "Hello, café by", format


def test_an_answer_without_its_end_lacks_it_in_another_format_too(replay):
    told = ask(replay(tape(READS[:2]), speed=0), format="anthropic_messages", parameters="")
    assert told.error is None and said(told, "anthropic_messages") == "Hello, café by"
    assert "message_stop" not in told.text


def test_an_error_in_the_stream_is_one_of_the_other_format(replay):
    broken = sse(delta(content="Half"), {"error": {"message": "Out of memory.", "type": "server_error"}})
    told = ask(replay(tape([(10, broken)]), speed=0), format="anthropic_messages", parameters="")
    assert told.status == 200 and said(told, "anthropic_messages") == "Half" and "event: error" in told.text


def test_an_error_status_is_one_in_another_format_too(replay):
    port = replay(tape([(10, ERROR)], status=429, headers={"content-type": "application/json"}), speed=0)
    told = ask(port, format="anthropic_messages", parameters="")
    assert told.status == 429 and told.json()["error"]["type"] == "rate_limit_error"
    told = call(port, "POST", CHAT, {"model": "m", "messages": [{"role": "user", "content": "x"}]})
    assert told.status == 429 and "error" in told.json()


def anthropic(*events):
    return "".join(f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in events).encode()


def ollama(text, end):
    return json.dumps({"model": "rec", "message": {"role": "assistant", "content": text}} | end).encode() + b"\n"


OTHERS = {
    "anthropic_messages": anthropic(
        {"type": "message_start", "message": {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "rec", "content": [],
            "stop_reason": None, "usage": {"input_tokens": 5, "output_tokens": 1}}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": TEXT}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "max_tokens"}, "usage": {"output_tokens": 6}},
        {"type": "message_stop"}),
    "gemini": sse({"candidates": [{"content": {"parts": [{"text": TEXT}], "role": "model"}, "index": 0,
                                   "finishReason": "MAX_TOKENS"}]}),
    "ollama_chat": ollama(TEXT, {"done": False}) + ollama("", {"done": True, "done_reason": "length"})}


@pytest.mark.parametrize("format", OTHERS)
def test_cassettes_of_other_formats_are_read_by_a_client_of_openais(replay, format):
    port = replay(tape([(10, OTHERS[format])], format=format), speed=0)
    assert ask(port, format=format, parameters="").body == OTHERS[format]
    told = call(port, "POST", CHAT, {"model": "m", "messages": [{"role": "user", "content": "x"}]}).json()
    assert told["choices"][0]["message"]["content"] == TEXT and told["choices"][0]["finish_reason"] == "length"


# ── At another pace ──

@pytest.mark.alone
@pytest.mark.parametrize("options", ["as: events", ""])
def test_a_pace_of_the_scenario_types_it_anew(replay, options):
    port = replay(tape(), options, pace="unit: word, rate: 10, ttft: 50")
    told = pieces(port)
    times = [at for piece, at in told if b'"content":"' in piece.replace(b'"content":""', b"")]
    assert_on_schedule(times, [0.05, 0.15, 0.25, 0.35, 0.45], usually=0.1, since=0)
    assert said(ask(port, parameters="")) == TEXT


@pytest.mark.alone
def test_a_pace_of_the_request_types_it_anew_in_another_format(replay):
    told = pieces(replay(tape()), "unit=word&rate=10&ttft=50", "anthropic_messages")
    times = [at for piece, at in told if b"text_delta" in piece]
    assert_on_schedule(times, [0.05, 0.15, 0.25, 0.35, 0.45], usually=0.1, since=0)


# ── What is wrong with one ──

HEAD = {"typebar_cassette": 1, "format": "openai_chat", "status": 200, "headers": {}}
BROKEN = {
    "no JSON": (tape().replace('{"t"', '{"t', 1), 2, "JSON"),
    "cut": (tape().rsplit("\n", 2)[0] + "\n", None, "cut"),
    "empty": ("", 1, "empty"),
    "times fall": (tape([(200, b"a"), (100, b"b")], at=300), 3, "falls"),
    "another version": (json.dumps(HEAD | {"typebar_cassette": 2}) + "\n", 1, "version"),
    "unknown format": (json.dumps(HEAD | {"format": "telex"}) + "\n", 1, "format"),
    "unknown member": (tape().replace('"t":', '"time":', 1), 2, "time"),
    "no base64": (tape([(1, b"\xff")]).replace("/w==", "/w=!"), 2, "base64"),
    "secret in the headers": (tape(headers={"set-cookie": f"s={SECRET}"}), 1, "set-cookie"),
    "secret in the request": (tape(request={"headers": {"authorization": f"Bearer {SECRET}"}}), 1, "authorization"),
    "secret in the query": (tape(request={"path": f"/v1beta/x?key={SECRET}"}), 1, "key"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_cassette_is_told_with_its_line_and_shows_no_secret(replay, name):
    content, line, word = BROKEN[name]
    port = replay(content)
    for format in ("openai_chat", "anthropic_messages"):
        told = ask(port, format=format, parameters="")
        message = told.json()["error"]["message"]
        assert told.status == 500 and word in message and SECRET not in told.text
        assert f"one.jsonl:{line}" in message if line else "one.jsonl:" in message
    response = call(port, "GET", "/chat/stream?prompt=x")
    assert response.status == 500 and "one.jsonl" in response.json()["error"]["message"]


def test_a_cassette_that_is_not_there_is_told_and_may_come(gateway, tmp_path):
    (tmp_path / "s.yaml").write_text("- { name: taped, reply: { cassette: none.jsonl } }\n")
    port = gateway(scenarios=tmp_path).port
    told = ask(port, parameters="")
    assert told.status == 500 and "none.jsonl" in told.json()["error"]["message"]
    (tmp_path / "none.jsonl").write_text(tape())
    assert ask(port, parameters="speed=0").body == WHOLE


def test_raw_bytes_are_not_for_clients_of_another_format(replay):
    port = replay(tape(), "as: raw, speed: 0")
    assert ask(port, parameters="").body == WHOLE
    told = ask(port, format="anthropic_messages", parameters="")
    assert told.status == 400 and "openai_chat" in told.json()["error"]["message"]


@pytest.mark.transports("h1", "tls", "h2")
def test_faults_are_done_to_what_a_cassette_says(replay):
    port = replay(tape(), "speed: 0")
    told = ask(port, parameters="fault=reset@2&seed=1", model="m")
    assert was_reset(told, port) and said(told).startswith("Hello, ")
    whole = ask(port, parameters="fault=comments&seed=1", model="m")
    assert said(whole) == TEXT and ": a comment" in whole.text


def test_bytes_that_are_replayed_raw_take_no_fault(replay):
    told = ask(replay(tape(), "as: raw, speed: 0"), parameters="fault=reset@2", model="m")
    assert told.status == 400 and told.json()["error"]["param"] == "fault" and "raw" in told.json()["error"]["message"]


def test_check_opens_the_cassettes_that_scenarios_name(tmp_path):
    (tmp_path / "s.yaml").write_text("- name: first\n  reply: a\n- name: taped\n  reply:\n    cassette: one.jsonl\n")
    for content, place in ((None, "one.jsonl:1"), (tape() + "{\n", "one.jsonl:6")):
        if content:
            (tmp_path / "one.jsonl").write_text(content)
        for path in (tmp_path, tmp_path / "s.yaml"):
            out = run("check", path)
            told = one_line(out.stderr)
            assert out.returncode == 78 and "s.yaml:3" in told and place in told, told
    (tmp_path / "one.jsonl").write_text(tape())
    assert run("check", tmp_path).returncode == 0


@pytest.mark.parametrize("options", ["{ file: x, as: cooked }", "{ file: x, speed: -1 }", "{ as: raw }", "{ }", "\"\""])
def test_a_scenario_that_names_a_cassette_wrongly_is_refused(tmp_path, options):
    (tmp_path / "s.yaml").write_text(f"- name: taped\n  reply:\n    cassette: {options}\n")
    out = run("check", tmp_path)
    assert out.returncode == 78 and "s.yaml:3" in one_line(out.stderr)


def test_the_log_knows_how_a_replay_ended(replay):
    for content, outcome in ((tape(), "whole"), (tape(end="reset"), "broken")):
        port = replay(content)
        ask(port, parameters="speed=0")
        wait_until(lambda: call(port, "GET", "/admin/counts").json()["outcomes"], 2, "it has not ended")
        assert call(port, "GET", "/admin/counts").json() == {
            "total": 1, "outcomes": {outcome: 1}, "scenarios": {"taped": 1}}
