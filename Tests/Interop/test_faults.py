"""Faults on the wire: what each one does to a streamed answer, and to nothing else."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from api_client import ASK, CHAT, call, said
from fault_client import (FINISH, FORMATS, FRAMING, LETTERS, MESSAGES, UNITS, arrivals, faulty, frames, of_unit,
                          plain, was_closed, was_reset, words)
from sse_client import Connection, render_request

pytestmark = pytest.mark.transports("h1", "tls", "h2")


# ── What ends an answer ──

@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("units", [1, 3])
def test_a_reset_cuts_the_answer_after_so_many_units(server, format, units):
    whole = faulty(server.port, "", format)
    cut = faulty(server.port, f"reset@{units}", format)
    assert was_reset(cut, server.port)
    assert whole.body.startswith(cut.body) and words(cut.body, format) == "".join(UNITS[:units])


@pytest.mark.parametrize("format", FORMATS)
def test_a_close_cuts_the_body_in_its_framing(server, format):
    cut = faulty(server.port, "close@2", format)
    assert was_closed(cut, server.port)
    assert words(cut.body, format) == "a b"


@pytest.mark.parametrize("format", FORMATS)
def test_an_end_is_clean_and_lacks_what_tells_that_the_answer_is_whole(server, format):
    whole, cut = faulty(server.port, "", format), faulty(server.port, "end@2", format)
    assert cut.error is None and words(cut.body, format) == "a b"
    assert cut.body == b"".join(frames(whole.body)[:of_unit(whole.body, 1, format) + 1])


@pytest.mark.parametrize("format", FORMATS)
def test_a_truncated_frame_is_half_of_it_and_then_a_close(server, format):
    whole, cut = faulty(server.port, "", format), faulty(server.port, "truncate@2", format)
    assert cut.error is not None
    victim = of_unit(whole.body, 2, format)
    before, frame = b"".join(frames(whole.body)[:victim]), frames(whole.body)[victim]
    assert cut.body == before + frame[:len(frame) // 2]


def failure_of(told, format):
    """What the last frame says of the error, in the format's own shape."""
    last = frames(told.body)[-1].decode()
    if format == "gemini":
        return json.loads(told.text[told.text.index("{\n"):])["error"]["status"]
    data = json.loads(last.split("data: ", 1)[-1])
    if format == "openai_responses":
        assert data["type"] in ("response.failed", "error")
        return data.get("code") or data["response"]["error"]["code"]
    if format == "anthropic_messages":
        assert last.startswith("event: error\n") and data["type"] == "error"
        return data["error"]["type"]
    if format == "ui_message_stream":
        return data["type"] == "error" and data["errorText"]
    return data["error"]["message"] if isinstance(data["error"], dict) else data["error"]


def before_failure(told, format):
    """What had been said until then."""
    end = told.body.find(b"{\n") if format == "gemini" else len(told.body)
    return words(told.body[:end], format)


@pytest.mark.parametrize("pace", ["speed=0", "rate=200&ttft=0"])
@pytest.mark.parametrize("format", FORMATS)
def test_an_error_in_mid_stream_is_the_formats_own_event_and_then_the_end(server, format, pace):
    told = faulty(server.port, "error@2", format, pace=pace)
    assert told.status == 200 and told.error is None
    if format in ("openai_responses", "ui_message_stream"):  # which end with it after an error too
        told.body = told.body.removesuffix(b"data: [DONE]\n\n")
    assert failure_of(told, format)
    assert before_failure(told, format) == "a b"
    assert FINISH.get(format, b"[DONE]") not in told.body and b"response.completed" not in told.body


def test_an_error_before_the_first_word_is_told_in_the_stream_too(server):
    told = faulty(server.port, "error")
    assert told.error is None and "server_error" in told.text
    assert words(told.body[:told.body.index(b'data: {"error"')]) == ""


@pytest.mark.alone
def test_a_stall_is_a_gap_of_its_length_and_nothing_is_lost(server):
    pieces = arrivals(server.port, "stall:800@2")
    whole = faulty(server.port, "").body
    assert b"".join(piece for piece, _ in pieces) == whole
    times = [at for _, at in pieces]
    gap = max(range(1, len(times)), key=lambda index: times[index] - times[index - 1])
    # Who reads late may have found the end of what was before it late.
    assert 0.5 <= times[gap] - times[gap - 1] <= 1.2
    assert words(b"".join(piece for piece, _ in pieces[:gap])) == "a b"


def stalled(port, format):
    """What had been said when nothing came any more for a second, over a connection that was still open."""
    path, headers, body = ASK[format]
    path = path.format(model="echo")
    target = path + ("&" if "?" in path else "?") + "speed=0&seed=1&fault=stall@2"
    with Connection(port, timeout=1) as connection:
        connection.request("POST", target, headers, body(LETTERS) | {"model": "echo", "stream": True})
        received = bytearray()
        with pytest.raises(TimeoutError):
            for piece, _ in connection.response().pieces():
                received += piece
        connection.socket.settimeout(0.05)
        with pytest.raises(TimeoutError):
            connection.socket.recv(1)
    return words(bytes(received), format)


def test_a_stall_for_ever_says_nothing_more_and_holds_the_connection(server):
    with ThreadPoolExecutor(len(FORMATS)) as pool:
        told = list(pool.map(lambda format: stalled(server.port, format), FORMATS))
    assert told == ["a b"] * len(FORMATS)


# ── Ends and terminators ──

@pytest.mark.parametrize("format,terminator", [
    ("openai_chat", b"[DONE]"), ("openai_completions", b"[DONE]"), ("anthropic_messages", b"event: message_stop"),
    ("ui_message_stream", b"[DONE]")])
def test_the_terminator_is_missing_or_doubled_and_all_else_is_there(server, format, terminator):
    whole = frames(faulty(server.port, "", format).body)
    assert terminator in whole[-1]
    for fault, expected in (("missing_done", whole[:-1]), ("doubled_done", whole + whole[-1:])):
        told = faulty(server.port, fault, format)
        assert told.error is None and frames(told.body) == expected


@pytest.mark.parametrize("format", FINISH)
def test_the_finish_reason_is_missing_and_all_else_is_there(server, format):
    whole = frames(faulty(server.port, "", format).body)
    told = faulty(server.port, "missing_finish", format)
    assert told.error is None and any(FINISH[format] in frame for frame in whole)
    assert frames(told.body) == [frame for frame in whole if FINISH[format] not in frame]


# ── What alters a frame ──

@pytest.mark.parametrize("format", ["openai_chat", "anthropic_messages", "ollama_chat", "gemini"])
def test_malformed_json_is_one_frame_without_its_last_brace(server, format):
    whole, told = (frames(faulty(server.port, fault, format).body) for fault in ("", "malformed_json@2"))
    victim = of_unit(b"".join(whole), 2, format)
    brace = whole[victim].rindex(b"}")
    assert told == whole[:victim] + [whole[victim][:brace] + whole[victim][brace + 1:]] + whole[victim + 1:]


@pytest.mark.parametrize("format", ["openai_chat", "anthropic_messages", "ollama_chat", "gemini"])
def test_invalid_utf8_is_one_byte_in_one_frames_text(server, format):
    whole, told = (frames(faulty(server.port, fault, format).body) for fault in ("", "invalid_utf8@1"))
    victim = of_unit(b"".join(whole), 1, format)
    assert told[victim] == whole[victim].replace(b'" b"', b'"\xff b"')
    assert [frame for index, frame in enumerate(told) if index != victim] == whole[:victim] + whole[victim + 1:]


def changed(whole, fault, victim):
    if fault == "duplicate":
        return whole[:victim] + [whole[victim]] * 2 + whole[victim + 1:]
    if fault == "reorder":
        return whole[:victim] + [whole[victim + 1], whole[victim]] + whole[victim + 2:]
    return whole[:victim] + whole[victim + 1:]


@pytest.mark.parametrize("format", ["openai_chat", "openai_responses", "anthropic_messages", "ollama_chat", "gemini"])
@pytest.mark.parametrize("fault", ["duplicate", "reorder", "lose"])
def test_a_frame_comes_twice_or_late_or_never(server, format, fault):
    whole, told = (frames(faulty(server.port, each, format).body) for each in ("", fault + "@2"))
    assert told == changed(whole, fault, of_unit(b"".join(whole), 2, format))


def test_a_giant_frame_is_padded_and_still_means_the_same(server):
    told = faulty(server.port, "giant:2000000@2")
    assert words(told.body) == LETTERS and max(map(len, frames(told.body))) > 2_000_000


def test_a_unit_that_no_answer_reaches_leaves_it_whole(server):
    assert faulty(server.port, "reset@7,malformed_json@100,lose@99").body == faulty(server.port, "").body


TOOLS = [{"type": "function", "function": {"name": "get_weather", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}]


@pytest.mark.parametrize("stream", [False, True])
def test_broken_tool_arguments_lack_their_end(server, stream):
    def arguments(fault):
        told = call(server.port, "POST", f"{CHAT}?speed=0&seed=1&fault={fault}", {
            "model": "mock", "stream": stream, "tools": TOOLS, "tool_choice": "required",
            "messages": [{"role": "user", "content": "The weather in Oslo?"}]})
        if not stream:
            return told.json()["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]
        chunks = [json.loads(data) for data in told.events()[:-1]]
        return "".join(each["function"]["arguments"] for chunk in chunks for choice in chunk["choices"]
                       for each in choice["delta"].get("tool_calls") or [])

    whole, broken = arguments(""), arguments("broken_tool_arguments")
    assert json.loads(whole)["city"] and broken == whole[:-1]


def test_broken_tool_arguments_of_anthropics_format_lack_their_end_too(server):
    told = call(server.port, "POST", "/v1/messages?speed=0&fault=broken_tool_arguments", {
        "model": "mock", "max_tokens": 1000, "stream": True, "tool_choice": {"type": "any"},
        "tools": [{"name": "get_weather", "input_schema": TOOLS[0]["function"]["parameters"]}],
        "messages": [{"role": "user", "content": "The weather in Oslo?"}]}, {"anthropic-version": "2023-06-01"})
    pieces = [json.loads(data).get("delta", {}).get("partial_json", "") for data in told.events()]
    with pytest.raises(json.JSONDecodeError):
        json.loads("".join(pieces))
    assert json.loads("".join(pieces) + "}")["city"]


# ── The head ──

def test_a_wrong_content_type_on_a_right_body(server):
    for told in (faulty(server.port, "content_type:text/html"), plain(server.port, "content_type:text/html")):
        assert told.status == 200 and told.headers["content-type"] == "text/html"
    assert words(faulty(server.port, "content_type:text/html").body) == LETTERS


@FRAMING
@pytest.mark.parametrize("excess", [1, 500])
def test_a_wrong_content_length_promises_more_than_comes(server, excess):
    whole, told = plain(server.port, ""), plain(server.port, f"content_length:{excess}")
    assert told.body == whole.body and int(told.headers["content-length"]) == len(whole.body) + excess


@FRAMING
@pytest.mark.parametrize("excess", [1, 100_000])
def test_a_stream_with_a_content_length_promises_more_than_comes(server, excess):
    whole = faulty(server.port, "")
    told = call(server.port, "POST", f"{CHAT}?speed=0&seed=1&fault=content_length:{excess}",
                {"model": "echo", "stream": True, "messages": MESSAGES}, timeout=1)
    assert told.seconds < 0.9, "who waits for the rest is told that it will not come"
    assert "transfer-encoding" not in told.headers and told.body == whole.body
    assert int(told.headers["content-length"]) > len(whole.body)


# ── How bytes travel ──

@pytest.mark.alone
def test_a_drip_has_its_rate(server):
    pieces = arrivals(server.port, "drip:1000")
    body = b"".join(piece for piece, _ in pieces)
    assert body == faulty(server.port, "").body
    assert pieces[-1][1] == pytest.approx(len(body) / 1000, rel=0.15)
    assert all(sum(len(piece) for piece, at in pieces if at <= limit) <= limit * 1000 * 1.1 + 100
               for _, limit in pieces), "never faster than that"


UNICODE = "é👩🏽‍💻你 z"


def writes(port, fault, text=UNICODE):
    with Connection(port) as connection:
        connection.request("POST", f"{CHAT}?speed=0&seed=1&fault={fault}", body={
            "model": "echo", "stream": True, "messages": [{"role": "user", "content": text}]})
        return [piece for piece, _ in connection.response().pieces()]


def cuts(pieces):
    """Where the writes end, each as the five bytes before and after."""
    body, offset = b"".join(pieces), 0
    for piece in pieces[:-1]:
        offset += len(piece)
        yield body[max(0, offset - 5):offset], body[offset:offset + 5]


@pytest.mark.parametrize("split,inside", [
    ("utf8", lambda before, after: after[0] & 0xC0 == 0x80),
    ("data", lambda before, after: any(
        before.endswith(b"data:"[:count]) and after.startswith(b"data:"[count:]) for count in (1, 2, 3, 4))),
    ("crlf", lambda before, after: before.endswith(b"\r") and after.startswith(b"\n")),
    ("bytes", lambda before, after: True)], ids=["utf8", "data", "crlf", "bytes"])
def test_the_network_cuts_where_it_hurts_and_loses_nothing(server, split, inside):
    whole, pieces = b"".join(writes(server.port, "")), writes(server.port, f"split:{split}")
    body = b"".join(pieces)
    assert body == (whole.replace(b"\n", b"\r\n") if split == "crlf" else whole)
    assert sum(inside(before, after) for before, after in cuts(pieces)) >= 3
    if split == "bytes":
        assert len(pieces) == len(body)


@pytest.mark.transports("h1", because="it looks at the very bytes of chunks")
def test_a_cut_is_seen_by_a_client_of_bare_sockets_too(server):
    # What one recv gives may be several writes; where it ends, one of them has ended.
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(render_request(
            server.port, "POST", f"{CHAT}?rate=100&ttft=0&unit=character&fault=split:utf8",
            body={"model": "echo", "stream": True, "messages": [{"role": "user", "content": "é" * 30}]}))
        received = bytearray()
        while not received.endswith(b"0\r\n\r\n"):
            received += client.recv(65536)
    assert received.count(b"\xc3\r\n1") + received.count(b"\xc3\r\n") >= 30, "a chunk ends after the first byte of é"


@pytest.mark.parametrize("name,end", [("crlf", b"\r\n"), ("cr", b"\r")])
def test_line_ends_are_others(server, name, end):
    for format in ("openai_chat", "anthropic_messages"):
        whole, told = faulty(server.port, "", format), faulty(server.port, f"line_ends:{name}", format)
        assert told.body == whole.body.replace(b"\n", end) and said(told, format) == LETTERS


@pytest.mark.parametrize("format", ["openai_chat", "anthropic_messages", "gemini"])
def test_comments_and_unknown_fields_change_nothing_for_who_knows_the_grammar(server, format):
    told = faulty(server.port, "comments,unknown_fields", format)
    assert said(told, format) == LETTERS
    lines = told.text.split("\n")
    assert any(line.startswith(":") for line in lines)
    assert any(":" in line and line.split(":")[0] not in ("", "data", "event", "id", "retry") for line in lines)
    first, usual = (json.loads(each.events()[0]) for each in (told, faulty(server.port, "", format)))
    assert first.keys() > usual.keys()


# ── Instead of an answer ──

@pytest.mark.parametrize("stream", [True, False])
def test_a_status_comes_instead_with_its_retry_after(server, stream):
    for format in FORMATS if stream else ["openai_chat"]:
        told = faulty(server.port, "status:503:7", format) if stream else plain(server.port, "status:503:7")
        assert told.status == 503 and told.headers["retry-after"] == "7" and "error" in told.json()
    assert "retry-after" not in faulty(server.port, "status:500").headers


def test_a_limit_of_requests_is_told_and_kept_for_each_session(server, transport):
    for session in ("one", "two"):
        headers = {"X-Typebar-Session": f"limit-{transport}-{session}"}
        told = [faulty(server.port, "rate_limit:2", headers=headers) for _ in range(3)]
        assert [each.status for each in told] == [200, 200, 429]
        assert [each.headers["x-ratelimit-remaining-requests"] for each in told] == ["1", "0", "0"]
        assert told[2].headers["x-ratelimit-limit-requests"] == "2" and 1 <= int(told[2].headers["retry-after"]) <= 60
        assert told[2].json()["error"]["code"] == "rate_limit_exceeded"


def test_anthropics_limit_has_anthropics_fields(server, transport):
    headers = {"X-Typebar-Session": f"anthropic-limit-{transport}"}
    told = [faulty(server.port, "rate_limit:1", "anthropic_messages", headers=headers) for _ in range(2)]
    assert [each.status for each in told] == [200, 429]
    assert told[1].headers["anthropic-ratelimit-requests-limit"] == "1"
    assert told[1].headers["anthropic-ratelimit-requests-remaining"] == "0"
    assert told[1].json()["error"]["type"] == "rate_limit_error"
