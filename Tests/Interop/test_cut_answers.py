"""No answer looks whole that is not: upstreams cut theirs at any place, in any way, in each format."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

import transports
from api_client import ASK, call, ending, said
from cutting_upstream import H2_CONNECTION_WAYS, H2_STREAM_WAYS, PLAIN_WAYS, TLS_WAYS, CuttingHTTP2, cutting
from test_passing import STREAMED, STREAMS
from test_routes import configuration, upstream_entry

pytestmark = pytest.mark.timeout(180)

# Whole answers of each format that are not streamed, with brackets and quotes where they are none.
BODIES = {
    "openai_chat": {"id": "x", "choices": [{"index": 0, "finish_reason": "stop", "message": {
        "role": "assistant", "content": "Hi ]} \" \\ é"}}], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
    "openai_responses": {"id": "r", "object": "response", "status": "completed", "output": [
        {"type": "message", "role": "assistant", "content": [
            {"type": "output_text", "text": "{[\"", "annotations": []}]}]},
    "anthropic_messages": {"id": "m", "type": "message", "role": "assistant", "model": "m", "stop_reason": "end_turn",
                           "content": [{"type": "text", "text": "\\\"}}"}],
                           "usage": {"input_tokens": 1, "output_tokens": 2}},
    "gemini": {"candidates": [{"content": {"parts": [{"text": "}{"}], "role": "model"}, "finishReason": "STOP"}],
               "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 1}},
    "ollama_chat": {"model": "m", "message": {"role": "assistant", "content": "]]]"}, "done": True, "eval_count": 1},
}
ERROR = {"error": {"type": "invalid_request_error", "message": "It is } too long {", "status": "INVALID_ARGUMENT"}}


class Streams:
    """What is streamed, and what a client may make of it."""

    def __init__(self, format):
        self.format, self.frames = format, STREAMS[format]
        self.whole = b"".join(self.frames)

    def answer(self, _):
        return "application/x-ndjson" if self.format == "ollama_chat" else "text/event-stream", 200, self.whole

    def places(self):
        """In and around each frame's borders, and in its midst."""
        borders = [0, *itertools.accumulate(map(len, self.frames))]
        near = {border + step for border in borders for step in (-9, -4, -3, -2, -1, 0, 1, 8)}
        midst = {(start + end) // 2 for start, end in itertools.pairwise(borders)}
        return sorted(place for place in near | midst if 0 <= place <= len(self.whole))

    def judge(self, told):
        if told.status != 200:
            assert told.json()["error"] and told.status >= 500, told.text
            return "refused"
        text, end = said(told, self.format), ending(told, self.format)
        assert end in ("whole", "error"), f"{end}: {told.text[-300:]!r}"
        assert text == "Hi" if end == "whole" else "Hi".startswith(text), f"{end}: {text!r}"
        return end


class Bodies:
    """An answer in one body: as it came, or an error."""

    status = 200

    def __init__(self, format):
        self.format = format
        self.whole = json.dumps(self.told(), ensure_ascii=False).encode()

    def told(self):
        return BODIES[self.format]

    def answer(self, _):
        return "application/json", self.status, self.whole

    def places(self):
        return sorted({*range(0, len(self.whole), 23), *range(len(self.whole) - 4, len(self.whole) + 1)})

    def judge(self, told):
        if told.status == self.status and told.body == self.whole:
            return "whole"
        assert told.status >= 400 and "error" in told.json(), (told.status, told.text)
        return "error"


class Errors(Bodies):
    """An error of the upstream, in its own words or in ours."""

    status = 422

    def told(self):
        return ERROR


def asked(port, format, is_streamed, cut):
    path, fields, body = ASK[format]
    if not is_streamed:
        path = path.replace("streamGenerateContent?alt=sse", "generateContent")
    content = body("x") | {"cut": cut} | ({} if format == "gemini" else {"model": "mine", "stream": is_streamed})
    return call(port, "POST", path.format(model="mine"), content, fields)


def cut_everywhere(gateway, source, kind, ways, **connection):
    """How the answer ended for its client, for each place and way."""
    entry = upstream_entry("u", source.url, format=kind.format, breaker={"failures": 1_000_000},
                           connection=connection)
    routes = [{"model": "mine", "targets": [{"upstream": "u", "model": "m"}], "retries": {"attempts": 1}}]
    port = gateway(config=configuration([entry], routes)).port

    def one(cut):
        told = asked(port, kind.format, isinstance(kind, Streams), cut)
        try:
            assert told.error is None, f"cut itself: {told.error!r}"
            return (*cut, kind.judge(told)), None
        except (AssertionError, ValueError, LookupError) as problem:
            sent = kind.whole[:cut[0]]
            return None, f"{cut}, behind {sent[-60:]!r}: {problem!r}, in {told.status} {told.body[-200:]!r}"
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(one, itertools.product(kind.places(), ways)))
    problems = [problem for _, problem in told if problem]
    assert not problems, f"{len(problems)} of {len(told)}:\n" + "\n".join(problems[:10])
    return [ended for ended, _ in told]


def assert_some_are_whole(kind, ends, harmless):
    """What lost nothing is whole, and nothing else but what lacks only its end."""
    assert [end for place, way, end in ends if (place, way) == (len(kind.whole), harmless)] == ["whole"]
    assert all(end != "whole" for place, _, end in ends if place < len(kind.whole) // 2)


@pytest.fixture
def cutter():
    made = []

    def make(kind, context=None, maker=cutting):
        made.append(maker(kind.answer, context))
        return made[-1]
    yield make
    for each in made:
        each.close()
        assert not each.failures, each.failures


KINDS = pytest.mark.parametrize("kind", [Streams, Bodies, Errors])
FORMATS = pytest.mark.parametrize("format", STREAMED)


@KINDS
@FORMATS
def test_cut_in_plain_http(gateway, cutter, kind, format):
    kind = kind(format)
    # No connection is asked twice: some look sound and are not.
    ends = cut_everywhere(gateway, cutter(kind), kind, PLAIN_WAYS, reuse_seconds=0)
    assert_some_are_whole(kind, ends, "ended_chunks-finish")


@KINDS
@FORMATS
def test_cut_in_tls(gateway, cutter, kind, format):
    kind = kind(format)
    source = cutter(kind, transports.authority().server("127.0.0.1"))
    ends = cut_everywhere(gateway, source, kind, TLS_WAYS, reuse_seconds=0,
                          ca_file=str(transports.authority().file))
    assert_some_are_whole(kind, ends, "until_close-end_session")


@KINDS
@FORMATS
def test_cut_in_http2(gateway, cutter, kind, format):
    kind = kind(format)
    source = cutter(kind, transports.authority().server("127.0.0.1"), CuttingHTTP2)
    connection = {"ca_file": str(transports.authority().file), "http": "2"}
    ends = cut_everywhere(gateway, source, kind, H2_STREAM_WAYS, **connection)
    assert_some_are_whole(kind, ends, "early_end")
    # Siblings of what was cut are cut with it, and may be so anywhere.
    cut_everywhere(gateway, source, kind, H2_CONNECTION_WAYS, **connection)
