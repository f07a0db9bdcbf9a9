"""Requests that are refused, each with its status and an error body, and the bounds at which that begins."""

import json
import time

import pytest

from sse_client import (Connection, ConnectionEnded, assert_error, chat, fetch, read_answer, render_request,
                        stream_target)

FAST = {"rate": 0, "ttft": 0}
JSON = {"Content-Type": "application/json"}
GOOD = json.dumps({"prompt": "Hello", "model": "echo", **FAST}).encode()


@pytest.mark.parametrize("path", ["/chat", "/chat/stream"])
@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b'"prompt"', b"null", b"{}", b'{"prompt":""}', b'{"prompt":null}', b'{"prompt":["x"]}',
    b'{"prompt":"x",}', b'{"prompt":"x"} x', b"prompt=x", b'{"prompt":"\xff"}', b'{"prompt":"\xed\xa0\x80"}',
    b'{"prompt":"x","prompt":"y"}', b'{"prompt":"x","rate":1,"rate":2}', b'{"messages":[]}', b'{"messages":"x"}',
    b'{"messages":["x"]}', b'{"messages":[{"role":"user"}]}', b'{"messages":[{"content":"x"}]}', b'{"messages":{}}',
    b'{"prompt":"x","messages":[{"role":"user","content":"x"}]}',
], ids=repr)
def test_bad_bodies_are_400(server, path, body):
    assert_error(fetch(server.port, "POST", path, JSON, body), 400)


@pytest.mark.parametrize("path", ["/chat", "/chat/stream"])
@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx",
                                          "multipart/form-data; boundary=x", ""])
def test_other_content_types_are_415(server, path, content_type):
    headers = {"Content-Type": content_type} if content_type is not None else {}
    assert_error(fetch(server.port, "POST", path, headers, GOOD), 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"])
def test_content_type_with_a_charset_or_in_capitals(server, content_type):
    assert fetch(server.port, "POST", "/chat", {"Content-Type": content_type}, GOOD).status == 201


@pytest.mark.parametrize("path", ["/chat", "/chat/stream"])
def test_a_body_without_a_length_is_411(server, path):
    assert_error(fetch(server.port, "POST", path, JSON), 411)
    # Refused by who answers, not by who reads: the connection stays in step.
    with Connection(server.port) as connection:
        connection.request("POST", path, JSON)
        assert_error(connection.response(), 411)
        connection.request("GET", "/chat/models")
        assert connection.response().status == 200


@pytest.mark.parametrize("path,status", [
    ("/v1/chat/completions", 400), ("/v1/completions", 400), ("/v1/responses", 400), ("/v1/messages", 400),
    ("/v1/embeddings", 400), ("/v1beta/models/mock:generateContent", 400), ("/api/generate", 400), ("/api/chat", 400),
    ("/admin/reset", 204), ("/v1/responses/resp_unknown/cancel", 404)])
def test_elsewhere_a_post_without_a_length_has_an_empty_body(server, path, status):
    """RFC 9112, section 6.3. What the route says of an empty body it says of this one."""
    with Connection(server.port) as connection:
        connection.request("POST", path)
        told = connection.response()
        assert told.status == status and (status == 204 or told.json()["error"])
    assert fetch(server.port, "POST", path, {"Content-Length": "0"}, b"").status == status


class TestSizes:
    def test_body_of_4_mib_is_taken(self, server):
        body = GOOD + b" " * (4 * 1024 * 1024 - len(GOOD))
        assert fetch(server.port, "POST", "/chat", JSON, body).status == 201

    def test_longer_body_is_413(self, server):
        # Refused by its announced length, before the body is sent.
        with Connection(server.port) as connection:
            connection.request("POST", "/chat", JSON | {"Content-Length": str(4 * 1024 * 1024 + 1)})
            assert_error(connection.response(), 413)

    def test_longer_chunked_body_is_413(self, server):
        with Connection(server.port) as connection:
            connection.request("POST", "/chat", JSON | {"Transfer-Encoding": "chunked"})
            piece = b" " * 65536
            try:
                for _ in range(80):
                    connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            except OSError:
                pass  # It may stop reading once it knows.
            assert_error(connection.response(), 413)

    def test_target_of_16_kib_is_taken_and_longer_is_414(self, server):
        room = 16 * 1024 - len(stream_target("", model="echo", **FAST))
        answer = chat(server.port, "x" * room, model="echo", **FAST)
        assert answer.text == "x" * room
        assert_error(fetch(server.port, "GET", stream_target("x" * (room + 1), model="echo", **FAST)), 414)
        assert_error(fetch(server.port, "GET", "/" + "x" * 25000), 414)

    def test_head_over_32_kib_is_431(self, server):
        headers = [(f"X-Filler-{index}", "x" * 1000) for index in range(29)]
        assert fetch(server.port, "GET", "/chat/models", headers).status == 200
        assert_error(fetch(server.port, "GET", "/chat/models", headers + headers[:6]), 431)
        assert_error(fetch(server.port, "GET", "/chat/models", {"X-Filler": "x" * 40000}), 431)


@pytest.mark.parametrize("request_bytes", [
    b"garbage\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"GET /chat/models HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n",
    b"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: x\r\n\r\n",
    b"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
], ids=repr)
def test_what_is_not_http_is_400(server, request_bytes):
    with Connection(server.port) as connection:
        connection.send(request_bytes)
        assert_error(connection.response(), 400)


@pytest.mark.transports("h1", "tls", "h2")
class TestNoRoom:
    """With 248 descriptors there is room for 48 connections: the limit less 200."""

    ROOM = 48

    def fill(self, port, count, rate=10):
        readers = []
        for _ in range(count):
            connection = Connection(port).request("GET", stream_target("x" * 1000, model="echo", rate=rate, ttft=0))
            response = connection.response()
            assert response.status == 200, f"refused as number {len(readers) + 1}"
            readers.append((connection, response))
        return readers

    def test_one_more_is_503_with_retry_after(self, gateway):
        port = gateway(descriptors=200 + self.ROOM).port
        readers = self.fill(port, self.ROOM)
        for target in (stream_target("x", model="echo"), "/chat/models"):
            response = fetch(port, "GET", target)
            assert_error(response, 503)
            assert int(response.header("retry-after")) >= 1
        # Those who are in go on, and who leaves makes room.
        assert next(readers[0][1].frames()).retry
        for connection, _ in readers[1:3]:
            connection.reset()
            connection.close()
        deadline = time.monotonic() + 5
        while fetch(port, "GET", "/chat/models").status == 503:
            assert time.monotonic() < deadline, "a connection that was reset keeps its room"
            time.sleep(0.02)
        for connection, _ in readers:
            connection.close()

    def test_a_resume_gets_a_larger_retry_and_a_clean_end(self, gateway):
        port = gateway(descriptors=200 + self.ROOM).port
        answer = chat(port, "Hello", model="echo", **FAST)
        readers = self.fill(port, self.ROOM)
        for headers, query in (({"Last-Event-ID": f"{answer.sid}.2"}, {}), ({}, {"last_event_id": f"{answer.sid}.2"})):
            with Connection(port) as connection:
                connection.request("GET", stream_target(**query), headers)
                # A 503 would close an EventSource for good; this makes it come again.
                refused = read_answer(connection.response())
            assert [frame.raw for frame in refused.frames if frame.id or frame.event or frame.data is not None] == []
            retries = [frame.retry for frame in refused.frames if frame.retry]
            assert len(retries) == 1 and 10000 <= retries[0] <= 30000
        for connection, _ in readers:
            connection.reset()
            connection.close()
        deadline = time.monotonic() + 5
        while True:
            resumed = chat(port, headers={"Last-Event-ID": f"{answer.sid}.2"})
            if resumed.start:
                break
            assert time.monotonic() < deadline, "no room although all have left"
            time.sleep(0.02)
        assert resumed.text == "llo" and resumed.whole


def test_a_refused_request_leaves_the_connection_in_step(server):
    """What follows a refused request on its connection is read as a request, or the connection is closed."""
    with Connection(server.port) as connection:
        body = b"GET /chat/stream?prompt=smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        connection.send(render_request(server.port, "POST", "/chat", {"Content-Type": "text/plain"}, body))
        assert_error(connection.response(), 415)
        try:
            connection.request("GET", "/chat/models")
            assert "models" in connection.response().json()
        except (OSError, ConnectionEnded) as ended:
            assert not isinstance(ended, ConnectionEnded) or ended.args[0] == b"", "half an answer"
