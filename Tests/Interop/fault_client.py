"""Asks for answers that go wrong, and takes apart what comes."""

import time

import pytest

import transports
from api_client import ASK, CHAT, Told, ask, call, said
from h2_client import StreamReset
from sse_client import Connection

FRAMING = pytest.mark.transports("h1", "tls", because="HTTP/2 frames each body itself: a length that lies is no body")
HALF_CLOSE = pytest.mark.transports("h1", "tls", because="a request of HTTP/2 has closed its half of its stream always")

FORMATS = list(ASK)
# Each unit is one letter with the blank before it.
LETTERS = "a b c d e f"
UNITS = ["a", " b", " c", " d", " e", " f"]
MESSAGES = [{"role": "user", "content": LETTERS}]
FINISH = {"openai_chat": b'"finish_reason":"stop"', "anthropic_messages": b'"stop_reason":"end_turn"',
          "gemini": b'"finishReason":"STOP"', "ollama_chat": b'"done":true'}


def faulty(port, fault, format="openai_chat", text=LETTERS, pace="speed=0", **more):
    """A streamed answer of a fixed seed, so that it differs from others by the fault alone."""
    return ask(port, text, format, parameters=f"{pace}&seed=1" + (f"&fault={fault}" if fault else ""), **more)


def plain(port, fault, path=CHAT, pace="speed=0", **more):
    """An answer that is not streamed."""
    query = f"?{pace}&seed=1" + (f"&fault={fault}" if fault else "")
    return call(port, "POST", path + query, {"model": "echo", "messages": MESSAGES} | more)


def frames(body):
    """The frames of a stream, each with what ends it: Gemini's ends lines with CRLF, Ollama's has a line each."""
    mark = b"\n" if body.startswith(b"{") else b"\r\n\r\n" if b"\r\n" in body else b"\n\n"
    return [part + mark for part in body.split(mark) if part]


def words(body, format="openai_chat"):
    """What a client puts together of whole frames."""
    kind = "application/x-ndjson" if body.startswith(b"{") else "text/event-stream"
    return said(Told(200, {"content-type": kind}, body, None, 0), format)


def was_reset(told, port):
    """Whether the network itself cut it off: TCP, or HTTP/2 in its place."""
    return isinstance(told.error, StreamReset if transports.is_http2(port) else ConnectionResetError)


def was_closed(told, port):
    """Whether it was cut off with the bytes before it in order. HTTP/2 has but one way to cut a stream."""
    return was_reset(told, port) if transports.is_http2(port) else \
        told.error is not None and not isinstance(told.error, ConnectionResetError)


def is_short(told):
    """Whether less came than was promised: `http.client` says so of chunks alone."""
    return told.error is not None or int(told.headers.get("content-length", 0)) > len(told.body)


def of_unit(whole, number, format="openai_chat"):
    """Which frame of a whole answer bears this unit."""
    return [index for index, frame in enumerate(frames(whole)) if words(frame, format)][number]


def arrivals(port, fault, pace="speed=0"):
    """Each piece of a stream that is one write of the server's, and when it came, from the request on."""
    with Connection(port) as connection:
        began = time.monotonic()
        connection.request("POST", f"{CHAT}?{pace}&seed=1&fault={fault}", body={
            "model": "echo", "stream": True, "messages": MESSAGES})
        return [(piece, at - began) for piece, at in connection.response().pieces()]
