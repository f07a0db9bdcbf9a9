"""No single request holds an event loop: while one of the largest is answered, others on the same loop are answered too."""

import json
import multiprocessing
import time

import pytest

from api_client import CHAT, call
from sse_client import Connection

WORDS = "abcd efgh " * 380_000
HAN = "今天天气很好我们去公园散步吧" * 90_000


def ask_chat(text, model="echo", **more):
    return {"model": model, "messages": [{"role": "user", "content": text}]} | more


def schema(parts):
    return {"type": "json_schema", "json_schema": {"name": "x", "schema": {"allOf": parts}}}


EXTREMES = {
    "a long prompt without a pace": ("/chat/stream", {"prompt": WORDS, "model": "echo", "rate": 0, "ttft": 0}),
    "Han by words": ("/chat/stream", {"prompt": HAN, "model": "echo", "rate": 0, "ttft": 0, "unit": "word"}),
    "Han by words, not streamed": (CHAT + "?speed=0&unit=word", ask_chat(HAN)),
    "a long prompt, streamed": (CHAT + "?speed=0", ask_chat(WORDS, stream=True)),
    "a limit of many tokens": (CHAT + "?speed=0", ask_chat(WORDS, max_tokens=900_000)),
    "log probabilities of many choices": (
        CHAT + "?speed=0&max_units=2000", ask_chat("x", "prose", n=128, logprobs=True, top_logprobs=20, stream=True)),
    "a schema of many parts": (CHAT + "?speed=0", ask_chat("x", "mock", response_format=schema(
        [{"type": "object", "properties": {f"p{index}": {}}, "required": [f"p{index}"]} for index in range(40_000)]))),
    "a schema of many parts, many times": (CHAT + "?speed=0", ask_chat("x", "mock", n=128, response_format=schema(
        [{"type": "object", "properties": {f"p{index}": {}}} for index in range(4_000)]))),
    "a stored response": ("/v1/responses?speed=0", {"model": "echo", "input": WORDS}),
}


def longest_wait(port, told, stop):
    """In a process of its own, so that it does not wait for Python's lock."""
    worst = 0
    with Connection(port) as connection:
        while not stop.is_set():
            began = time.monotonic()
            connection.request("GET", "/chat/models").response().read()
            worst = max(worst, time.monotonic() - began)
            time.sleep(0.002)
    told.put(worst)


@pytest.mark.alone
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", EXTREMES)
def test_others_are_answered_meanwhile(gateway, name):
    port = gateway(config="threads: 1\n").port
    path, body = EXTREMES[name]
    told, stop = multiprocessing.Queue(), multiprocessing.Event()
    other = multiprocessing.Process(target=longest_wait, args=(port, told, stop))
    other.start()
    answer = call(port, "POST", path, json.dumps(body, ensure_ascii=False).encode(), timeout=100)
    stop.set()
    worst = told.get(timeout=30)
    other.join()
    assert answer.status == 200 and answer.error is None
    # Some 50 ms, and what a busy machine adds.
    assert worst < 0.4, f"{worst * 1000:.0f} ms"


@pytest.mark.parametrize("body,parameter", [
    (ask_chat(WORDS, n=128), "n"), (ask_chat(WORDS, logprobs=True, top_logprobs=20), "top_logprobs")])
def test_an_answer_that_is_too_large_to_make_is_refused(server, body, parameter):
    told = call(server.port, "POST", CHAT + "?speed=0", body)
    assert told.status == 400 and told.json()["error"]["param"] == parameter
    assert "too large" in told.json()["error"]["message"]


def test_a_length_that_is_to_be_wrong_is_not_told_of_a_very_long_stream(server):
    told = call(server.port, "POST", CHAT + "?speed=0&fault=content_length:1", ask_chat(WORDS, stream=True))
    assert told.status == 400 and told.json()["error"]["param"] == "fault"
