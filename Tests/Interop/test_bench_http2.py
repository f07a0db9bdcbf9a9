# SPDX-License-Identifier: Apache-2.0
"""`typebar bench` against servers of HTTP/2 that break the rules, or use them: each failure counts once, under its name."""

import socket
import struct
import time

import pytest
from hyperframe import frame as frames

from bench_client import bench
from hostile_http2 import SSE, HostileServer
from http2_peer import CANCEL, PROTOCOL_ERROR, REFUSED_STREAM

pytestmark = pytest.mark.timeout(60)


def run(behave, settings=None, requests=30, concurrency=10):
    with HostileServer(behave, settings) as server:
        result = bench(server.url, "--timeout", "3s", requests=requests, concurrency=concurrency, http=2, quiet=True)
    assert sum(result.ends.values()) == requests, result
    return result, server


def one_of_ten(fault):
    def behave(connection, stream):
        if connection.requests % 10 == 5:
            fault(connection, stream)
        else:
            connection.answer(stream)
    return behave


@pytest.mark.parametrize("fault", [
    lambda peer, stream: peer.send(peer.data(stream)),
    lambda peer, stream: peer.send(peer.head(stream, SSE[1:]), peer.data(stream)),
    lambda peer, stream: peer.send(peer.head(stream, (*SSE, ("X-Upper", "1"))), peer.data(stream)),
    lambda peer, stream: peer.send(peer.head(stream, (*SSE, ("content-length", "3"))), peer.data(stream)),
    lambda peer, stream: peer.send(peer.head(stream), peer.head(stream, SSE, ends=True)),
], ids=["data without a head", "no status", "upper case", "wrong length", "status in trailers"])
def test_a_stream_that_breaks_the_rules_fails_alone(fault):
    result, server = run(one_of_ten(fault))
    assert result.ends == {"complete": 27, "not_a_stream": 3} and server.connections == 1, result


@pytest.mark.parametrize("code,asked", [(CANCEL, 30), (PROTOCOL_ERROR, 30), (REFUSED_STREAM, 60)])
def test_a_reset_of_each_stream_is_counted_and_a_refused_one_is_asked_again_once(code, asked):
    result, server = run(lambda peer, stream: peer.send(frames.RstStreamFrame(stream, error_code=code)))
    assert result.ends == {"reset": 30} and server.requests == asked and server.connections == 1, result


def test_more_faults_than_a_careful_client_bears_are_all_counted():
    result, server = run(lambda peer, stream: peer.send(peer.data(stream)), requests=600)
    assert result.ends == {"not_a_stream": 600} and server.connections == 1, result


def test_streams_that_a_leaving_server_has_not_looked_at_are_asked_elsewhere():
    def behave(peer, stream):
        # The first connection serves two, and stays open.
        if peer.server.connections > 1 or peer.requests < 3:
            peer.answer(stream)
        elif peer.requests == 3:
            peer.send(frames.GoAwayFrame(0, last_stream_id=stream - 2))
    result, server = run(behave)
    assert result.ends == {"complete": 30} and server.connections == 2, result


def abrupt(peer, stream):
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


@pytest.mark.parametrize("behave", [abrupt, lambda peer, stream: False], ids=["RST", "FIN"])
def test_a_connection_that_ends_ends_all_its_streams_at_once(behave):
    result, _ = run(behave)
    assert result.ends == {"reset": 30}, result


def test_settings_may_change_under_way():
    def behave(peer, stream):
        if peer.requests == 2:
            peer.send(frames.SettingsFrame(0, settings={3: 1, 4: 0}))
        peer.answer(stream)
    assert run(behave)[0].ends == {"complete": 30}


def test_a_server_that_allows_no_stream_is_named_and_one_that_does_so_later_is_waited_for():
    with HostileServer(None, {3: 0}) as server:
        result = bench(server.url, "--timeout", "2s", requests=5, http=2, quiet=True)
    assert result.code == 1 and server.requests == 0, result
    assert "allows no stream" in result.errors and "allows no stream" in result.report["failure"], result

    class Shy(HostileServer):
        def greet(self, connection):
            connection.send(frames.SettingsFrame(0, settings={3: 0}))
            time.sleep(0.5)
            connection.send(frames.SettingsFrame(0, settings={3: 4}))
    with Shy(lambda peer, stream: peer.answer(stream)) as server:
        result = bench(server.url, requests=30, concurrency=10, http=2, quiet=True)
    assert result.code == 0 and result.ends == {"complete": 30} and server.connections == 3, result


def test_streams_that_wait_for_a_server_that_allows_none_any_more_are_counted():
    class Leaving(HostileServer):
        def greet(self, connection):
            connection.send(frames.SettingsFrame(0, settings={3: 0} if self.connections > 1 else {}))

    def behave(peer, stream):
        more = [frames.SettingsFrame(0, settings={3: 0})] if peer.requests == 10 else []
        peer.send(*more, peer.head(stream), peer.data(stream))
    with Leaving(behave) as server:
        result = bench(server.url, "--timeout", "2s", requests=13, concurrency=1, http=2, quiet=True)
    assert result.code == 1 and result.ends == {"complete": 10, "no_streams": 3} and server.requests == 10, result


def test_a_stream_that_is_whole_and_never_ends_is_whole_and_noted():
    result, _ = run(lambda peer, stream: peer.send(peer.head(stream), peer.data(stream, ends=False)), requests=4, concurrency=4)
    assert result.ends == {"complete": 4} and result.target["endless_bodies"] == 4, result


def test_interim_answers_and_trailers_are_passed_over():
    def behave(peer, stream):
        peer.send(peer.head(stream, ((":status", "103"), ("link", "</a>"))), peer.head(stream, ((":status", "100"),)),
                  peer.head(stream), peer.data(stream, ends=False), peer.head(stream, (("x-sum", "1"),), ends=True))
    assert run(behave)[0].ends == {"complete": 30}


def test_a_head_of_any_size_is_no_answer():
    def behave(peer, stream):
        block = peer.encoder.encode([*SSE, ("x-long", "y" * 200_000)], huffman=False)
        pieces = [block[start:start + 16_000] for start in range(0, len(block), 16_000)]
        peer.send(frames.HeadersFrame(stream, pieces[0]), *[frames.ContinuationFrame(stream, piece) for piece in pieces[1:-1]],
                  frames.ContinuationFrame(stream, pieces[-1], flags=["END_HEADERS"]))
    assert run(behave)[0].ends == {"reset": 30}
