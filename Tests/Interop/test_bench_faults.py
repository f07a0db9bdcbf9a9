# SPDX-License-Identifier: Apache-2.0
"""`typebar bench` against a server that fails in known ways: each failure is counted, and called what it was."""

import socket
import subprocess
import threading

import pytest

from bench_client import KnownSchedule, bench, command
from conftest import free_port

STREAMS, COUNT, EVERY = 24, 12, 4
FAULTY = STREAMS // EVERY


@pytest.fixture
def known():
    server = KnownSchedule()
    yield server
    server.end()


def measured(known, code=1, **wishes):
    wishes = {"ttft": 30, "gap": 10, "count": COUNT, "every": EVERY} | wishes
    result = bench(known.url(**wishes), concurrency=6, requests=STREAMS)
    assert result.code == code, result
    return result


@pytest.mark.parametrize("fault,counted,end", [
    ({"truncate": 5}, "truncated", "truncated"),
    ({"close": 5}, "closed", "truncated"),
    ({"reset": 5}, "resets", "reset"),
    ({"error": 5}, "errors", "error_event"),
    ({"status": 500}, "statuses", "status"),
    ({"bad": 5}, "bad", "grammar"),
    ({"format": "lines", "truncate": 5}, "truncated", "truncated"),
    ({"format": "lines", "error": 5}, "errors", "error_event"),
    ({"format": "ids", "dup": 5}, "repeated", "repeated_ids"),
    ({"format": "ids", "lose": 5}, "lost", "lost_ids"),
], ids=str)
def test_each_fault_is_counted_as_what_it_was(known, fault, counted, end):
    result = measured(known, **fault)
    told = known.told()
    assert told[counted] == FAULTY
    assert result.ends == {"complete": STREAMS - FAULTY, end: FAULTY}


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_statuses_are_told_apart(known, status):
    assert measured(known, status=status).target["statuses"] == {str(status): FAULTY}


def test_what_arrived_before_a_fault_counts_and_what_failed_is_in_no_latency(known):
    result = measured(known, truncate=5)
    assert result.target["contents"] == known.told()["contents"] == (STREAMS - FAULTY) * COUNT + FAULTY * 5
    assert result.metric("e2e").count == STREAMS - FAULTY


def test_errors_up_to_what_may_be_are_no_failure(known):
    url = known.url(ttft=10, gap=5, count=4, every=4, status=503)
    share = FAULTY / STREAMS
    for rate, code in [(f"{share * 100 - 1}%", 1), (f"{share * 100 + 1}%", 0)]:
        result = bench(url, concurrency=6, requests=STREAMS, max_error_rate=rate)
        assert result.code == code, result


def test_no_answer_at_all_is_a_failure_whatever_may_be(known):
    result = bench(known.url(status=500), concurrency=2, requests=6, max_error_rate="100%")
    assert result.code == 1 and result.ends == {"status": 6}, result


def test_where_nobody_listens_it_says_so():
    result = bench(f"http://127.0.0.1:{free_port()}/stream", concurrency=2, requests=4)
    assert result.code == 1, result
    assert result.ends == {"refused": 4}, result
    assert "refused" in result.out + result.errors


def test_a_server_that_falls_silent_is_given_up(known):
    result = bench(known.url(ttft=20, gap=10, count=8, hang=4, every=2), "--timeout", "1s", concurrency=4, requests=8)
    assert result.code == 1, result
    assert result.ends == {"complete": 4, "time_out": 4} and known.told()["hung"] == 4


@pytest.mark.timeout(90)
def test_a_server_that_takes_no_connection_is_given_up():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        result = bench(f"http://127.0.0.1:{deaf.getsockname()[1]}/", "--timeout", "1s", concurrency=6, requests=6, timeout=80)
    assert result.code == 1, result
    assert set(result.ends) == {"time_out", "connect_time_out"}, "the kernel takes one or two of itself"
    assert result.ends["connect_time_out"] >= 3, result.ends


def test_more_streams_than_descriptors_are_told_before_the_run_and_what_to_set(known):
    said = subprocess.run(["prlimit", "--nofile=256:256", *command(known.url(), concurrency=400, requests=400)],
                          capture_output=True, text=True, timeout=15)
    assert said.returncode in (1, 2) and known.told()["streams"] == 0, said
    assert "descriptors" in said.stderr and "--processes" in said.stderr and "256" in said.stderr, said


def test_an_answer_that_is_whole_does_not_wait_for_its_body_to_end():
    held = []

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
                connection.recv(65536)
            except OSError:
                return
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                               b"17\r\ndata: a\n\ndata: [DONE]\n\n\r\n")
            held.append(connection)
    with socket.create_server(("127.0.0.1", 0), backlog=10) as listener:
        threading.Thread(target=serve, daemon=True).start()
        result = bench(f"http://127.0.0.1:{listener.getsockname()[1]}/", concurrency=1, requests=3, quiet=True)
        listener.shutdown(socket.SHUT_RDWR)
    assert result.code == 0 and result.ends == {"complete": 3}, result
    assert result.target["endless_bodies"] == 3 and "their bodies never ended" in result.out, result
    assert result.metric("close").max < 500, "the end is where it was told"


class Says:
    """Answers each connection with these bytes, whatever is asked, and closes it."""

    def __init__(self, content):
        self.content, self.heard = content, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.heard.append(connection.recv(65536).decode())
                connection.sendall(self.content)

    def end(self):
        self.listener.close()


PAGE = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<html>hello\n"
EMPTY = (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
         b"data: [DONE]\n\n")


@pytest.mark.parametrize("content,end", [
    (PAGE, "not_a_stream"),
    (b"SSH-2.0-OpenSSH_9.2\r\n", "not_a_stream"),
    (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "not_a_stream"),
    (EMPTY, "empty"),
    (b"", None),
], ids=["a page", "another protocol", "no chunk", "no token", "nothing"])
def test_what_is_no_stream_is_called_so(content, end):
    server = Says(content)
    result = bench(f"http://127.0.0.1:{server.port}/", concurrency=2, requests=6)
    server.end()
    assert result.code == 1 and "complete" not in result.ends, result
    if end:
        assert result.ends == {end: 6}


@pytest.mark.parametrize("content,complete", [
    (b"data: a\r\n\r\ndata: b\r\n\r\n: a remark\r\n\r\ndata: [DONE]\r\n\r\n", True),
    (b"\xef\xbb\xbfdata: a\n\ndata:b\n\ndata: [DONE]\n\n", True),
    (b"data: a\n\ndata: b\xff\xfe\n\ndata: [DONE]\n\n", False),
], ids=["carriage returns", "a byte order mark", "no UTF-8"])
def test_the_grammar_is_that_of_server_sent_events(content, complete):
    server = Says(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + content)
    result = bench(f"http://127.0.0.1:{server.port}/", concurrency=2, requests=6, format="event_source")
    server.end()
    assert result.ends == ({"complete": 6} if complete else {"grammar": 6}), result
    if complete:
        assert result.target["contents"] == 12
