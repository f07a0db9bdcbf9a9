"""What takes 5, 10, 15 or 30 seconds by the contract's defaults. All of it waits at once, on a server of its own."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import Gateway
from h2_client import StreamReset
from scripted_upstream import ScriptedUpstream
from sse_client import (Answer, Connection, ConnectionEnded, assert_error, chat, create, fetch, parse_frame, post_chat,
                        wait_until)

pytestmark = pytest.mark.timeout(90)
SLACK = 1.5
WAITS = {}


def wait(function):
    """Registers a wait; its test asserts on what it returns."""
    WAITS[function.__name__] = function
    return function


def endless(exchange):
    exchange.start()
    while True:
        exchange.say("word ")
        time.sleep(0.1)


@pytest.fixture(scope="module")
def waits():
    """The futures of all waits, on one server with all defaults."""
    upstream = ScriptedUpstream(endless)
    server = Gateway(upstream.url)
    with ThreadPoolExecutor(len(WAITS)) as pool:
        yield {name: pool.submit(function, server, upstream) for name, function in WAITS.items()}
    code = server.end()
    upstream.close()
    assert code is None, f"typebar ended by itself with {code}:\n{server.said()[-4000:]}"


def with_server(over, function):
    server = Gateway(over=over)
    try:
        return function(server)
    finally:
        server.end()


def slow_request(server, sent, drip=b""):
    """Sends the start of a request, then a byte now and then: the status, and after how long it came."""
    with Connection(server.port, timeout=0.5) as connection:
        began = time.monotonic()
        connection.send(sent)
        while True:
            try:
                assert connection.fill(), "closed without an answer"
                break
            except TimeoutError:
                assert time.monotonic() - began < 45, "no answer"
                if drip:
                    connection.send(drip)
        took = connection.at - began
        connection.socket.settimeout(5)
        assert_error(connection.response(), 408)
        return took


HEAD = b"GET /chat/models HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow:"
POST = b"POST /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
CHUNKED = POST.replace(b"Content-Length: 100000", b"Transfer-Encoding: chunked")[:-1] + b"1\r\n{\r\n"
WAITS |= {
    "half a head": lambda server, _: slow_request(server, HEAD),
    "half a request line": lambda server, _: slow_request(server, b"GET /chat/mod"),
    "a head drop by drop": lambda server, _: slow_request(server, HEAD, b"x"),
    "half a body": lambda server, _: slow_request(server, POST),
    "a body drop by drop": lambda server, _: slow_request(server, POST, b" "),
    "a chunked body drop by drop": lambda server, _: slow_request(server, CHUNKED, b"1\r\n \r\n"),
}


@pytest.mark.parametrize("name, seconds", [
    ("half a head", 10), ("half a request line", 10), ("a head drop by drop", 10), ("half a body", 30),
    ("a body drop by drop", 30), ("a chunked body drop by drop", 30),
])
def test_slow_heads_and_bodies_are_408(waits, name, seconds):
    assert seconds - 0.5 <= waits[name].result() <= seconds + SLACK


@wait
def silent(server, _):
    return chat(server.port, "hi", model="mock/echo", ttft=18000, timeout=40)


@wait
def flowing(server, _):
    return chat(server.port, "abcde", model="mock/echo", ttft=0, rate="0.2", timeout=40)


def test_a_heartbeat_after_15_seconds_without_bytes(waits):
    answer = waits["silent"].result()
    (beat,) = [frame for frame in answer.frames if frame.comment]
    assert beat.raw.startswith(b":") and beat.raw.count(b"\n") == 2, "a comment line and a blank line"
    assert 13.4 <= beat.at - answer.start.at <= 16.6 + SLACK
    assert answer.whole and answer.text == "hi"


def test_no_heartbeat_while_data_flows(waits):
    answer = waits["flowing"].result()
    assert answer.whole and answer.text == "abcde"
    assert not [frame for frame in answer.frames if frame.comment], "although a unit came every 5 s"


@wait
def blackhole(*_):
    # A listener whose queue is full drops every further SYN, as a host that is gone does.
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    fillers = []
    for _ in range(3):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
        fillers.append(filler)
    server = Gateway(f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
    try:
        began = time.monotonic()
        answer = chat(server.port, "Hello")
        return answer, answer.last.at - began
    finally:
        server.end()
        for each in [*fillers, listener]:
            each.close()


def test_connect_time_out(waits):
    answer, took = waits["blackhole"].result()
    assert (answer.fault["kind"], answer.fault["clock"], answer.fault["retryable"]) == ("upstream_timeout", "connect", True)
    assert 4.5 < took < 5 + SLACK


def stalled(over):
    """A reader that takes nothing."""
    server = Gateway(over=over)
    try:
        text = "".join(f"{number} " for number in range(60_000))
        sid = create(server.port, prompt=text, model="echo", unit="word", rate=0, ttft=0)
        idle = server.settled_sockets()
        with Connection(server.port) as connection:
            began = time.monotonic()
            connection.request("GET", f"/chat/stream/{sid}")
            wait_until(lambda: server.sockets() > idle, 2, "the reader is not even there")
            wait_until(lambda: server.sockets() <= idle, 45, "a reader without progress keeps its connection")
            took = time.monotonic() - began
            # What the kernel had taken before the server gave the reader up: half a chunk at its end.
            response, body = connection.response(), bytearray()
            try:
                for piece, _ in response.pieces():
                    body += piece
                raise AssertionError("a stalled reader's body came to a clean end")
            except (ConnectionEnded, ConnectionResetError):
                body += connection.buffer
        blocks = bytes(body[: body.rfind(b"\n\n") + 2]).split(b"\n\n")[:-1]
        seen = Answer(response, [parse_frame(raw + b"\n\n", 0) for raw in blocks]).check()
        rest = chat(server.port, headers={"Last-Event-ID": seen.last_id})
        return took, text, seen, rest
    finally:
        server.end()


def stalled_stream(over):
    """A reader that takes frames off its connection, and never gives the stream's window back."""
    server = Gateway(over=over)
    try:
        text = "".join(f"{number} " for number in range(60_000))
        sid = create(server.port, prompt=text, model="echo", unit="word", rate=0, ttft=0)
        with Connection(server.port, window=40_000, timeout=45) as connection:
            stream = connection.open("GET", f"/chat/stream/{sid}")
            connection.fill_until(lambda: stream.is_over)
            took = connection.at - stream.pieces[-1][2]
            assert isinstance(stream.error, StreamReset), stream.error
            response, body = connection.response_of(stream), b"".join(piece for piece, _, _ in stream.pieces)
            # Its connection goes on.
            assert connection.request("GET", "/chat/models").response().status == 200
        blocks = body[: body.rfind(b"\n\n") + 2].split(b"\n\n")[:-1]
        seen = Answer(response, [parse_frame(raw + b"\n\n", 0) for raw in blocks]).check()
        return took, text, seen, chat(server.port, headers={"Last-Event-ID": seen.last_id})
    finally:
        server.end()


WAITS |= {
    "stalled over h1": lambda *_: stalled("h1"),
    "stalled over tls": lambda *_: stalled("tls"),
    "stalled over h2": lambda *_: stalled_stream("h2"),
}


@pytest.mark.transports("h1", "tls", "h2")
def test_a_reader_without_progress_is_closed_after_30_seconds_and_can_resume(waits, transport):
    took, text, seen, rest = waits[f"stalled over {transport}"].result()
    # The server looks every few seconds.
    assert 29 < took < 40
    assert 0 < len(seen.text) < len(text) // 2
    assert rest.whole and seen.text + rest.text == text


def leftover(over):
    """A client that asks, and takes nothing of an answer that was wholly handed over at once."""
    server = Gateway(over=over)
    try:
        idle = server.settled_sockets()
        with Connection(server.port, receive_buffer=4096, **({"window": 2**31 - 1} if over == "h2" else {})) as connection:
            body = {"model": "echo", "messages": [{"role": "user", "content": "word " * 60_000}]}
            connection.request("POST", "/v1/chat/completions?speed=0", body=body)
            began = time.monotonic()
            wait_until(lambda: server.sockets() > idle, 2, "the client is not even there")
            wait_until(lambda: server.sockets() <= idle, 45, "who takes nothing keeps its connection")
            return time.monotonic() - began
    finally:
        server.end()


WAITS |= {
    "leftover over h1": lambda *_: leftover("h1"),
    "leftover over tls": lambda *_: leftover("tls"),
    "leftover over h2": lambda *_: leftover("h2"),
}


@pytest.mark.transports("h1", "tls", "h2")
def test_who_takes_nothing_of_an_ended_answer_is_closed_after_30_seconds(waits, transport):
    assert 29 < waits[f"leftover over {transport}"].result() < 36


def slow_reader(server):
    """Reads all the time, but far less than there is to read."""
    sid = create(server.port, prompt="word " * 200_000, model="mock/echo", unit="word", rate=0, ttft=0)
    with Connection(server.port, receive_buffer=2048) as connection:
        connection.request("GET", f"/chat/stream/{sid}")
        began, count = time.monotonic(), 0
        while time.monotonic() - began < 34:
            received = connection.socket.recv(4096)
            assert received, f"closed after {time.monotonic() - began} s although it reads"
            count += len(received)
            # The reader's own pace.
            time.sleep(0.1)
        return count


def slow_stream(server):
    """The same of one stream: it gives back its window in drops."""
    sid = create(server.port, prompt="word " * 200_000, model="mock/echo", unit="word", rate=0, ttft=0)
    with Connection(server.port, receive_buffer=4096) as connection:
        pieces = connection.request("GET", f"/chat/stream/{sid}").response().pieces()
        began, count = time.monotonic(), 0
        while time.monotonic() - began < 34:
            count += len(next(pieces)[0])
            time.sleep(0.1)
        return count


WAITS |= {
    "slow over h1": lambda server, _: slow_reader(server),
    "slow over tls": lambda *_: with_server("tls", slow_reader),
    "slow over h2": lambda *_: with_server("h2", slow_stream),
}


@pytest.mark.transports("h1", "tls", "h2")
def test_a_slow_reader_that_makes_progress_is_not_closed(waits, transport):
    assert waits[f"slow over {transport}"].result() > 50_000


@wait
def abandoned_mock(server, _):
    first = chat(server.port, "x" * 1000, model="mock/echo", rate=20, ttft=0, until=lambda answer: len(answer.content) == 5)
    # Nothing tells from outside that the grace is over but its time.
    time.sleep(32)
    rest = chat(server.port, headers={"Last-Event-ID": first.last_id})
    return first, rest, fetch(server.port, "GET", "/chat/stream", {"Last-Event-ID": rest.last_id}).status


def test_a_generation_without_readers_ends_after_30_seconds(waits):
    first, rest, status = waits["abandoned_mock"].result()
    assert rest.fault["kind"] == "cancelled" and rest.fault["retryable"] is False
    said = len(first.text + rest.text)
    assert 590 < said < 660, "a resume still gets the rest that was said, then the fault"
    assert status == 204


@wait
def never_read(server, _):
    sid = create(server.port, prompt="x" * 1000, model="mock/echo", rate=20, ttft=0)
    time.sleep(32)
    return chat(server.port, path=f"/chat/stream/{sid}")


def test_a_generation_that_nobody_ever_read_ends_after_30_seconds(waits):
    answer = waits["never_read"].result()
    assert answer.fault["kind"] == "cancelled" and len(answer.text) < 660


@wait
def abandoned_upstream(server, upstream):
    first = post_chat(server.port, {"prompt": "Hello"}, until=lambda answer: answer.content)
    (exchange,) = upstream.wait_for_requests()
    # A second reader comes and goes: the grace counts from the last one's end.
    time.sleep(3)
    chat(server.port, path=f"/chat/stream/{first.sid}", until=lambda answer: answer.content)
    left = time.monotonic()
    assert exchange.closed.wait(45), "nobody reads, and the upstream still writes"
    return exchange.closed_at - left


def test_the_last_readers_grace_reaches_the_upstream_within_a_second(waits):
    assert 29.5 < waits["abandoned_upstream"].result() < 31 + SLACK
