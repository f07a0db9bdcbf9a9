"""Streams that share a connection of HTTP/2: what happens to one happens to no other."""

import itertools
import time

import pytest
from h2.errors import ErrorCodes
from h2.settings import SettingCodes

from api_client import CHAT
from h2_client import StreamReset
from scripted_upstream import Gone
from sse_client import Answer, Connection, ConnectionEnded, chat, create, fetch, read_answer, stream_target, wait_until

pytestmark = pytest.mark.transports("h2", "h2c")
H2 = pytest.mark.transports("h2", because="what is looked at lies above TLS")
FAST = {"rate": 0, "ttft": 0}
SHORT_STALL = "limits:\n  stall_seconds: 1\n"
LONG = "word " * 10_000


def stalled_stream(connection):
    """A stream of which more comes than its window takes, and nobody gives any back."""
    sid = create(connection.port, prompt=LONG, model="echo", unit="word", **FAST)
    return connection.open("GET", f"/chat/stream/{sid}")


def frames_of(connection, stream):
    response = connection.response_of(stream)
    assert response.status == 200, response.status
    return response.frames()


@H2
def test_a_stalled_stream_stalls_no_sibling_and_is_reset_alone(gateway):
    port = gateway(config=SHORT_STALL).port
    with Connection(port) as connection:
        stalled = stalled_stream(connection)
        began = time.monotonic()
        sibling = connection.open("GET", stream_target("x" * 2000, model="echo", rate=100, ttft=0))
        frames, answer = frames_of(connection, sibling), Answer(None)
        while not stalled.is_over:
            answer.frames.append(next(frames))
            assert time.monotonic() - began < 15, "a stream that stalls is kept"
        answer.frames += itertools.islice(frames, 50)
        gaps = [b.at - a.at for a, b in zip(answer.content, answer.content[1:])]
        assert max(gaps) < 0.5 and answer.check().text == "x" * len(answer.content)
        assert isinstance(stalled.error, StreamReset) and stalled.error.code != ErrorCodes.NO_ERROR
        # What came of it is some of its text, in order, and the rest is there for a resume.
        came = b"".join(piece for piece, _, _ in stalled.pieces)
        assert len(came) <= 65_535
        last = came.rsplit(b"\n\n", 1)[0].rsplit(b"id: ", 1)[1].split(b"\n")[0].decode()
        rest = chat(port, headers={"Last-Event-ID": last})
        assert rest.whole and len(rest.text) == len(LONG) - int(last.split(".")[1])
        assert connection.goaway is None


def test_streams_that_stall_leave_the_connections_window_to_others(server):
    with Connection(server.port) as connection:
        for _ in range(5):
            stalled_stream(connection)
        answer = read_answer(connection.request("GET", stream_target("y" * 50, model="echo", rate=100)).response())
        assert answer.whole and answer.text == "y" * 50
        # In both directions: the server still takes bodies of requests.
        assert connection.request("POST", "/chat/stream", body={"prompt": "z" * 300_000, "model": "echo", "unit": "delta",
                                                                **FAST}).response().status == 200


@H2
def test_a_client_that_does_not_read_its_connection_loses_it_all_and_can_resume(gateway):
    # Its streams are given up as any that stall; a connection without streams rests, and not for long.
    server = gateway(config=SHORT_STALL + "  idle_seconds: 1\n")
    sid = create(server.port, prompt=LONG * 4, model="echo", unit="word", **FAST)
    idle = server.settled_sockets()
    with Connection(server.port, receive_buffer=4096, window=2**31 - 1) as connection:
        streams = [connection.open("GET", f"/chat/stream/{sid}") for _ in range(3)]
        wait_until(lambda: server.sockets() > idle, 2, "the reader is not even there")
        wait_until(lambda: server.sockets() <= idle, 15, "who reads nothing keeps the connection")
        with pytest.raises((ConnectionEnded, ConnectionResetError)):
            connection.fill_until(lambda: all(each.is_over for each in streams))
            raise streams[0].error
    # The last of it: who needs long for all may stall once more.
    rest = chat(server.port, headers={"Last-Event-ID": f"{sid}.{len(LONG) * 4 - 500}"})
    assert rest.whole and rest.text == LONG[-500:]


@H2
def test_100_streams_of_one_connection_are_whole(server):
    with Connection(server.port) as connection:
        texts = [f"{number} " * 20 for number in range(100)]
        streams = [connection.open("GET", stream_target(text, model="echo", rate=100, ttft=0)) for text in texts]
        connection.fill_until(lambda: all(each.is_over for each in streams))
        for text, stream in zip(texts, streams):
            answer = read_answer(connection.response_of(stream))
            assert answer.whole and answer.text == text
        assert connection.settings[SettingCodes.MAX_CONCURRENT_STREAMS] == 100
        # Those have ended: there is room for as many again.
        again = [connection.open("GET", "/chat/models") for _ in range(100)]
        assert {connection.response_of(each).status for each in again} == {200}


def test_a_client_that_does_not_know_the_limit_yet_loses_only_what_is_beyond_it(gateway):
    port = gateway(config="http2:\n  streams: 20\n").port
    with Connection(port) as connection:
        text = "x" * 100
        # Opened before it has read a byte, and so the server's settings.
        streams = [connection.open("GET", stream_target(text, model="echo", rate=100, ttft=0)) for _ in range(150)]
        assert not connection.settings
        connection.fill_until(lambda: all(each.is_over for each in streams))
        refused = [each for each in streams if each.error]
        assert 100 <= len(refused) <= 130 and {each.error.code for each in refused} == {ErrorCodes.REFUSED_STREAM}
        for stream in streams:
            if not stream.error:
                answer = read_answer(connection.response_of(stream))
                assert answer.whole and answer.text == text
        assert connection.settings[SettingCodes.MAX_CONCURRENT_STREAMS] == 20 and connection.goaway is None
        again = [connection.open("GET", "/chat/models") for _ in range(20)]
        assert {connection.response_of(each).status for each in again} == {200}


def endless(exchange):
    exchange.start()
    try:
        while True:
            exchange.say("word ")
            time.sleep(0.02)
    except Gone:
        exchange.note_closed()


@pytest.mark.parametrize("path,wait", [(CHAT, 1.5), ("/chat/stream", 3)])
def test_a_reset_of_one_stream_reaches_its_upstream_and_no_siblings(gateway, upstream, path, wait):
    """As a client that leaves does; a stream of `/chat/stream` is kept for its grace."""
    source = upstream(endless)
    port = gateway(source.url, config="limits:\n  reader_grace_seconds: 1\n").port
    with Connection(port) as connection:
        def question(text):
            if path == CHAT:
                return {"model": "scripted", "stream": True, "messages": [{"role": "user", "content": text}]}
            return {"prompt": text, "model": "scripted"}
        streams = []
        for text in ("one", "two"):
            streams.append(connection.open("POST", path, body=question(text)))
            next(connection.response_of(streams[-1]).pieces())
        exchanges = {each.json["messages"][-1]["content"]: each for each in source.wait_for_requests(2)}
        connection.reset_stream(streams[0])
        assert exchanges["one"].closed.wait(wait), "the upstream still writes for a stream that was reset"
        pieces = connection.response_of(streams[1]).pieces()
        assert sum(len(next(pieces)[0]) for _ in range(20)) and not exchanges["two"].closed.is_set()
    assert exchanges["two"].closed.wait(wait), "the upstream still writes for a connection that is gone"


def test_a_reset_stream_resumes_on_the_same_connection(server):
    text = "".join(f"{number}, " for number in range(60))
    with Connection(server.port) as connection:
        seen, last = "", None
        while True:
            headers = {"Last-Event-ID": last} if last else {}
            stream = connection.open("GET", stream_target(text, model="echo", rate=400, ttft=0), headers)
            answer = Answer(connection.response_of(stream))
            for frame in answer.response.frames():
                answer.frames.append(frame)
                # On a busy machine its end may have come already.
                if len(answer.content) == 40 and not frame.last and not stream.is_over:
                    connection.reset_stream(stream)
                    break
            seen, last = seen + answer.check().text, answer.last_id
            if answer.whole:
                break
        assert seen == text and connection.goaway is None


def test_sigterm_says_goaway_lets_streams_end_and_takes_no_new_ones(gateway):
    server = gateway(grace=2)
    with Connection(server.port) as connection, Connection(server.port) as idle:
        idle.request("GET", "/chat/models").response().read()
        short = connection.open("GET", stream_target("x" * 50, model="echo", rate=50, ttft=0))
        long = connection.open("GET", stream_target("x" * 1000, model="echo", rate=20, ttft=0))
        frames = {each: frames_of(connection, each) for each in (short, long)}
        for each in frames.values():
            next(each)
        began = time.monotonic()
        server.terminate()
        connection.fill_until(lambda: connection.goaway is not None)
        assert connection.goaway == ErrorCodes.NO_ERROR and connection.last_stream >= long.number
        assert time.monotonic() - began < 1, "the news come late"
        # A client for whom the news came too late asks once more.
        late = connection.open("GET", "/chat/models")
        assert list(frames[short])[-1].data == "[DONE]"
        *_, last = frames[long]
        # In order, and come again: neither [DONE] nor a fault.
        assert last.retry and last.id is None and long.has_ended
        assert late.fields is None or dict(late.fields)[":status"] == "503", "a new request is served in a drain"
        with pytest.raises((ConnectionEnded, ConnectionError)):
            idle.fill_until(lambda: False)
    assert idle.goaway in (ErrorCodes.NO_ERROR, None)
    assert server.process.wait(5) == 0 and time.monotonic() - began < 5


def test_a_drain_without_streams_ends_at_once(gateway):
    server = gateway(grace=10)
    with Connection(server.port) as idle:
        idle.request("GET", "/chat/models").response().read()
        server.terminate()
        assert server.process.wait(3) == 0


@H2
def test_what_is_asked_while_another_stream_types_is_answered_at_once(server):
    with Connection(server.port) as connection:
        typing = connection.open("GET", stream_target("x" * 100, model="echo", rate=50, ttft=0))
        for _ in range(20):
            began = time.monotonic()
            assert connection.request("GET", "/chat/models").response().json()
            assert time.monotonic() - began < 0.5
        assert read_answer(connection.response_of(typing)).text == "x" * 100


def test_a_head_request_and_a_204_have_no_body(server):
    with Connection(server.port) as connection:
        response = connection.request("HEAD", "/chat/models").response()
        assert response.status == 200 and int(response.header("content-length")) > 0 and response.read() == b""
        response = connection.request("GET", "/chat/stream", {"Last-Event-ID": "whatever.end"}).response()
        assert response.status == 204 and response.read() == b""
        assert fetch(server.port, "GET", "/nothing").status == 404
